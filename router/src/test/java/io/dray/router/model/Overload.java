package io.dray.router.model;

import com.google.protobuf.ByteString;
import io.dray.router.dispatch.DispatchSettings;
import io.dray.router.dispatch.NewTask;
import io.dray.router.fleet.Worker;
import io.dray.router.tasks.AttemptKey;
import io.dray.router.tasks.Submission;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.router.v1.Resources;
import io.dray.router.v1.RetryPolicy;
import io.dray.router.v1.TaskSpec;
import io.dray.types.v1.Priority;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * A run without faults but with more work than slots, of all priorities and two capabilities that the same worker offers:
 * no task that could be placed is passed over more often than the bound says.
 */
final class Overload {
    private static final Duration AGEING = Duration.ofMillis(250);
    private static final int BANDS = 4;
    private static final int GROUPS = BANDS * Callers.CAPABILITIES.size();
    /** From its turn on a group is passed over at most so often, less one, before it is owed a placement. */
    private static final int SHARE = 8;

    private static final long PATIENCE = 6;
    private static final int MAX_ROUNDS = 1_000;
    private static final Duration STEP = Duration.ofMillis(150);

    /** A task that is ready; counts what was placed since its turn. */
    private static final class Ready {
        private final String group;
        private final long turnMicros;
        private final long deadlineMicros;
        private final long id;
        private long byOthers;
        private long earlier;

        Ready(TaskSnapshot task) {
            Submission submission = task.submission();
            int band = submission.spec().getPriorityValue() - 1;
            long horizonMicros = PATIENCE * Math.max(1, band) * AGEING.toNanos() / 1_000;
            group = submission.spec().getCapability() + band;
            deadlineMicros = submission.deadlineMicros();
            turnMicros = Math.min(deadlineMicros, submission.readyMicros() + horizonMicros);
            id = submission.id();
        }

        boolean isBefore(Ready other) {
            return turnMicros < other.turnMicros || (turnMicros == other.turnMicros && id < other.id);
        }
    }

    private final SplittableRandom random;
    private final Stage stage;
    private final PlayedRouter router;
    private final PlayedHost host;
    private final Map<Long, Ready> ready = new TreeMap<>();
    private final Map<Long, TaskSnapshot> placed = new TreeMap<>();
    private int payloads;

    private Overload(long seed, boolean tracing) {
        random = new SplittableRandom(seed);
        stage = Stage.of(World.LEASE, tracing);
        DispatchSettings settings = new DispatchSettings(World.LEASE, 16, AGEING, 10_000, 1 << 20);
        router = new PlayedRouter(stage, settings, Duration.ZERO, random.nextLong());
        host = new PlayedHost("n", List.of(new Worker("w/1@n", Callers.CAPABILITIES, 2)), 1, stage);
        settle();
        host.connect(router, true);
        settle();
    }

    /** Plays so many steps of a seed; returns what it saw. */
    static Ledger play(long seed, int steps, boolean tracing) {
        Overload overload = new Overload(seed, tracing);
        for (int step = 1; step <= steps && overload.stage.ledger().broken() == null; step++) {
            overload.stage.ledger().step(step);
            overload.step();
        }
        return overload.stage.ledger();
    }

    /** As much as can be done of what is urgent, and the rest on top. */
    private void step() {
        for (int i = 0; i < 2; i++) {
            if (random.nextInt(10) < 6) {
                submit(random.nextInt(10) < 6 ? random.nextInt(2) : random.nextInt(BANDS));
            }
        }
        boolean isTaken = random.nextInt(12) > 0;
        AttemptKey ended = host.endOne(random, isTaken);
        if (ended != null && !isTaken) {
            ready.put(ended.taskId(), new Ready(Objects.requireNonNull(placed.get(ended.taskId()), "placed")));
        }
        host.report();
        settle();
        for (long left = STEP.toMillis(); left > 0; left -= 50) {
            stage.clock().advance(Duration.ofMillis(50));
            router.store().renew();
            settle();
        }
    }

    private void submit(int band) {
        TaskSpec.Builder spec = TaskSpec.newBuilder()
                .setCapability(Callers.CAPABILITIES.get(random.nextInt(Callers.CAPABILITIES.size())))
                .setQueue("default")
                .setPool("default")
                .setPriority(Priority.forNumber(band + 1))
                .setResources(Resources.newBuilder().setCpuMillis(100).setMemoryBytes(1 << 20))
                .setRetry(RetryPolicy.newBuilder().setMaxAttempts(1));
        if (random.nextInt(3) == 0) {
            spec.setDeadline(stage.reference().in(Duration.ofMillis(random.nextLong(500, 9_000))));
        }
        List<NewTask> tasks = List.of(new NewTask(
                spec.build(), ByteString.EMPTY, "default", "uid:1", ByteString.copyFromUtf8("" + ++payloads)));
        var _ = router.dispatcher()
                .submit(tasks)
                .thenAccept(outcome -> stage.promises().onSubmitted(tasks, outcome));
        settle();
    }

    private void settle() {
        for (int round = 0; round < MAX_ROUNDS && router.runAll() + host.hearAll() > 0; round++) {
            // Each may have given the other something.
        }
        stage.reference().takeInserted().forEach(task -> ready.put(task.id(), new Ready(task)));
        stage.promises().takeAssigned().forEach(this::onPlaced);
    }

    private void onPlaced(TaskSnapshot task) {
        placed.put(task.id(), task);
        Ready now = ready.remove(task.id());
        if (now == null) {
            return;
        }
        long atMicros = Objects.requireNonNull(task.attempts().last(), "last").assignedMicros();
        if (now.turnMicros < atMicros) {
            stage.ledger().count("placements of tasks whose turn had come");
        }
        ready.values().forEach(waiting -> see(waiting, now, atMicros));
    }

    /** Counts a placement for a task that waits; one that its own group should have made later is none it may see. */
    private void see(Ready waiting, Ready now, long atMicros) {
        if (waiting.deadlineMicros <= atMicros) {
            return;
        }
        if (now.group.equals(waiting.group)) {
            stage.ledger().check(now.isBefore(waiting), "a band is served by its turns", waiting.id);
            waiting.earlier += waiting.turnMicros < atMicros ? 1 : 0;
        } else if (waiting.turnMicros < atMicros) {
            waiting.byOthers++;
            long bound = (waiting.earlier + 1) * (SHARE + GROUPS - 2);
            stage.ledger().check(waiting.byOthers <= bound, "no task is passed over more often than bound", waiting.id);
        }
    }
}
