package io.dray.router.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.core.wire.MeshError;
import io.dray.router.tasks.AttemptEvent;
import io.dray.router.tasks.AttemptKey;
import io.dray.router.tasks.Progress;
import io.dray.router.tasks.StateName;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RestartTest {
    private final MemoryStore store = new MemoryStore();
    private final DispatcherHarness harness = new DispatcherHarness(store).opened();

    private void restart() {
        store.restart();
        harness.crash();
        harness.settle();
    }

    @Test
    void whatRunsOnANodeThatReturnsKeepsRunning() {
        PlayedNode node = harness.node("n").join("digest", 1);
        TaskSnapshot task = harness.submit("digest");
        AttemptKey attempt = node.newest();
        node.event(attempt, new AttemptEvent.Started());
        harness.settle();

        restart();
        harness.pass(Duration.ofSeconds(3));
        PlayedNode back = harness.node("n").join("digest", 1, attempt);
        harness.settle();

        assertThat(back.welcomedInEpoch()).isEqualTo(1);
        assertThat(back.cancels()).isEmpty();
        assertThat(harness.find(task).orElseThrow().state().name()).isEqualTo(StateName.RUNNING);
        back.event(attempt, new AttemptEvent.Succeeded(ByteString.EMPTY));
        harness.settle();
        assertThat(store.tasks().get(task.id())).matches(TaskSnapshot::isEnded);
    }

    @Test
    void nothingLapsesForOneLease() {
        harness.node("n").join("digest", 1);
        TaskSnapshot task = harness.submit("digest");

        restart();
        harness.pass(Duration.ofMillis(4_800));
        assertThat(harness.find(task).orElseThrow().state().name()).isEqualTo(StateName.ASSIGNED);
        harness.pass(Duration.ofMillis(400));

        assertThat(harness.find(task).orElseThrow().state().name()).isEqualTo(StateName.WAITING);
    }

    @Test
    void aSlotThatAnUnseenAttemptHoldsIsNotGivenTwice() {
        PlayedNode node = harness.node("n").join("digest", 1);
        harness.submit("digest");
        AttemptKey attempt = node.newest();
        restart();
        PlayedNode back = harness.node("n").join("digest", 1, attempt);
        harness.settle();

        harness.submit("digest");

        assertThat(back.assignments()).isEmpty();
    }

    @Test
    void anAttemptThatIsNotTheNewestIsCancelledAtItsNode() {
        PlayedNode node = harness.node("n").join("digest", 1);
        TaskSnapshot task = harness.submit("digest");
        AttemptKey old = node.newest();
        harness.pass(Duration.ofSeconds(8));
        assertThat(node.newest()).isEqualTo(new AttemptKey(task.id(), 2));

        PlayedNode back = harness.node("n").join("digest", 1, old, node.newest());
        harness.settle();

        assertThat(back.cancels()).containsExactly(old);
    }

    @Test
    void aWishToCancelSurvivesAndIsToldAgain() {
        PlayedNode node = harness.node("n").join("digest", 1);
        TaskSnapshot task = harness.submit("digest");
        var _ = harness.dispatcher().cancel(task.id(), "default");
        harness.settle();

        restart();
        PlayedNode back = harness.node("n").join("digest", 1, node.newest());
        harness.settle();

        assertThat(back.cancels()).containsExactly(node.newest());
    }

    @Test
    void aPauseGoesOnAndIdsNeverRepeat() {
        PlayedNode node = harness.node("n").join("digest", 1);
        TaskSnapshot task = harness.submit("digest");
        node.event(node.newest(), new AttemptEvent.Failed(MeshError.of(Code.CODE_HANDLER_FAILED, "it did not work")));
        harness.settle();

        restart();
        PlayedNode back = harness.node("n").join("digest", 2);
        harness.pass(Duration.ofMillis(1_200));
        TaskSnapshot next = harness.submit("digest");

        assertThat(back.assignments().getFirst().task().id()).isEqualTo(task.id());
        assertThat(back.assignments().getFirst().task().attempts().token()).isEqualTo(2);
        assertThat(next.id()).isGreaterThan(task.id());
    }

    @Test
    void revisionsNeverGoBackThoughProgressIsNotStored() {
        PlayedNode node = harness.node("n").join("digest", 1);
        TaskSnapshot task = harness.submit("digest");
        for (int percent = 0; percent < 50; percent++) {
            node.event(0, node.newest(), new AttemptEvent.Progressed(new Progress(percent, ""), ByteString.EMPTY));
        }
        harness.settle();
        long before = harness.find(task).orElseThrow().revision();

        restart();

        assertThat(harness.find(task).orElseThrow().revision()).isGreaterThan(before);
    }

    @Test
    void timeInWhichTheRouterStoodStillDoesNotCountAgainstWorkers() {
        PlayedNode node = harness.node("n").join("digest", 1);
        TaskSnapshot task = harness.submit("digest");

        harness.standStill(Duration.ofSeconds(60));
        node.report(node.newest());
        harness.settle();

        assertThat(harness.find(task).orElseThrow().state().name()).isEqualTo(StateName.ASSIGNED);
    }

    @Test
    void aNodeWhoseEventCannotBeLookedUpComesBackAndSaysItAgain() {
        PlayedNode node = harness.node("n").join("digest", 1);
        harness.submit("digest");
        AttemptKey attempt = node.newest();
        node.event(attempt, new AttemptEvent.Succeeded(ByteString.EMPTY));
        harness.settle();
        store.failFromNowOn(true);

        node.event(1, attempt, new AttemptEvent.Succeeded(ByteString.EMPTY));
        harness.settle();

        assertThat(node.ended()).extracting(Error::getCode).isEqualTo(Code.CODE_STORE_FAILED);
        store.failFromNowOn(false);
        PlayedNode back = harness.node("n").join("digest", 1);
        back.event(1, attempt, new AttemptEvent.Succeeded(ByteString.EMPTY));
        harness.settle();
        assertThat(back.receipts()).containsEntry(1L, null);
    }
}
