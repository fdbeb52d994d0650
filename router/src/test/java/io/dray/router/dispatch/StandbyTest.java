package io.dray.router.dispatch;

import static io.dray.router.dispatch.DispatcherHarness.code;
import static io.dray.router.dispatch.DispatcherHarness.refused;
import static io.dray.router.dispatch.DispatcherHarness.spec;
import static io.dray.router.dispatch.DispatcherHarness.task;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.router.tasks.AttemptEvent;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.types.v1.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A store that several routers share: who does not own it refuses, and serves as soon as it does. */
class StandbyTest {
    private final MemoryStore store = new MemoryStore();

    @Test
    void aRouterWhoseStoreAnotherHasStandsByUntilItIsFree() {
        store.takenByAnother(true);
        DispatcherHarness harness = new DispatcherHarness(store).opened();
        PlayedNode refusedNode = harness.node("n").join("digest", 1);
        var refusedTask = harness.submitLater(task(spec("digest").build()));
        harness.pass(Duration.ofSeconds(10));
        assertThat(refusedNode.ended()).isNotNull();
        assertThat(refused(refusedTask).getMessage()).startsWith("Another router serves");

        store.takenByAnother(false);
        harness.pass(Duration.ofMillis(300));
        PlayedNode node = harness.node("n").join("digest", 1);
        harness.submit("digest");

        assertThat(node.assignments()).hasSize(1);
        assertThat(node.welcomedInEpoch()).isEqualTo(1);
    }

    @Test
    void itsStartIsOverWhenAnotherServes() {
        store.takenByAnother(true);
        DispatcherHarness harness = new DispatcherHarness(store);

        harness.pass(Duration.ofSeconds(1));
        assertThat(harness.started()).isNotDone();
        harness.pass(Duration.ofSeconds(2));

        assertThat(harness.started()).isCompletedWithValue(false);
    }

    @Test
    void aDrainWhileItStandsByEndsAtOnce() {
        store.takenByAnother(true);
        DispatcherHarness harness = new DispatcherHarness(store).opened();

        var drained = harness.dispatcher().drain();
        harness.settle();

        assertThat(drained).isCompleted();
    }

    @Test
    void aDrainGivesTheStoreAwayAndTakesItNotAgain() {
        DispatcherHarness harness = new DispatcherHarness(store).opened();
        PlayedNode node = harness.node("n").join("digest", 1);
        harness.submit("digest");

        var drained = harness.dispatcher().drain();
        node.event(node.newest(), new AttemptEvent.Succeeded(ByteString.EMPTY));
        harness.settle();
        harness.pass(Duration.ofSeconds(3));

        assertThat(drained).isCompleted();
        assertThat(node.ended()).isNotNull();
        assertThat(store.releases()).isEqualTo(1);
        assertThat(store.tasks().values()).singleElement().matches(TaskSnapshot::isEnded);
    }

    @Test
    void whoListensHearsOfTheOwnerBeforeAndAfterATakeover() {
        List<Boolean> heard = new ArrayList<>();
        store.takenByAnother(true);
        DispatcherHarness harness = new DispatcherHarness(store);
        harness.dispatcher().listen(heard::add);
        harness.settle();
        assertThat(heard).isNotEmpty().containsOnly(false);

        store.takenByAnother(false);
        harness.pass(Duration.ofMillis(300));

        assertThat(heard).endsWith(false, true);
    }

    @Test
    void aRouterThatLostTheStoreAcknowledgesNothingAndDropsWhatItHad() {
        DispatcherHarness harness = new DispatcherHarness(store).opened();
        PlayedNode node = harness.node("n").join("digest", 1);
        TaskSnapshot kept = harness.submit("digest");

        store.takenByAnother(true);
        var lost = harness.submitLater(task(spec("digest").build()));
        harness.settle();
        assertThat(code(lost)).isEqualTo(Code.CODE_STORE_FAILED);
        assertThat(node.ended()).isNotNull();
        harness.pass(Duration.ofSeconds(3));

        store.takenByAnother(false);
        harness.pass(Duration.ofSeconds(2));
        PlayedNode back = harness.node("n").join("digest", 1, node.newest());
        harness.settle();
        back.event(node.newest(), new AttemptEvent.Succeeded(ByteString.EMPTY));
        harness.settle();

        assertThat(back.welcomedInEpoch()).isEqualTo(1);
        assertThat(store.tasks().get(kept.id())).matches(TaskSnapshot::isEnded);
        assertThat(store.tasks()).hasSize(1);
    }

    @Test
    void readsGoOnFromMemoryWhileTheStoreIsAwayAndSeeNothingThatWasNotCommitted() {
        DispatcherHarness harness = new DispatcherHarness(store).opened();
        TaskSnapshot task = harness.submit("digest");

        store.failFromNowOn(true);
        harness.node("n").join("digest", 1);
        harness.pass(Duration.ofSeconds(3));
        assertThat(harness.find(task)).contains(task);
        var refused = harness.submitLater(task(spec("digest").build()));
        harness.settle();
        assertThat(code(refused)).isEqualTo(Code.CODE_STORE_FAILED);

        store.failFromNowOn(false);
        harness.pass(Duration.ofSeconds(2));
        assertThat(harness.find(task).orElseThrow().revision()).isGreaterThanOrEqualTo(task.revision());
    }

    @Test
    void aRouterThatLostTheStoreServesNoReadsSinceAnotherGoesOn() {
        DispatcherHarness harness = new DispatcherHarness(store).opened();
        TaskSnapshot task = harness.submit("digest");

        store.takenByAnother(true);
        harness.pass(Duration.ofMillis(200));
        var read = harness.dispatcher().find(task.id());
        harness.settle();

        assertThat(code(read)).isEqualTo(Code.CODE_STORE_FAILED);
    }

    /** Its sidecars would wait for it for ever. */
    @Test
    void aRouterThatHasNothingToCommitNoticesToo() {
        DispatcherHarness harness = new DispatcherHarness(store).opened();
        PlayedNode node = harness.node("n").join("digest", 1);
        harness.settle();

        store.takenByAnother(true);
        harness.pass(Duration.ofMillis(200));

        assertThat(node.ended()).isNotNull();
    }
}
