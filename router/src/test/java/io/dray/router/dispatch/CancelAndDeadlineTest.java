package io.dray.router.dispatch;

import static io.dray.router.dispatch.DispatcherHarness.code;
import static io.dray.router.dispatch.DispatcherHarness.done;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.router.tasks.AttemptEvent;
import io.dray.router.tasks.AttemptKey;
import io.dray.router.tasks.Micros;
import io.dray.router.tasks.StateName;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class CancelAndDeadlineTest {
    private static final AttemptEvent.Cancelled CANCELLED = new AttemptEvent.Cancelled();

    private final MemoryStore store = new MemoryStore();
    private final DispatcherHarness harness = new DispatcherHarness(store).opened();

    private StateName stored(TaskSnapshot task) {
        return Objects.requireNonNull(store.tasks().get(task.id())).state().name();
    }

    private String cause(TaskSnapshot task) {
        TaskSnapshot now = Objects.requireNonNull(store.tasks().get(task.id()));
        Error error = Objects.requireNonNull(now.attempts().error());
        return error.getMessage() + " " + error.getValue();
    }

    @Test
    void aPendingTaskIsCancelledAtOnce() {
        TaskSnapshot task = harness.submit("digest");

        var reply = harness.dispatcher().cancel(task.id(), "default");
        harness.settle();

        assertThat(done(reply).orElseThrow().state().name()).isEqualTo(StateName.CANCELLED);
        assertThat(stored(task)).isEqualTo(StateName.CANCELLED);
    }

    @Test
    void aRunningTaskIsCancelledWhenItsWorkerConfirms() {
        PlayedNode node = harness.node("n").join("digest", 1);
        TaskSnapshot task = harness.submit("digest");

        var reply = harness.dispatcher().cancel(task.id(), "default");
        harness.settle();
        assertThat(done(reply).orElseThrow().cancelRequested()).isTrue();
        assertThat(store.tasks().get(task.id())).matches(TaskSnapshot::cancelRequested);
        assertThat(node.cancels()).containsExactly(node.newest());

        node.event(node.newest(), CANCELLED);
        harness.settle();

        assertThat(stored(task)).isEqualTo(StateName.CANCELLED);
    }

    @Test
    void aCancelledTaskWhoseWorkerIsLostIsCancelledNotRepeated() {
        PlayedNode node = harness.node("n").join("digest", 1);
        TaskSnapshot task = harness.submit("digest");
        var _ = harness.dispatcher().cancel(task.id(), "default");
        node.leave();

        harness.pass(Duration.ofSeconds(6));

        assertThat(stored(task)).isEqualTo(StateName.CANCELLED);
    }

    @Test
    void anEndedTaskCannotBeCancelled() {
        PlayedNode node = harness.node("n").join("digest", 1);
        TaskSnapshot task = harness.submit("digest");
        node.event(node.newest(), new AttemptEvent.Succeeded(ByteString.EMPTY));
        harness.runDispatcherOnly();

        var reply = harness.dispatcher().cancel(task.id(), "default");
        harness.settle();

        assertThat(code(reply)).isEqualTo(Code.CODE_TASK_FINISHED);
    }

    @Test
    void anotherTenantCannotCancel() {
        TaskSnapshot task = harness.submit("digest");

        var reply = harness.dispatcher().cancel(task.id(), "other");
        harness.settle();

        assertThat(done(reply)).isEmpty();
        assertThat(stored(task)).isEqualTo(StateName.PENDING);
    }

    @Test
    void aTaskExpiresAtItsDeadlineWaitingOrRunning() {
        TaskSnapshot waiting = harness.submit("nobody", spec -> harness.withDeadlineIn(spec, Duration.ofSeconds(2)));
        PlayedNode node = harness.node("n").join("digest", 1);
        TaskSnapshot running = harness.submit("digest", spec -> harness.withDeadlineIn(spec, Duration.ofSeconds(2)));

        harness.pass(Duration.ofMillis(2_200));

        assertThat(stored(waiting)).isEqualTo(StateName.EXPIRED);
        assertThat(cause(waiting)).contains("before a worker took the task").contains("capability nobody");
        assertThat(stored(running)).isEqualTo(StateName.EXPIRED);
        assertThat(cause(running)).contains("before the task was finished");
        assertThat(node.cancels()).containsExactly(new AttemptKey(running.id(), 1));
    }

    @Test
    void aTaskIsNotPlacedBeforeItsTime() {
        PlayedNode node = harness.node("n").join("digest", 1);
        TaskSnapshot task =
                harness.submit("digest", spec -> spec.setNotBefore(Micros.timestamp(harness.nowMicros() + 1_000_000)));
        assertThat(task.state().name()).isEqualTo(StateName.WAITING);

        harness.pass(Duration.ofMillis(900));
        assertThat(node.assignments()).isEmpty();
        harness.pass(Duration.ofMillis(300));

        assertThat(node.assignments()).hasSize(1);
    }

    @Test
    void aTaskIsSaidToHaveEndedOnceThatIsCommitted() {
        PlayedNode node = harness.node("n").join("digest", 1);
        TaskSnapshot task = harness.submit("digest");
        store.failFromNowOn(true);
        node.event(node.newest(), new AttemptEvent.Succeeded(ByteString.EMPTY));

        var reply = harness.dispatcher().cancel(task.id(), "default");
        harness.runDispatcherOnly();
        assertThat(reply).isNotDone();
        harness.settle();

        assertThat(code(reply)).isEqualTo(Code.CODE_STORE_FAILED);
        assertThat(stored(task)).isEqualTo(StateName.ASSIGNED);
    }

    @Test
    void readersSeeAWishToCancelOnceItIsCommitted() {
        PlayedNode node = harness.node("n").join("digest", 1);
        TaskSnapshot task = harness.submit("digest");
        var _ = harness.dispatcher().cancel(task.id(), "default");
        node.event(node.newest(), new AttemptEvent.Started());

        var before = harness.dispatcher().find(task.id());
        harness.runDispatcherOnly();
        assertThat(done(before).orElseThrow().cancelRequested()).isFalse();
        harness.settle();

        TaskSnapshot after = harness.find(task).orElseThrow();
        assertThat(after.cancelRequested()).isTrue();
        assertThat(after.state().name()).isEqualTo(StateName.RUNNING);
    }
}
