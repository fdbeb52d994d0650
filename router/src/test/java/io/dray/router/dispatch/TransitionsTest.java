package io.dray.router.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.core.wire.MeshError;
import io.dray.router.tasks.AttemptEvent;
import io.dray.router.tasks.AttemptEvent.What;
import io.dray.router.tasks.Micros;
import io.dray.router.tasks.StateName;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.types.v1.Code;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Each transition out of RUNNING and WAITING, since other tests mostly end tasks that are only ASSIGNED or PENDING. */
class TransitionsTest {
    private final MemoryStore store = new MemoryStore();
    private final DispatcherHarness harness = new DispatcherHarness(store).opened();

    private StateName state(TaskSnapshot task) {
        return harness.find(task)
                .orElseGet(() -> Objects.requireNonNull(store.tasks().get(task.id())))
                .state()
                .name();
    }

    private PlayedNode worker() {
        return harness.node("n").join("digest", 1);
    }

    private TaskSnapshot running(PlayedNode node) {
        TaskSnapshot task = harness.submit("digest", spec -> harness.withDeadlineIn(spec, Duration.ofSeconds(3)));
        say(node, new AttemptEvent.Started());
        assertThat(state(task)).isEqualTo(StateName.RUNNING);
        return task;
    }

    private void say(PlayedNode node, What what) {
        node.event(node.newest(), what);
        harness.settle();
    }

    private TaskSnapshot waiting(Duration before) {
        TaskSnapshot task = harness.submit(
                "digest",
                spec -> harness.withDeadlineIn(spec, Duration.ofSeconds(3))
                        .setNotBefore(Micros.timestamp(harness.nowMicros() + before.toMillis() * 1_000)));
        assertThat(state(task)).isEqualTo(StateName.WAITING);
        return task;
    }

    @Test
    void aRunningTaskSucceeds() {
        PlayedNode node = worker();
        TaskSnapshot task = running(node);

        say(node, new AttemptEvent.Succeeded(ByteString.EMPTY));

        assertThat(state(task)).isEqualTo(StateName.SUCCEEDED);
    }

    @Test
    void aRunningTaskFailsForGood() {
        PlayedNode node = worker();
        TaskSnapshot task = running(node);

        say(node, new AttemptEvent.Failed(MeshError.of(Code.CODE_INVALID_REQUEST, "no retry helps")));

        assertThat(state(task)).isEqualTo(StateName.FAILED);
    }

    @Test
    void aRunningTaskWaitsForItsNextAttemptAfterAFailureAndIsPendingAfterThat() {
        PlayedNode node = worker();
        TaskSnapshot task = running(node);

        say(node, new AttemptEvent.Failed(MeshError.of(Code.CODE_HANDLER_FAILED, "once more")));

        assertThat(state(task)).isEqualTo(StateName.WAITING);
        node.leave();
        harness.pass(Duration.ofMillis(1_200));
        assertThat(state(task)).isEqualTo(StateName.PENDING);
    }

    @Test
    void aRunningTaskIsCancelledWhenItsWorkerConfirms() {
        PlayedNode node = worker();
        TaskSnapshot task = running(node);

        var _ = harness.dispatcher().cancel(task.id(), "default");
        harness.settle();
        assertThat(state(task)).isEqualTo(StateName.RUNNING);
        say(node, new AttemptEvent.Cancelled());

        assertThat(state(task)).isEqualTo(StateName.CANCELLED);
    }

    @Test
    void aRunningTaskExpires() {
        PlayedNode node = worker();
        TaskSnapshot task = running(node);

        harness.pass(Duration.ofMillis(3_200));

        assertThat(state(task)).isEqualTo(StateName.EXPIRED);
        assertThat(node.cancels()).hasSize(1);
    }

    @Test
    void aWaitingTaskIsPendingWhenItsTimeHasCome() {
        TaskSnapshot task = waiting(Duration.ofSeconds(1));

        harness.pass(Duration.ofMillis(1_200));

        assertThat(state(task)).isEqualTo(StateName.PENDING);
    }

    @Test
    void aWaitingTaskIsCancelledAtOnce() {
        TaskSnapshot task = waiting(Duration.ofSeconds(1));

        var _ = harness.dispatcher().cancel(task.id(), "default");
        harness.settle();

        assertThat(state(task)).isEqualTo(StateName.CANCELLED);
    }

    @Test
    void aWaitingTaskExpires() {
        TaskSnapshot task = waiting(Duration.ofSeconds(5));

        harness.pass(Duration.ofMillis(3_200));

        assertThat(state(task)).isEqualTo(StateName.EXPIRED);
    }
}
