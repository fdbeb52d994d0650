package io.dray.router.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.router.tasks.AttemptEvent;
import io.dray.router.tasks.AttemptKey;
import io.dray.router.tasks.StateName;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.types.v1.Code;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class CordonTest {
    private final MemoryStore store = new MemoryStore();
    private final DispatcherHarness harness = new DispatcherHarness(store).opened();

    private int cordon(String node, boolean cordoned, boolean drain) {
        var reply = harness.dispatcher().cordon(node, cordoned, drain);
        harness.settle();
        return DispatcherHarness.done(reply);
    }

    private StateName endOf(TaskSnapshot task) {
        return Objects.requireNonNull(store.tasks().get(task.id())).state().name();
    }

    @Test
    void aCordonedNodeGetsNothingNewUntilItIsLifted() {
        PlayedNode node = harness.node("n").join("digest", 4);
        harness.submit("digest");
        assertThat(cordon("n", true, false)).isEqualTo(1);
        assertThat(node.isCordoned()).isTrue();

        TaskSnapshot waiting = harness.submit("digest");
        assertThat(node.assignments()).hasSize(1);
        assertThat(cordon("n", false, false)).isEqualTo(1);

        assertThat(node.isCordoned()).isFalse();
        assertThat(node.assignments().getLast().task().id()).isEqualTo(waiting.id());
    }

    @Test
    void aCordonOutlivesTheConnectionAndTheRouter() {
        harness.node("n").join("digest", 4);
        cordon("n", true, false);

        PlayedNode again = harness.node("n", 2).join("digest", 4);
        harness.submit("digest");
        assertThat(again.isCordoned()).isTrue();
        harness.crash();
        harness.opened();
        PlayedNode afterRestart = harness.node("n", 3).join("digest", 4);
        harness.settle();

        assertThat(afterRestart.isCordoned()).isTrue();
        assertThat(again.assignments()).isEmpty();
        assertThat(afterRestart.assignments()).isEmpty();
    }

    @Test
    void aDrainMovesWhatRunsAndCountsNoAttempt() {
        PlayedNode from = harness.node("a").join("digest", 4);
        TaskSnapshot task = harness.submit("digest");
        AttemptKey attempt = from.newest();
        from.event(attempt, new AttemptEvent.Started());
        PlayedNode to = harness.node("b").join("digest", 4);
        harness.settle();

        assertThat(cordon("a", true, true)).isEqualTo(1);
        assertThat(from.cancels()).containsExactly(attempt);
        from.event(attempt, new AttemptEvent.Cancelled());
        harness.settle();

        assertThat(to.newest().taskId()).isEqualTo(task.id());
        assertThat(to.newest().token()).isGreaterThan(attempt.token());
        assertThat(harness.find(task).orElseThrow().attempts().count()).isEqualTo(1);
        assertThat(cordon("a", true, false)).isZero();
    }

    @Test
    void anAttemptWhoseNodeIsLostDuringADrainCountsNoAttemptEither() {
        PlayedNode from = harness.node("a").join("digest", 4);
        TaskSnapshot task = harness.submit("digest");
        cordon("a", true, true);

        from.leave();
        harness.pass(DispatcherHarness.LEASE.plus(Duration.ofSeconds(1)));

        TaskSnapshot now = harness.find(task).orElseThrow();
        assertThat(now.state().name()).isEqualTo(StateName.PENDING);
        assertThat(now.attempts().count()).isZero();
    }

    @Test
    void anOutcomeDuringADrainStands() {
        PlayedNode from = harness.node("a").join("digest", 4);
        TaskSnapshot task = harness.submit("digest");
        cordon("a", true, true);

        from.event(from.newest(), new AttemptEvent.Succeeded(ByteString.EMPTY));
        harness.settle();

        assertThat(endOf(task)).isEqualTo(StateName.SUCCEEDED);
    }

    @Test
    void whoeverCancelsATaskThatIsMovedHasItCancelled() {
        PlayedNode from = harness.node("a").join("digest", 4);
        TaskSnapshot task = harness.submit("digest");
        AttemptKey attempt = from.newest();
        cordon("a", true, true);
        var _ = harness.dispatcher().cancel(task.id(), "default");
        harness.settle();

        from.event(attempt, new AttemptEvent.Cancelled());
        harness.settle();

        assertThat(endOf(task)).isEqualTo(StateName.CANCELLED);
    }

    @Test
    void aNodeThatComesBackHearsAgainWhatItShouldEnd() {
        PlayedNode from = harness.node("a").join("digest", 4);
        harness.submit("digest");
        AttemptKey attempt = from.newest();
        cordon("a", true, true);
        from.leave();

        PlayedNode again = harness.node("a").join("digest", 4, attempt);
        harness.settle();

        assertThat(again.cancels()).containsExactly(attempt);
    }

    @Test
    void anUnknownNodeIsRefused() {
        var reply = harness.dispatcher().cordon("nobody", true, false);
        harness.settle();

        assertThat(DispatcherHarness.code(reply)).isEqualTo(Code.CODE_NO_SUCH_DESTINATION);
    }
}
