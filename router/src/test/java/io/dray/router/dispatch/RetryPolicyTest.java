package io.dray.router.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.core.wire.MeshError;
import io.dray.router.tasks.AttemptEvent;
import io.dray.router.tasks.StateName;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.router.tasks.TaskState;
import io.dray.types.v1.Code;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
    private static final AttemptEvent.Failed FAILED =
            new AttemptEvent.Failed(MeshError.of(Code.CODE_HANDLER_FAILED, "thrown"));

    private final MemoryStore store = new MemoryStore();
    private final DispatcherHarness harness = new DispatcherHarness(store).opened();

    private TaskSnapshot stored(TaskSnapshot task) {
        return Objects.requireNonNull(store.tasks().get(task.id()));
    }

    @Test
    void jitterShortensEachPauseByAtMostItsShare() {
        PlayedNode node = harness.node("n").join("digest", 64);
        boolean differ = false;
        long first = 0;
        for (int i = 0; i < 32; i++) {
            TaskSnapshot task = harness.submit("digest", spec -> {
                spec.getRetryBuilder().setJitterPercent(50);
                return spec;
            });
            node.event(node.newest(), FAILED);
            long now = harness.nowMicros();
            harness.settle();

            TaskState.Waiting waiting = (TaskState.Waiting) stored(task).state();
            long pause = waiting.untilMicros() - now;
            assertThat(pause).isBetween(500_000L, 1_000_000L);
            first = i == 0 ? pause : first;
            differ |= pause != first;
        }
        assertThat(differ).isTrue();
    }

    @Test
    void aCodeThatIsNeverRetriedEndsTheTask() {
        PlayedNode node = harness.node("n").join("digest", 1);
        TaskSnapshot task = harness.submit("digest", spec -> {
            spec.getRetryBuilder().addNeverRetry(Code.CODE_WORKER_LOST);
            return spec;
        });

        node.leave();
        harness.pass(Duration.ofSeconds(6));

        assertThat(stored(task).state().name()).isEqualTo(StateName.FAILED);
        assertThat(stored(task).attempts().count()).isEqualTo(1);
    }

    @Test
    void aRetryAvoidsTheNodeThatFailedWhileAnotherIsThere() {
        PlayedNode one = harness.node("one").join("digest", 1);
        TaskSnapshot task = harness.submit("digest", spec -> {
            spec.getRetryBuilder().setAvoidFailedNode(true);
            return spec;
        });
        PlayedNode other = harness.node("other").join("digest", 1);
        harness.settle();
        TaskSnapshot busy = harness.submit("digest");
        assertThat(other.newest().taskId()).isEqualTo(busy.id());

        // It waits for the busy node though there is room where it failed.
        one.event(one.newest(), FAILED);
        harness.pass(Duration.ofSeconds(2));
        other.report(other.newest());
        harness.pass(Duration.ofSeconds(2));
        assertThat(one.assignments()).hasSize(1);

        other.event(other.newest(), new AttemptEvent.Succeeded(ByteString.EMPTY));
        harness.settle();
        assertThat(other.newest().taskId()).isEqualTo(task.id());
    }

    @Test
    void aRetryComesBackToTheNodeThatFailedWhenItIsTheOnlyOne() {
        PlayedNode node = harness.node("n").join("digest", 1);
        TaskSnapshot task = harness.submit("digest", spec -> {
            spec.getRetryBuilder().setAvoidFailedNode(true);
            return spec;
        });

        node.event(node.newest(), FAILED);
        harness.pass(Duration.ofSeconds(2));

        assertThat(node.newest().taskId()).isEqualTo(task.id());
        assertThat(node.newest().token()).isEqualTo(2);
    }

    @Test
    void aTaskThatNoWorkerTookInTimeExpires() {
        TaskSnapshot task = harness.submit(
                "digest",
                spec -> spec.setQueueTtl(
                        com.google.protobuf.Duration.newBuilder().setSeconds(5)));

        harness.pass(Duration.ofSeconds(4));
        assertThat(stored(task).state().name()).isEqualTo(StateName.PENDING);
        harness.pass(Duration.ofSeconds(2));

        assertThat(stored(task).state().name()).isEqualTo(StateName.EXPIRED);
        assertThat(Objects.requireNonNull(stored(task).attempts().error()).getMessage())
                .contains("queue_ttl");
    }

    @Test
    void theTimeToLiveInTheQueueEndsWithTheFirstAttempt() {
        PlayedNode node = harness.node("n").join("digest", 1);
        TaskSnapshot task = harness.submit(
                "digest",
                spec -> spec.setQueueTtl(
                        com.google.protobuf.Duration.newBuilder().setSeconds(5)));
        node.event(node.newest(), FAILED);
        node.leave();

        harness.pass(Duration.ofSeconds(20));

        assertThat(stored(task).state().name()).isNotEqualTo(StateName.EXPIRED);
    }
}
