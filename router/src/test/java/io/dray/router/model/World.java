package io.dray.router.model;

import io.dray.core.testing.SettableClock;
import io.dray.router.dispatch.DispatchSettings;
import io.dray.router.fleet.Worker;
import io.dray.router.model.PlayedStore.Trouble;
import io.dray.router.tasks.AttemptKey;
import io.dray.router.tasks.Limit;
import io.dray.router.tasks.Limit.Scope;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.router.tasks.TaskState.Held;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Everything of one run: a clock, the database, routers, hosts and callers, and the random schedule that moves them. One
 * thread, one seed, one schedule; the first steps of a longer run are those of a shorter one.
 */
final class World {
    static final Duration LEASE = Duration.ofSeconds(2);
    private static final Duration TICK = Duration.ofMillis(100);
    private static final int RENEWAL_TICKS = 3;
    private static final int HOSTS = 3;
    private static final int MAX_LIVE_TASKS = 16;
    private static final int ROUNDS_TO_FINISH = 300;
    private static final int MAX_ROUNDS = 1_000;
    /** Enough to take the pool, read it and look at every deadline. */
    private static final Duration TO_RECOVER = Duration.ofSeconds(5);

    private static final Duration LATE = Duration.ofMillis(500);
    private static final DispatchSettings SETTINGS =
            new DispatchSettings(LEASE, 4, Duration.ofMillis(500), MAX_LIVE_TASKS, 64);

    private final SplittableRandom random;
    private final Stage stage;
    private final SettableClock clock;
    private final Ledger ledger;
    private final Database database;
    private final Callers callers;
    private final List<PlayedRouter> routers = new ArrayList<>();
    private final List<PlayedHost> hosts = new ArrayList<>();
    /** One router whose lock on the store's file is free at once when it dies, as with SQLite. */
    private final boolean isEmbedded;

    private int ticks;
    private int incarnations;

    private World(long seed, boolean tracing) {
        random = new SplittableRandom(seed);
        stage = Stage.of(LEASE, tracing);
        clock = stage.clock();
        ledger = stage.ledger();
        database = stage.database();
        callers = new Callers(stage, random.split());
        isEmbedded = random.nextInt(3) == 0;
        for (int i = 0; i < (isEmbedded ? 1 : 2); i++) {
            routers.add(router(Duration.ZERO));
        }
        for (int i = 0; i < HOSTS; i++) {
            hosts.add(new PlayedHost("n" + i, workers("n" + i, i), incarnation(), stage));
        }
    }

    /** Plays so many steps of a seed and then lets everything end; returns what it saw. */
    static Ledger play(long seed, int steps, boolean tracing) {
        World world = new World(seed, tracing);
        world.begin();
        for (int step = 1; step <= steps && world.ledger.broken() == null; step++) {
            world.ledger.step(step);
            world.act();
            world.runSome();
        }
        if (world.ledger.broken() == null) {
            world.finish();
        }
        return world.ledger;
    }

    private static List<Worker> workers(String host, int number) {
        Worker both = new Worker("w/1@" + host, Callers.CAPABILITIES, 2);
        Worker one = new Worker("v/1@" + host, List.of(Callers.CAPABILITIES.get(number % 2)), 1);
        return List.of(both, one);
    }

    private PlayedRouter router(Duration wallAhead) {
        return new PlayedRouter(stage, SETTINGS, wallAhead, random.nextLong());
    }

    private long incarnation() {
        return clock.instant().toEpochMilli() * 1_000_000 + ++incarnations;
    }

    // -- the schedule --

    private void begin() {
        settle();
        hosts.forEach(host -> host.connect(leader(), true));
        settle();
    }

    private void act() {
        PlayedHost host = hosts.get(random.nextInt(hosts.size()));
        switch (random.nextInt(20)) {
            case 0, 1 -> callers.submit(anyRouter());
            case 2 -> callers.submitBatch(anyRouter());
            case 3, 4, 5, 6, 7 -> host.work(random);
            case 8, 9 -> answer();
            case 10 -> call();
            case 11 -> hosts.forEach(PlayedHost::report);
            case 12, 13, 14 -> pass(Duration.ofMillis(random.nextInt(50, 1_200)));
            case 15 -> connect(host);
            case 16, 17 -> trouble(host);
            default -> visit(host);
        }
    }

    private void call() {
        PlayedRouter router = anyRouter();
        if (database.tasks().isEmpty()) {
            return;
        }
        long id = callers.anyTask();
        if (random.nextBoolean()) {
            callers.cancel(router, id);
            hosts.forEach(host -> host.goOnWith(id));
        }
        callers.find(router, id);
    }

    /** Sometimes the worker's host goes before it hears the answer. */
    private void answer() {
        String node = callers.answerOne(anyRouter());
        boolean isLate = random.nextInt(3) == 0;
        for (PlayedHost host : hosts) {
            if (isLate && host.name().equals(node)) {
                host.disconnect();
            }
        }
    }

    /** The database is away for a moment in which nothing is written, but hosts want to know of old attempts. */
    private void blink(PlayedHost host, PlayedRouter router) {
        settle();
        router.store().meets(Trouble.AWAY);
        host.haunt(random);
        settle();
        router.store().meets(Trouble.NONE);
    }

    private void visit(PlayedHost host) {
        switch (random.nextInt(6)) {
            case 0 -> host.haunt(random);
            case 1 -> host.resend();
            case 2, 3 -> routers.forEach(each -> each.store().meets(Trouble.NONE));
            default -> host.work(random);
        }
    }

    /** What does not go as it should. */
    private void trouble(PlayedHost host) {
        PlayedRouter router = anyRouter();
        int kind = random.nextInt(17);
        ledger.trace(() -> "trouble " + kind + " at " + host.name() + " or router " + routers.indexOf(router));
        switch (kind) {
            case 0, 1 -> crash(router);
            case 2 -> stop(router);
            case 3 -> router.store().meets(Trouble.AWAY);
            case 4 -> router.store().meets(Trouble.FULL);
            case 5 -> router.store().meets(Trouble.ANSWER_LOST);
            case 6 -> router.store().meets(Trouble.WRITE_LOST);
            case 7, 8 -> routers.forEach(each -> each.store().meets(Trouble.NONE));
            case 9 -> loseHost(host);
            case 10 -> host.disconnect();
            case 11 -> host.mute(random.nextInt(3) > 0);
            case 12 -> router.jump(Duration.ofMillis(random.nextLong(-4_000, 20_000)));
            case 13 -> limit();
            case 14 -> cordon(host);
            case 15 -> blink(host, leader());
            default -> pass(Duration.ofMillis(random.nextInt(2_000, 5_000)));
        }
    }

    private PlayedRouter anyRouter() {
        return routers.get(random.nextInt(routers.size()));
    }

    private void crash(PlayedRouter router) {
        ledger.count("crashes");
        router.crash(random.nextInt(4));
        if (isEmbedded) {
            database.release();
        }
        routers.set(routers.indexOf(router), router(router.wallAhead()));
        for (PlayedHost host : hosts) {
            if (host.isOnLineTo(router)) {
                host.onLineEnd();
            }
        }
    }

    /** The dispatcher and the renewal of the pool stand still; what owns the pool meanwhile is another. */
    private void stop(PlayedRouter router) {
        ledger.count("stops");
        router.stopFor(Duration.ofMillis(random.nextInt(300, 8_000)));
    }

    private void loseHost(PlayedHost host) {
        if (host.isUp()) {
            host.die();
        } else {
            host.come(incarnation());
        }
    }

    /** A host turns to a router: the one that serves, or another one. */
    private void connect(PlayedHost host) {
        if (!host.isUp()) {
            host.come(incarnation());
        }
        PlayedRouter router = random.nextInt(4) == 0 ? anyRouter() : leader();
        if (!host.isConnected() || !host.isOnLineTo(router) || random.nextInt(4) == 0) {
            host.connect(router, random.nextBoolean());
        }
    }

    private PlayedRouter leader() {
        return routers.stream()
                .filter(each -> each.store().isOwner())
                .findFirst()
                .orElseGet(this::anyRouter);
    }

    /** Changed where nothing is under way, so that it is clear what was placed under which limit. */
    private void limit() {
        Scope scope = random.nextBoolean() ? Scope.QUEUE : Scope.CAPABILITY;
        List<String> names = scope == Scope.QUEUE ? Callers.QUEUES : Callers.CAPABILITIES;
        String name = names.get(random.nextInt(names.size()));
        int rate = random.nextInt(3) == 0 ? random.nextInt(1, 4) : 0;
        Limit limit = new Limit(scope, name, random.nextInt(4), rate, rate == 0 ? 0 : random.nextInt(rate), false);
        PlayedRouter leader = leader();
        if (!leader.isRunning()) {
            return;
        }
        settle();
        var reply = leader.dispatcher().setLimit(limit);
        settle();
        ledger.trace(() -> "limit " + limit);
        if (reply.isDone()) {
            ledger.count("limits");
        }
    }

    private void cordon(PlayedHost host) {
        boolean isCordoned = random.nextInt(3) > 0;
        boolean isDrained = isCordoned && random.nextBoolean();
        PlayedRouter leader = leader();
        if (!leader.isRunning()) {
            return;
        }
        settle();
        if (isDrained) {
            for (TaskSnapshot task : database.tasks()) {
                if (task.state() instanceof Held held && held.hold().node().equals(host.name())) {
                    stage.reference()
                            .onMoved(new AttemptKey(task.id(), held.hold().token()));
                }
            }
        }
        var _ = leader.dispatcher().cordon(host.name(), isCordoned, isDrained);
        settle();
    }

    // -- time and turns --

    private void runSome() {
        switch (random.nextInt(8)) {
            case 0 -> {
                // Nobody has a turn.
            }
            case 1 -> routers.forEach(PlayedRouter::runDispatcher);
            case 2 -> {
                for (int i = random.nextInt(12); i > 0; i--) {
                    anyRouter().runOne(random.nextBoolean());
                }
            }
            case 3 -> hosts.forEach(PlayedHost::hearOne);
            default -> settle();
        }
    }

    private void settle() {
        int rounds = 0;
        while (rounds < MAX_ROUNDS && runAll() > 0) {
            rounds++;
        }
        ledger.check(rounds < MAX_ROUNDS, "all come to rest", () -> MAX_ROUNDS + " rounds");
    }

    private int runAll() {
        int ran = 0;
        for (PlayedRouter router : routers) {
            ran += router.runAll();
        }
        for (PlayedHost host : hosts) {
            ran += host.hearAll();
        }
        return ran;
    }

    private void pass(Duration time) {
        for (long left = time.toMillis(); left > 0; left -= TICK.toMillis()) {
            clock.advance(TICK);
            ticks++;
            if (ticks % RENEWAL_TICKS == 0) {
                routers.stream()
                        .filter(PlayedRouter::isRunning)
                        .forEach(router -> router.store().renew());
            }
            if (random.nextInt(4) == 0) {
                hosts.forEach(PlayedHost::report);
            }
            if (random.nextInt(4) > 0) {
                settle();
            } else {
                routers.forEach(PlayedRouter::runDispatcher);
            }
        }
    }

    // -- the end --

    /** All faults are over: whatever is left ends now. */
    private void finish() {
        ledger.trace(() -> "the faults are over");
        routers.forEach(router -> {
            router.goOn();
            router.store().meets(Trouble.NONE);
        });
        for (PlayedHost host : hosts) {
            host.mute(false);
            if (!host.isUp()) {
                host.come(incarnation());
            }
        }
        pass(TO_RECOVER);
        settle();
        checkDeadlines(leader());
        for (int round = 0; round < ROUNDS_TO_FINISH && ledger.broken() == null && !isFinished(); round++) {
            finishRound();
        }
        stage.promises().onFinished();
        ledger.check(callers.unanswered().isEmpty(), "every call is answered", callers::unanswered);
        for (PlayedHost host : hosts) {
            ledger.check(host.isIdle(), "every event is receipted", host::waitsFor);
        }
    }

    private void checkDeadlines(PlayedRouter leader) {
        long late = leader.wallMicros() - LATE.toNanos() / 1_000;
        for (TaskSnapshot task : database.tasks()) {
            boolean isExpired = task.submission().deadlineMicros() <= late
                    || (task.attempts().token() == 0 && task.submission().queueUntilMicros() <= late);
            ledger.check(task.isEnded() || !isExpired, "what is past its deadline has ended", task.id());
        }
    }

    private void finishRound() {
        PlayedRouter leader = leader();
        for (PlayedHost host : hosts) {
            if (!host.isConnected() || !host.isOnLineTo(leader)) {
                host.connect(leader, true);
            }
            if (database.cordoned().contains(host.name())) {
                var _ = leader.dispatcher().cordon(host.name(), false, false);
            }
            host.finish();
        }
        callers.answerAll(leader);
        pass(Duration.ofMillis(500));
        settle();
    }

    private boolean isFinished() {
        return !callers.isSomethingOpen()
                && callers.unanswered().isEmpty()
                && hosts.stream().allMatch(PlayedHost::isIdle);
    }
}
