package io.dray.router.model;

import io.dray.core.testing.ManualLoop;
import io.dray.core.testing.SettableClock;
import io.dray.router.balance.Balancer;
import io.dray.router.dispatch.DispatchMeters;
import io.dray.router.dispatch.DispatchSettings;
import io.dray.router.dispatch.Dispatcher;
import io.dray.router.dispatch.Time;
import io.dray.router.store.StoreThread;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;

/** One process of a router: the production dispatcher on two loops that run when the schedule says so. */
final class PlayedRouter {
    private static final int MAX_TURNS = 10_000;

    private final SettableClock clock;
    private final ManualLoop loop;
    private final ManualLoop storeLoop;
    private final PlayedStore store;
    private final Dispatcher dispatcher;
    private final Reference reference;
    private Duration wallAhead;
    private long stoppedUntilNanos;
    private boolean dead;

    PlayedRouter(Stage stage, DispatchSettings settings, Duration wallAhead, long seed) {
        this.clock = stage.clock();
        this.reference = stage.reference();
        this.wallAhead = wallAhead;
        this.loop = new ManualLoop(clock);
        this.storeLoop = new ManualLoop(clock);
        this.store = new PlayedStore(stage.database(), reference, stage.ledger());
        this.dispatcher = new Dispatcher(
                settings,
                new Time(this::wall, clock::nanoTime),
                loop,
                new StoreThread(store, storeLoop),
                new Balancer(new SplittableRandom(seed)),
                new SplittableRandom(seed + 1),
                new DispatchMeters(new CompositeMeterRegistry()));
        var _ = dispatcher.start();
    }

    private Instant wall() {
        reference.sawWall(wallMicros());
        return clock.instant().plus(wallAhead);
    }

    long wallMicros() {
        Instant now = clock.instant().plus(wallAhead);
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    PlayedStore store() {
        return store;
    }

    Duration wallAhead() {
        return wallAhead;
    }

    /** Somebody sets this machine's wall clock. */
    void jump(Duration by) {
        wallAhead = wallAhead.plus(by);
    }

    /** Everything in memory is lost; of the writes that wait for the store the first few may still happen. */
    void crash(int lastWrites) {
        for (int left = lastWrites; left > 0 && storeLoop.waiting() > 0; left--) {
            storeLoop.runOne();
        }
        dead = true;
    }

    boolean isDead() {
        return dead;
    }

    /** SIGSTOP for a while; what it hears meanwhile waits. */
    void stopFor(Duration time) {
        stoppedUntilNanos = clock.nanoTime() + time.toNanos();
    }

    void goOn() {
        stoppedUntilNanos = 0;
    }

    boolean isRunning() {
        return !dead && stoppedUntilNanos <= clock.nanoTime();
    }

    /** Runs until nothing is left to do, or for so long that this cannot be right; returns how much it was. */
    int runAll() {
        int ran = 0;
        while (isRunning() && ran < MAX_TURNS && (loop.runOne() || storeLoop.runOne())) {
            ran++;
        }
        return ran;
    }

    void runDispatcher() {
        if (isRunning()) {
            loop.runReady();
        }
    }

    void runOne(boolean ofStore) {
        if (isRunning()) {
            (ofStore ? storeLoop : loop).runOne();
        }
    }
}
