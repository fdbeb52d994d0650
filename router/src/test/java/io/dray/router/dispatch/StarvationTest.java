package io.dray.router.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.core.wire.MeshError;
import io.dray.router.fleet.Assignment;
import io.dray.router.fleet.Worker;
import io.dray.router.tasks.AttemptEvent;
import io.dray.router.tasks.AttemptKey;
import io.dray.router.tasks.Submission;
import io.dray.router.tasks.TaskQueue;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.router.v1.TaskSpec;
import io.dray.types.v1.Code;
import io.dray.types.v1.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * More work than slots, of all priorities and two capabilities that the same workers offer, with deadlines, retries and
 * rejections: every task is placed within the bound that {@link Ageing} states.
 */
class StarvationTest {
    private static final int GROUPS = 2 * TaskQueue.BANDS;
    private static final int STEPS = 1_500;
    private static final List<String> CAPABILITIES = List.of("digest", "index");

    /** A task that is ready; counts what was placed since its turn. */
    private static final class Ready {
        private final String group;
        private final long turnMicros;
        private final long deadlineMicros;
        private final long id;
        private long byOthers;
        private long earlier;

        Ready(TaskSnapshot task, TaskQueue order) {
            Submission submission = task.submission();
            int band = submission.spec().getPriorityValue() - 1;
            group = submission.spec().getCapability() + band;
            deadlineMicros = submission.deadlineMicros();
            turnMicros = Math.min(deadlineMicros, submission.readyMicros() + order.horizonMicros(band));
            id = submission.id();
        }

        /** Counts a placement; one that its own group should have made later is none it may see. */
        void sees(Ready placed, long atMicros, String why) {
            if (deadlineMicros <= atMicros) {
                return;
            }
            boolean isBefore = placed.turnMicros < turnMicros || (placed.turnMicros == turnMicros && placed.id < id);
            if (placed.group.equals(group)) {
                assertThat(isBefore).as(why).isTrue();
                earlier += turnMicros < atMicros ? 1 : 0;
            } else if (turnMicros < atMicros) {
                byOthers++;
                assertThat(byOthers).as(why).isLessThanOrEqualTo(Ageing.bound(GROUPS, earlier));
            }
        }
    }

    private final TaskQueue order = new TaskQueue(Duration.ofSeconds(5));
    private final DispatcherHarness harness = new DispatcherHarness(
                    new MemoryStore(),
                    new DispatchSettings(DispatcherHarness.LEASE, 16, Duration.ofSeconds(5), 100_000, 1 << 20))
            .opened();
    private final Map<Long, TaskSnapshot> tasks = new HashMap<>();
    private final Map<Long, Ready> ready = new HashMap<>();
    private final List<AttemptKey> running = new ArrayList<>();
    private int seen;
    private int due;
    private long most;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 20261122})
    void noTaskIsPassedOverMoreOftenThanTheBoundSays(long seed) {
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        PlayedNode node = harness.node("n");
        node.join(List.of(new Worker("w/1@n", CAPABILITIES, 2)), 4_000);
        harness.settle();
        for (int step = 0; step < STEPS; step++) {
            submitSome(random, node, seed);
            endOne(random, node);
            node.report(running.toArray(AttemptKey[]::new));
            harness.pass(Duration.ofMillis(200));
            take(node, seed);
            running.removeAll(node.cancels());
        }

        assertThat(due).as("placements of tasks whose turn had come").isGreaterThan(STEPS / 10);
        System.out.println(due + " were due, passed over up to " + most + " times per placement of their group");
    }

    /** As much as can be done of what is urgent, and the rest on top. */
    private void submitSome(SplittableRandom random, PlayedNode node, long seed) {
        for (int i = 0; i < 2; i++) {
            int band = random.nextInt(10) < 6 ? random.nextInt(2) : random.nextInt(TaskQueue.BANDS);
            if (random.nextInt(10) < 6) {
                submit(random, band);
                take(node, seed);
            }
        }
    }

    private void submit(SplittableRandom random, int band) {
        TaskSnapshot task = harness.submit(CAPABILITIES.get(random.nextInt(2)), spec -> {
            spec.setPriority(Priority.forNumber(band + 1));
            return withTimes(random, spec);
        });
        tasks.put(task.id(), task);
        ready.put(task.id(), new Ready(task, order));
    }

    private TaskSpec.Builder withTimes(SplittableRandom random, TaskSpec.Builder spec) {
        return random.nextInt(3) == 0
                ? harness.withDeadlineIn(spec, Duration.ofMillis(random.nextLong(5_000, 90_000)))
                : spec;
    }

    private void endOne(SplittableRandom random, PlayedNode node) {
        if (running.isEmpty()) {
            return;
        }
        AttemptKey attempt = running.remove(random.nextInt(running.size()));
        if (random.nextInt(12) > 0) {
            node.event(attempt, new AttemptEvent.Succeeded(ByteString.EMPTY));
            return;
        }
        node.event(attempt, new AttemptEvent.Rejected(MeshError.of(Code.CODE_NO_ROOM, "no room")));
        ready.put(attempt.taskId(), new Ready(Objects.requireNonNull(tasks.get(attempt.taskId())), order));
    }

    private void take(PlayedNode node, long seed) {
        for (; seen < node.assignments().size(); seen++) {
            Assignment assignment = node.assignments().get(seen);
            long id = assignment.task().id();
            running.add(new AttemptKey(id, assignment.task().attempts().token()));
            Ready placed = Objects.requireNonNull(ready.remove(id));
            long atMicros =
                    Objects.requireNonNull(assignment.task().attempts().last()).assignedMicros();
            String why = "seed " + seed + ", when task " + id + " of " + placed.group + " was placed";
            if (placed.turnMicros < atMicros) {
                due++;
                most = Math.max(most, placed.byOthers / (placed.earlier + 1));
            }
            ready.values().forEach(waiting -> waiting.sees(placed, atMicros, why));
        }
    }
}
