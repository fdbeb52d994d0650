package io.dray.router.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.core.wire.MeshError;
import io.dray.router.fleet.Worker;
import io.dray.router.tasks.AttemptEvent;
import io.dray.router.tasks.AttemptKey;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.types.v1.Code;
import io.dray.types.v1.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlacementTest {
    private static final AttemptEvent.Succeeded DONE = new AttemptEvent.Succeeded(ByteString.EMPTY);

    private final DispatcherHarness harness = new DispatcherHarness(new MemoryStore()).opened();

    private TaskSnapshot submitWide(int cpuMillis) {
        return harness.submit("digest", spec -> {
            spec.getResourcesBuilder().setCpuMillis(cpuMillis);
            return spec;
        });
    }

    private static List<Long> taskIds(PlayedNode node) {
        return node.assignments().stream()
                .map(assignment -> assignment.task().id())
                .toList();
    }

    @Test
    void moreUrgentTasksGoFirst() {
        TaskSnapshot low = harness.submit("digest", spec -> spec.setPriority(Priority.PRIORITY_LOW));
        TaskSnapshot normal = harness.submit("digest");
        TaskSnapshot critical = harness.submit("digest", spec -> spec.setPriority(Priority.PRIORITY_CRITICAL));
        PlayedNode node = harness.node("n").join("digest", 3);
        harness.settle();

        assertThat(taskIds(node)).containsExactly(critical.id(), normal.id(), low.id());
    }

    @Test
    void theEarliestDeadlineOfABandGoesFirst() {
        TaskSnapshot never = harness.submit("digest");
        TaskSnapshot late = harness.submit("digest", spec -> harness.withDeadlineIn(spec, Duration.ofSeconds(50)));
        TaskSnapshot soon = harness.submit("digest", spec -> harness.withDeadlineIn(spec, Duration.ofSeconds(40)));
        TaskSnapshot urgent = harness.submit("digest", spec -> spec.setPriority(Priority.PRIORITY_HIGH));
        PlayedNode node = harness.node("n").join("digest", 4);
        harness.settle();

        assertThat(taskIds(node)).containsExactly(urgent.id(), soon.id(), late.id(), never.id());
    }

    @Test
    void anUrgentTaskOfOneCapabilityGoesBeforeALessUrgentOneOfAnother() {
        TaskSnapshot low = harness.submit("digest", spec -> spec.setPriority(Priority.PRIORITY_LOW));
        TaskSnapshot high = harness.submit("index", spec -> spec.setPriority(Priority.PRIORITY_HIGH));
        PlayedNode node = harness.node("n").join(List.of(new Worker("w/1@n", List.of("digest", "index"), 1)), 4_000);
        harness.settle();
        node.event(node.newest(), DONE);
        harness.settle();

        assertThat(taskIds(node)).containsExactly(high.id(), low.id());
    }

    @Test
    void aRejectedTaskAndOneThatIsTriedAgainAreAsOldAsBefore() {
        PlayedNode node = harness.node("n").join("digest", 1);
        TaskSnapshot first = harness.submit("digest");
        TaskSnapshot second = harness.submit("digest");
        node.event(node.newest(), new AttemptEvent.Rejected(MeshError.of(Code.CODE_NO_ROOM, "no room")));
        harness.pass(Duration.ofMillis(300));
        node.event(node.newest(), new AttemptEvent.Failed(MeshError.of(Code.CODE_HANDLER_FAILED, "once more")));
        harness.pass(Duration.ofMillis(300));
        for (int i = 0; i < 3; i++) {
            harness.submit("digest");
        }
        harness.pass(Duration.ofMillis(1_100));
        node.event(node.newest(), DONE);
        harness.settle();

        assertThat(taskIds(node)).containsExactly(first.id(), first.id(), second.id(), first.id());
    }

    @Test
    void tasksThatNobodyCanDoHoldUpNobodyElse() {
        for (int i = 0; i < 40; i++) {
            harness.submit("nobody");
        }
        PlayedNode node = harness.node("n").join("digest", 1);
        TaskSnapshot task = harness.submit("digest");

        assertThat(taskIds(node)).containsExactly(task.id());
    }

    @Test
    void tasksThatWaitForALabelHoldUpNobodyElse() {
        for (int i = 0; i < 40; i++) {
            harness.submit("digest", spec -> {
                spec.getPlacementBuilder().putRequiredLabels("gpu", "yes");
                return spec;
            });
        }
        PlayedNode node = harness.node("n").join("digest", 1);
        TaskSnapshot task = harness.submit("digest");

        assertThat(taskIds(node)).containsExactly(task.id());
    }

    @Test
    void tasksThatNoNodeIsLargeEnoughForHoldUpNobodyElse() {
        for (int i = 0; i < 40; i++) {
            submitWide(256_000);
        }
        PlayedNode node = harness.node("n").join("digest", 1);
        TaskSnapshot task = submitWide(1_000);

        assertThat(taskIds(node)).containsExactly(task.id());
    }

    @Test
    void aNarrowTaskPassesAWideOneThatFitsNowhere() {
        PlayedNode node = harness.node("n").join("digest", 10);
        submitWide(3_000);
        submitWide(3_000);
        TaskSnapshot narrow = submitWide(500);

        assertThat(taskIds(node)).hasSize(2).contains(narrow.id());
    }

    @Test
    void aTaskThatAsksForMoreThanAnyNodeHasWaits() {
        PlayedNode node = harness.node("n").join("digest", 10);
        submitWide(64_000);
        TaskSnapshot small = submitWide(100);

        for (int second = 0; second < 10; second++) {
            harness.pass(Duration.ofSeconds(1));
            node.report(node.newest());
        }

        assertThat(taskIds(node)).containsExactly(small.id());
    }

    @Test
    void aWideTaskDoesNotStarveBehindNarrowOnes() {
        PlayedNode node = harness.node("n").join("digest", 100);
        List<AttemptKey> running = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            submitWide(1_000);
        }
        TaskSnapshot wide = submitWide(4_000);
        for (int i = 0; i < 200; i++) {
            submitWide(1_000);
        }
        int seen = 0;
        for (int second = 0; second < 20 && !taskIds(node).contains(wide.id()); second++) {
            harness.pass(Duration.ofSeconds(1));
            while (seen < node.assignments().size()) {
                var task = node.assignments().get(seen++).task();
                running.add(new AttemptKey(task.id(), task.attempts().token()));
            }
            node.event(running.removeFirst(), DONE);
            node.report(4_000 - 1_000 * running.size(), running.toArray(AttemptKey[]::new));
            harness.settle();
        }

        assertThat(taskIds(node)).contains(wide.id());
        assertThat(node.assignments()).hasSizeLessThan(25);
    }

    @Test
    void oneNodeOfFewIsKeptHoweverManyWideTasksWait() {
        List<PlayedNode> nodes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            nodes.add(harness.node("n" + i).join("digest", 10));
            submitWide(3_000);
        }
        for (int i = 0; i < 3; i++) {
            submitWide(4_000);
        }
        for (int second = 0; second < 7; second++) {
            harness.pass(Duration.ofSeconds(1));
            nodes.forEach(node -> node.report(1_000, node.newest()));
        }

        for (int i = 0; i < 4; i++) {
            submitWide(1_000);
        }

        assertThat(nodes).extracting(node -> node.assignments().size()).containsExactlyInAnyOrder(1, 2, 2, 2);
    }

    @Test
    void aLowTaskIsSlowButNeverStarved() {
        PlayedNode node = harness.node("n").join("digest", 1);
        harness.submit("digest");
        TaskSnapshot low = harness.submit("digest", spec -> spec.setPriority(Priority.PRIORITY_LOW));
        for (int i = 0; i < 150; i++) {
            harness.submit("digest");
        }
        for (int second = 0; second < 120 && !taskIds(node).contains(low.id()); second++) {
            harness.pass(Duration.ofSeconds(1));
            node.event(node.newest(), DONE);
            node.report();
            harness.settle();
        }

        assertThat(taskIds(node)).contains(low.id());
        assertThat(node.assignments()).hasSizeBetween(60, 110);
    }

    @Test
    void aBusyHostStillGetsAShare() {
        PlayedNode node = harness.node("n").join("digest", 10);
        harness.settle();
        node.report(0);
        harness.settle();

        for (int i = 0; i < 3; i++) {
            submitWide(400);
        }

        assertThat(node.assignments()).hasSize(2);
    }
}
