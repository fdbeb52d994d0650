package io.dray.router.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import io.dray.core.testing.ManualLoop;
import io.dray.router.balance.Balancer;
import io.dray.router.fleet.Assignment;
import io.dray.router.store.Store;
import io.dray.router.store.StoreThread;
import io.dray.router.tasks.Micros;
import io.dray.router.tasks.Outcome;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.router.v1.Resources;
import io.dray.router.v1.RetryPolicy;
import io.dray.router.v1.TaskSpec;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.dray.types.v1.Priority;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** A dispatcher driven by hand: one loop for its thread, one for the store's, a settable clock for both. */
final class DispatcherHarness {
    static final java.time.Duration LEASE = java.time.Duration.ofSeconds(5);
    static final java.time.Duration TICK = java.time.Duration.ofMillis(100);

    private final Store store;
    private final DispatchSettings settings;
    private final List<Assignment> assignments = new ArrayList<>();
    private ManualLoop loop = new ManualLoop();
    private ManualLoop storeLoop = new ManualLoop();
    private SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private CompletableFuture<Boolean> started = new CompletableFuture<>();
    private StoreThread storeThread;
    private Dispatcher dispatcher;

    DispatcherHarness(Store store) {
        this(store, new DispatchSettings(LEASE, 16, java.time.Duration.ofSeconds(5), 1_000, 1 << 20));
    }

    DispatcherHarness(Store store, DispatchSettings settings) {
        this.store = store;
        this.settings = settings;
        this.storeThread = new StoreThread(store, storeLoop);
        this.dispatcher = start();
    }

    private Dispatcher start() {
        var clock = loop.clock();
        Dispatcher fresh = new Dispatcher(
                settings,
                new Time(clock, clock::nanoTime),
                loop,
                storeThread,
                new Balancer(new SplittableRandom(7)),
                new SplittableRandom(8),
                new DispatchMeters(registry));
        started = fresh.start();
        return fresh;
    }

    DispatcherHarness opened() {
        settle();
        return this;
    }

    /** Forgets the dispatcher and everything it had in memory, as a crash does, and starts another on the same store. */
    void crash() {
        var clock = loop.clock();
        loop = new ManualLoop(clock);
        storeLoop = new ManualLoop(clock);
        registry = new SimpleMeterRegistry();
        storeThread = new StoreThread(store, storeLoop);
        dispatcher = start();
    }

    /** Asks the store whether it has room. */
    void lookForRoom() {
        storeThread.lookForRoom();
        settle();
    }

    /** Returns how the newest dispatcher's start ended. */
    CompletableFuture<Boolean> started() {
        return started;
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    SimpleMeterRegistry registry() {
        return registry;
    }

    long nowMicros() {
        var now = loop.clock().instant();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
    }

    /** Returns all assignments that left, to whatever node, in order. */
    List<Assignment> assignments() {
        return assignments;
    }

    /** Runs both threads until neither has anything to do. */
    void settle() {
        while (loop.runReady() + storeLoop.runReady() > 0) {
            // Each may have given the other something.
        }
    }

    /** Runs the dispatcher's thread alone: nothing is committed meanwhile. */
    void runDispatcherOnly() {
        loop.runReady();
    }

    /** Lets time pass in small steps, so that commits keep up. */
    void pass(java.time.Duration time) {
        for (long left = time.toMillis(); left > 0; left -= TICK.toMillis()) {
            settle();
            loop.advance(TICK);
            settle();
        }
    }

    /** Lets time pass in which the dispatcher's thread does not run at all. */
    void standStill(java.time.Duration time) {
        settle();
        loop.clock().advance(time);
        settle();
    }

    PlayedNode node(String name) {
        return new PlayedNode(dispatcher, assignments, name, 1);
    }

    PlayedNode node(String name, long incarnation) {
        return new PlayedNode(dispatcher, assignments, name, incarnation);
    }

    static TaskSpec.Builder spec(String capability) {
        return TaskSpec.newBuilder()
                .setCapability(capability)
                .setQueue("default")
                .setPool("default")
                .setPriority(Priority.PRIORITY_NORMAL)
                .setResources(Resources.newBuilder().setCpuMillis(100).setMemoryBytes(1 << 20))
                .setRetry(RetryPolicy.newBuilder()
                        .setMaxAttempts(3)
                        .setInitialBackoff(Duration.newBuilder().setSeconds(1))
                        .setMaxBackoff(Duration.newBuilder().setSeconds(30))
                        .setJitterPercent(0));
    }

    static NewTask task(TaskSpec spec) {
        return new NewTask(
                spec, ByteString.copyFromUtf8("payload"), "default", "uid:1", ByteString.copyFrom(spec.toByteArray()));
    }

    CompletableFuture<Outcome<List<Submitted>>> submitLater(NewTask... tasks) {
        return dispatcher.submit(List.of(tasks));
    }

    TaskSnapshot submit(String capability) {
        return submit(capability, spec -> spec);
    }

    TaskSnapshot submit(String capability, UnaryOperator<TaskSpec.Builder> more) {
        var reply = submitLater(task(more.apply(spec(capability)).build()));
        settle();
        return done(reply).getFirst().task();
    }

    static <R> R done(CompletableFuture<Outcome<R>> reply) {
        assertThat(reply).isCompleted();
        if (reply.join() instanceof Outcome.Done<R>(R value)) {
            return value;
        }
        throw new AssertionError("refused: " + reply.join());
    }

    static <R> Error refused(CompletableFuture<Outcome<R>> reply) {
        assertThat(reply).isCompleted();
        if (reply.join() instanceof Outcome.Refused<R>(Error error)) {
            return error;
        }
        throw new AssertionError("not refused: " + reply.join());
    }

    static <R> Code code(CompletableFuture<Outcome<R>> reply) {
        return refused(reply).getCode();
    }

    /** Returns a live task as its readers see it. */
    Optional<TaskSnapshot> find(TaskSnapshot task) {
        var reply = dispatcher.find(task.id());
        settle();
        return done(reply);
    }

    TaskSpec.Builder withDeadlineIn(TaskSpec.Builder spec, java.time.Duration time) {
        return spec.setDeadline(Micros.timestamp(nowMicros() + time.toMillis() * 1_000));
    }
}
