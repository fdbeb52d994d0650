package io.dray.router.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.router.tasks.Limit.Scope;
import io.dray.router.tasks.TaskState.Pending;
import io.dray.router.v1.Placement;
import io.dray.router.v1.Resources;
import io.dray.router.v1.TaskSpec;
import io.dray.types.v1.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskQueueTest {
    private static final long SECOND = 1_000_000;
    private static final int NORMAL = 2;

    private final TaskQueue queue = new TaskQueue(Duration.ofSeconds(5));
    private long lastId;

    private TaskEntry entry(TaskSpec.Builder spec, long submittedMicros) {
        Submission submission = new Submission(
                ++lastId,
                spec.setPriority(Priority.PRIORITY_NORMAL).build(),
                "default",
                "",
                ByteString.EMPTY,
                submittedMicros);
        return new TaskEntry(TaskSnapshot.submitted(submission, new Pending()), null);
    }

    private TaskEntry add(TaskSpec.Builder spec, long submittedMicros) {
        TaskEntry entry = entry(spec, submittedMicros);
        queue.add(entry);
        return entry;
    }

    private static TaskSpec.Builder spec() {
        return TaskSpec.newBuilder().setCapability("digest").setQueue("default");
    }

    private List<TaskEntry> head(int window) {
        return queue.head("digest", NORMAL, window);
    }

    @Test
    void theEarliestDeadlineGoesFirstAndThenWhoeverIsOldest() {
        TaskEntry late = add(spec().setDeadline(Micros.timestamp(5_000 * SECOND)), 0);
        TaskEntry second = add(spec(), SECOND);
        TaskEntry soon = add(spec().setDeadline(Micros.timestamp(30 * SECOND)), 2 * SECOND);
        TaskEntry sooner = add(spec().setDeadline(Micros.timestamp(20 * SECOND)), 3 * SECOND);

        assertThat(head(10)).containsExactly(sooner, soon, late, second);
        assertThat(queue.first("digest", NORMAL)).isEqualTo(sooner);
    }

    @Test
    void noDeadlineOfALaterTaskGoesBeforeAnOldOne() {
        TaskEntry old = add(spec(), 0);
        long horizon = queue.horizonMicros(NORMAL);
        TaskEntry urgent = add(spec().setDeadline(Micros.timestamp(horizon + 1)), horizon);

        assertThat(horizon).isEqualTo(60 * SECOND);
        assertThat(head(10)).containsExactly(old, urgent);
    }

    @Test
    void whatWasTakenOutComesBackWhereItWas() {
        TaskEntry first = add(spec(), 0);
        TaskEntry second = add(spec(), SECOND);

        queue.remove(first);
        queue.add(first);

        assertThat(head(10)).containsExactly(first, second);
        assertThat(queue.size()).isEqualTo(2);
    }

    @Test
    void aClosedQueueLeavesTheOthersOfItsCapabilityAlone() {
        for (int i = 0; i < 100; i++) {
            add(spec().setQueue("slow"), i);
        }
        TaskEntry other = add(spec(), 500);
        queue.close(Scope.QUEUE, "slow");
        queue.takeAdded();

        assertThat(head(16)).containsExactly(other);
        assertThat(queue.heldBack(Scope.QUEUE, "slow")).isEqualTo(100);
        assertThat(queue.heldBack()).isEqualTo(100);

        queue.open(Scope.QUEUE, "slow");
        assertThat(head(16)).hasSize(16).doesNotContain(other);
        assertThat(queue.takeAdded()).containsExactly("digest");
        assertThat(queue.heldBack()).isZero();
    }

    @Test
    void aTaskIsHeldBackUntilBothItsQueueAndItsCapabilityAreOpen() {
        TaskEntry task = add(spec(), 0);
        queue.close(Scope.QUEUE, "default");
        queue.close(Scope.CAPABILITY, "digest");

        queue.open(Scope.QUEUE, "default");
        assertThat(head(1)).isEmpty();
        assertThat(queue.isHeldBack(task)).isTrue();
        assertThat(queue.heldBack()).isEqualTo(1);

        queue.open(Scope.CAPABILITY, "digest");
        assertThat(head(1)).containsExactly(task);
    }

    @Test
    void tasksThatWaitForALabelDoNotStandBeforeOthers() {
        for (int i = 0; i < 100; i++) {
            add(spec().setPlacement(Placement.newBuilder().putRequiredLabels("gpu", "yes")), i);
        }
        TaskEntry other = add(spec(), 500);

        assertThat(head(16)).hasSize(17).endsWith(other);
    }

    @Test
    void eachSizeHasItsOwnWindow() {
        for (int i = 0; i < 3; i++) {
            add(spec().setResources(Resources.newBuilder().setCpuMillis(64_000)), i);
            add(spec().setResources(Resources.newBuilder().setMemoryBytes(1L << 40)), 10 + i);
            add(spec().setResources(Resources.newBuilder().setCpuMillis(250).setMemoryBytes(256 << 20)), 20 + i);
            add(spec().setResources(Resources.newBuilder().setCpuMillis(100).setMemoryBytes(32 << 20)), 30 + i);
        }

        assertThat(head(2)).hasSize(6);
    }

    @Test
    void manyKindsShareSixteenWindows() {
        for (int kind = 0; kind < 100; kind++) {
            for (int i = 0; i < 10; i++) {
                add(spec().setPlacement(Placement.newBuilder().putExcludedLabels("host", "h" + kind)), 100 * i + kind);
            }
        }

        assertThat(head(16)).hasSize(200).startsWith(queue.first("digest", NORMAL));
        assertThat(head(4)).hasSize(64);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 20261122})
    void theHeadIsThatOfASortedList(long seed) {
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        List<TaskEntry> model = new ArrayList<>();
        Set<String> closed = new HashSet<>();
        for (int step = 0; step < 3_000; step++) {
            String name = "q" + random.nextInt(6);
            switch (random.nextInt(8)) {
                case 0, 1, 2, 3 -> model.add(add(random(random).setQueue(name), random.nextInt(1_000)));
                case 4, 5 -> removeOne(random, model);
                case 6 -> {
                    queue.close(Scope.QUEUE, name);
                    closed.add(name);
                }
                default -> {
                    queue.open(Scope.QUEUE, name);
                    closed.remove(name);
                }
            }
            assertThat(head(16)).isEqualTo(expected(model, closed));
        }
        model.forEach(queue::remove);
        assertThat(queue.size()).isZero();
        assertThat(queue.isEmpty("digest")).isTrue();
        assertThat(queue.queues()).isEmpty();
    }

    private static TaskSpec.Builder random(SplittableRandom random) {
        TaskSpec.Builder spec = spec();
        if (random.nextBoolean()) {
            spec.setDeadline(Micros.timestamp(2_000 + random.nextLong(100 * SECOND)));
        }
        if (random.nextInt(3) == 0) {
            spec.setPlacement(Placement.newBuilder().putRequiredLabels("disk", "d" + random.nextInt(2)));
        }
        return spec;
    }

    private void removeOne(SplittableRandom random, List<TaskEntry> model) {
        if (!model.isEmpty()) {
            TaskEntry gone = model.remove(random.nextInt(model.size()));
            queue.remove(gone);
            queue.remove(gone);
        }
    }

    /** The first 16 of each kind. */
    private static List<TaskEntry> expected(List<TaskEntry> model, Set<String> closed) {
        Map<TaskKind, Integer> taken = new HashMap<>();
        return model.stream()
                .filter(entry -> !closed.contains(entry.submission().spec().getQueue()))
                .sorted(Comparator.comparingLong(TaskEntry::turnMicros).thenComparingLong(TaskEntry::id))
                .filter(entry -> taken.merge(TaskKind.of(entry.submission().spec()), 1, Integer::sum) <= 16)
                .toList();
    }
}
