package io.dray.router.dispatch;

import static io.dray.router.dispatch.DispatcherHarness.code;
import static io.dray.router.dispatch.DispatcherHarness.done;
import static io.dray.router.dispatch.DispatcherHarness.refused;
import static io.dray.router.dispatch.DispatcherHarness.spec;
import static io.dray.router.dispatch.DispatcherHarness.task;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.core.wire.MeshError;
import io.dray.router.store.Change;
import io.dray.router.tasks.AttemptEvent;
import io.dray.router.tasks.AttemptKey;
import io.dray.router.tasks.Progress;
import io.dray.router.tasks.StateName;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.router.tasks.TaskState;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DispatcherTest {
    private static final AttemptEvent.Started STARTED = new AttemptEvent.Started();

    private final MemoryStore store = new MemoryStore();
    private final DispatcherHarness harness = new DispatcherHarness(store).opened();

    private static AttemptEvent.Succeeded succeeded(String result) {
        return new AttemptEvent.Succeeded(ByteString.copyFromUtf8(result));
    }

    private static AttemptEvent.Failed failed(Code code) {
        return new AttemptEvent.Failed(MeshError.of(code, "it did not work"));
    }

    private StateName stored(TaskSnapshot task) {
        return Optional.ofNullable(store.tasks().get(task.id()))
                .orElseThrow()
                .state()
                .name();
    }

    @Test
    void aTaskWhoseWorkerIsFreeIsStoredAlreadyAssigned() {
        PlayedNode node = harness.node("n").join("digest", 2);
        harness.settle();

        TaskSnapshot task = harness.submit("digest");

        assertThat(store.commits()).hasSize(1);
        assertThat(store.commits().getFirst().getFirst()).isInstanceOf(Change.Insert.class);
        assertThat(stored(task)).isEqualTo(StateName.ASSIGNED);
        assertThat(task.state().name()).isEqualTo(StateName.ASSIGNED);
        assertThat(node.assignments()).singleElement().satisfies(assignment -> {
            assertThat(assignment.number()).isEqualTo(1);
            assertThat(assignment.instance()).isEqualTo("w/1@n");
            assertThat(assignment.payload().toStringUtf8()).isEqualTo("payload");
        });
    }

    @Test
    void nothingIsAnsweredAndNothingLeavesBeforeTheCommit() {
        PlayedNode node = harness.node("n").join("digest", 1);
        harness.settle();

        var reply = harness.submitLater(task(spec("digest").build()));
        harness.runDispatcherOnly();

        assertThat(reply).isNotDone();
        assertThat(node.assignments()).isEmpty();

        harness.settle();

        assertThat(reply).isCompleted();
        assertThat(node.assignments()).hasSize(1);
    }

    @Test
    void aTaskRunsToItsEndAndTheEventIsReceiptedAfterTheCommit() {
        PlayedNode node = harness.node("n").join("digest", 1);
        TaskSnapshot task = harness.submit("digest");

        long started = node.event(node.newest(), STARTED);
        harness.settle();
        assertThat(harness.find(task).orElseThrow().state().name()).isEqualTo(StateName.RUNNING);

        long ended = node.event(node.newest(), succeeded("42"));
        harness.runDispatcherOnly();
        assertThat(node.receipts()).containsOnlyKeys(started);
        harness.settle();

        assertThat(node.receipts()).containsEntry(started, null).containsEntry(ended, null);
        assertThat(stored(task)).isEqualTo(StateName.SUCCEEDED);
        assertThat(harness.find(task)).isEmpty();
    }

    @Test
    void aWaitingTaskGoesToAWorkerThatComesLater() {
        TaskSnapshot task = harness.submit("digest");
        assertThat(task.state()).isEqualTo(new TaskState.Pending());

        PlayedNode node = harness.node("n").join("digest", 1);
        harness.settle();

        assertThat(node.newest()).isEqualTo(new AttemptKey(task.id(), 1));
        assertThat(node.assignments().getFirst().payload().toStringUtf8()).isEqualTo("payload");
    }

    @Test
    void slotsLimitWhatAWorkerGets() {
        PlayedNode node = harness.node("n").join("digest", 2);
        for (int i = 0; i < 3; i++) {
            harness.submit("digest");
        }
        assertThat(node.assignments()).hasSize(2);

        node.event(node.newest(), succeeded(""));
        harness.settle();

        assertThat(node.assignments()).hasSize(3);
    }

    @Test
    void aFailedAttemptIsRepeatedAfterItsPauseWithAGreaterToken() {
        PlayedNode node = harness.node("n").join("digest", 1);
        TaskSnapshot task = harness.submit("digest");

        node.event(node.newest(), failed(Code.CODE_HANDLER_FAILED));
        harness.settle();
        TaskSnapshot waiting = harness.find(task).orElseThrow();
        assertThat(waiting.state()).isInstanceOf(TaskState.Waiting.class);
        assertThat(waiting.attempts().error()).extracting(Error::getCode).isEqualTo(Code.CODE_HANDLER_FAILED);
        assertThat(node.assignments()).hasSize(1);

        harness.pass(Duration.ofMillis(1_200));

        assertThat(node.newest()).isEqualTo(new AttemptKey(task.id(), 2));
        assertThat(node.assignments().getLast().task().attempts().count()).isEqualTo(2);
    }

    @Test
    void aTaskFailsAfterItsLastAttempt() {
        PlayedNode node = harness.node("n").join("digest", 1);
        TaskSnapshot task = harness.submit("digest", spec -> {
            spec.getRetryBuilder().setMaxAttempts(2);
            return spec;
        });

        node.event(node.newest(), failed(Code.CODE_HANDLER_FAILED));
        harness.pass(Duration.ofMillis(1_200));
        node.event(node.newest(), failed(Code.CODE_HANDLER_FAILED));
        harness.settle();

        assertThat(stored(task)).isEqualTo(StateName.FAILED);
        assertThat(node.assignments()).hasSize(2);
    }

    @Test
    void anErrorThatNoRetryHelpsEndsTheTaskAtOnce() {
        PlayedNode node = harness.node("n").join("digest", 1);
        TaskSnapshot task = harness.submit("digest");

        node.event(node.newest(), failed(Code.CODE_INVALID_REQUEST));
        harness.settle();

        assertThat(stored(task)).isEqualTo(StateName.FAILED);
    }

    @Test
    void aRejectedAssignmentDoesNotCountAndGoesElsewhere() {
        PlayedNode small = harness.node("a").join(List.of(), 4_000);
        harness.settle();
        PlayedNode first = harness.node("b").join("digest", 1);
        TaskSnapshot task = harness.submit("digest");

        PlayedNode other = harness.node("c").join("digest", 1);
        harness.settle();
        long rejected =
                first.event(first.newest(), new AttemptEvent.Rejected(MeshError.of(Code.CODE_NO_ROOM, "no room")));
        harness.settle();

        assertThat(first.receipts()).containsEntry(rejected, null);
        assertThat(other.newest()).isEqualTo(new AttemptKey(task.id(), 2));
        assertThat(other.assignments().getFirst().task().attempts().count()).isEqualTo(1);
        assertThat(small.assignments()).isEmpty();
    }

    @Test
    void aWorkerThatRejectedRestsAndIsTriedAgain() {
        PlayedNode node = harness.node("n").join("digest", 1);
        harness.submit("digest");
        node.event(node.newest(), new AttemptEvent.Rejected(MeshError.of(Code.CODE_NO_ROOM, "no room")));
        harness.settle();
        assertThat(node.assignments()).hasSize(1);

        harness.pass(Duration.ofMillis(500));

        assertThat(node.assignments()).hasSize(2);
        assertThat(node.assignments().getLast().task().attempts().count()).isEqualTo(1);
    }

    @Test
    void reportsRenewExactlyWhatTheyList() {
        PlayedNode node = harness.node("n").join("digest", 2);
        TaskSnapshot kept = harness.submit("digest");
        AttemptKey keptAttempt = node.newest();
        TaskSnapshot lost = harness.submit("digest");

        for (int second = 0; second < 7; second++) {
            harness.pass(Duration.ofSeconds(1));
            node.report(keptAttempt);
        }
        harness.settle();

        assertThat(harness.find(kept).orElseThrow().state().name()).isEqualTo(StateName.ASSIGNED);
        assertThat(harness.find(lost).orElseThrow().attempts().error())
                .extracting(Error::getCode)
                .isEqualTo(Code.CODE_WORKER_LOST);
        assertThat(node.cancels()).contains(new AttemptKey(lost.id(), 1));
    }

    @Test
    void anOutcomeOfALapsedAttemptIsFenced() {
        PlayedNode node = harness.node("n").join("digest", 1);
        TaskSnapshot task = harness.submit("digest");
        AttemptKey old = node.newest();

        harness.pass(Duration.ofSeconds(8));
        assertThat(node.newest()).isEqualTo(new AttemptKey(task.id(), 2));
        long late = node.event(old, succeeded("late"));
        harness.settle();

        assertThat(node.receipts().get(late)).extracting(Error::getCode).isEqualTo(Code.CODE_FENCED);
        assertThat(stored(task)).isEqualTo(StateName.ASSIGNED);
        assertThat(harness.registry().get("dray_events_fenced").counter().count())
                .isOne();
    }

    @Test
    void anOutcomeThatIsSentAgainIsStoredNotFenced() {
        PlayedNode node = harness.node("n").join("digest", 1);
        harness.submit("digest");
        AttemptKey attempt = node.newest();
        long number = node.event(attempt, succeeded("42"));
        harness.settle();
        node.receipts().clear();

        node.event(number, attempt, succeeded("42"));
        harness.settle();

        assertThat(node.receipts()).containsEntry(number, null);
    }

    @Test
    void anUnknownAttemptIsFenced() {
        PlayedNode node = harness.node("n").join("digest", 1);
        harness.settle();

        long number = node.event(new AttemptKey(12345, 1), succeeded("42"));
        harness.settle();

        assertThat(node.receipts().get(number)).extracting(Error::getCode).isEqualTo(Code.CODE_FENCED);
    }

    @Test
    void theLargestTokenIsToldAsItWasSaid() {
        PlayedNode node = harness.node("n").join("digest", 1);
        harness.settle();

        long number = node.event(new AttemptKey(12345, -1), succeeded("42"));
        harness.settle();

        assertThat(node.receipts().get(number))
                .extracting(Error::getValue)
                .asString()
                .endsWith(" token 18446744073709551615");
    }

    @Test
    void anotherNodeCannotEndAnAttempt() {
        PlayedNode holder = harness.node("a").join("digest", 1);
        TaskSnapshot task = harness.submit("digest");
        PlayedNode other = harness.node("b").join("digest", 1);
        harness.settle();

        other.event(holder.newest(), succeeded("forged"));
        harness.settle();

        assertThat(stored(task)).isEqualTo(StateName.ASSIGNED);
    }

    @Test
    void progressIsShownButNotStoredUnlessItHasACheckpoint() {
        PlayedNode node = harness.node("n").join("digest", 1);
        TaskSnapshot task = harness.submit("digest");
        int before = store.commits().size();

        node.event(0, node.newest(), new AttemptEvent.Progressed(new Progress(30, "third"), ByteString.EMPTY));
        harness.settle();
        assertThat(harness.find(task).orElseThrow().progress()).isEqualTo(new Progress(30, "third"));
        assertThat(store.commits()).hasSize(before);
        assertThat(node.receipts()).isEmpty();

        long number = node.event(
                node.newest(), new AttemptEvent.Progressed(new Progress(60, ""), ByteString.copyFromUtf8("state")));
        harness.settle();
        assertThat(store.commits()).hasSize(before + 1);
        assertThat(node.receipts()).containsKey(number);

        node.event(node.newest(), failed(Code.CODE_HANDLER_FAILED));
        harness.pass(Duration.ofMillis(1_200));

        assertThat(node.assignments().getLast().task().attempts().checkpoint().toStringUtf8())
                .isEqualTo("state");
    }

    @Test
    void whatHappensWhileACommitRunsIsWrittenInOneGroup() {
        harness.node("n").join("digest", 100);
        harness.settle();
        var first = harness.submitLater(task(spec("digest").build()));
        harness.runDispatcherOnly();
        List<Object> later = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            later.add(harness.submitLater(task(spec("digest").build())));
            harness.runDispatcherOnly();
        }

        harness.settle();

        assertThat(done(first)).hasSize(1);
        assertThat(later).hasSize(20);
        assertThat(store.commits()).extracting(List::size).containsExactly(1, 20);
    }

    @Test
    void aGroupHoldsAtMost1024TasksAndABatchIsNeverSplit() {
        DispatcherHarness large = new DispatcherHarness(
                        store, new DispatchSettings(Duration.ofSeconds(5), 16, Duration.ofSeconds(5), 10_000, 0))
                .opened();
        NewTask[] batch = new NewTask[600];
        for (int i = 0; i < batch.length; i++) {
            batch[i] = task(spec("nobody").build());
        }
        var one = large.submitLater(batch);
        var two = large.submitLater(batch);

        large.settle();

        assertThat(done(one)).hasSize(600);
        assertThat(done(two)).hasSize(600);
        assertThat(store.commits()).extracting(List::size).containsExactly(600, 600);
    }

    @Test
    void tooManyLiveTasksAreRefused() {
        DispatcherHarness small = new DispatcherHarness(
                        store, new DispatchSettings(Duration.ofSeconds(5), 16, Duration.ofSeconds(5), 2, 0))
                .opened();
        small.submit("nobody");
        NewTask more = task(spec("nobody").build());

        var reply = small.submitLater(more, more);
        small.settle();

        Error error = refused(reply);
        assertThat(error.getCode()).isEqualTo(Code.CODE_QUEUE_FULL);
        assertThat(error.getRetryable()).isTrue();
        assertThat(store.tasks()).hasSize(1);
    }

    @Test
    void aPayloadThatIsNotHeldInMemoryIsReadBackForTheAssignment() {
        DispatcherHarness lean = new DispatcherHarness(
                        store, new DispatchSettings(Duration.ofSeconds(5), 16, Duration.ofSeconds(5), 100, 0))
                .opened();
        lean.submit("digest");
        PlayedNode node = lean.node("n").join("digest", 1);

        lean.settle();

        assertThat(node.assignments())
                .singleElement()
                .satisfies(assignment ->
                        assertThat(assignment.payload().toStringUtf8()).isEqualTo("payload"));
    }

    @Test
    void aNodeThatDoesNotReadItsStreamGetsNothing() {
        PlayedNode node = harness.node("n").join("digest", 5);
        node.setRoom(false);
        harness.submit("digest");
        assertThat(node.assignments()).isEmpty();

        node.setRoom(true);
        harness.pass(Duration.ofMillis(200));

        assertThat(node.assignments()).hasSize(1);
    }

    @Test
    void aStaleIncarnationIsRefusedAndANewStreamReplacesTheOld() {
        PlayedNode current = harness.node("n", 5).join("digest", 1);
        harness.settle();

        PlayedNode stale = harness.node("n", 4).join("digest", 1);
        harness.settle();
        assertThat(stale.ended()).extracting(Error::getCode).isEqualTo(Code.CODE_STALE_INCARNATION);
        assertThat(current.ended()).isNull();

        PlayedNode again = harness.node("n", 5).join("digest", 1);
        harness.settle();
        assertThat(current.ended()).isNotNull();
        harness.submit("digest");
        assertThat(again.assignments()).hasSize(1);
    }

    @Test
    void aStoreThatFailsRefusesEverythingAndIsReadAgainWhenItWorks() {
        PlayedNode node = harness.node("n").join("digest", 5);
        TaskSnapshot kept = harness.submit("digest");
        store.failFromNowOn(true);

        var lost = harness.submitLater(task(spec("digest").build()));
        harness.settle();
        assertThat(code(lost)).isEqualTo(Code.CODE_STORE_FAILED);
        assertThat(node.assignments()).hasSize(1);
        assertThat(node.ended()).extracting(Error::getCode).isEqualTo(Code.CODE_STORE_FAILED);
        var refusedMeanwhile = harness.submitLater(task(spec("digest").build()));
        harness.pass(Duration.ofSeconds(3));
        assertThat(code(refusedMeanwhile)).isEqualTo(Code.CODE_STORE_FAILED);
        assertThat(DispatcherHarness.refused(refusedMeanwhile).getMessage())
                .isEqualTo(
                        "The last commit failed (the disk is full). The store is being read; try again in a moment.");

        store.failFromNowOn(false);
        harness.pass(Duration.ofSeconds(2));
        PlayedNode back = harness.node("n").join("digest", 5, node.newest());
        harness.settle();
        back.event(node.newest(), succeeded("42"));
        harness.settle();

        assertThat(stored(kept)).isEqualTo(StateName.SUCCEEDED);
        assertThat(store.tasks()).hasSize(1);
    }

    @Test
    void aDrainAnswersWhatIsUnderWayAndEndsAllStreams() {
        PlayedNode node = harness.node("n").join("digest", 1);
        harness.settle();
        var reply = harness.submitLater(task(spec("digest").build()));

        var drained = harness.dispatcher().drain();
        var late = harness.submitLater(task(spec("digest").build()));
        harness.settle();

        assertThat(done(reply)).hasSize(1);
        assertThat(drained).isCompleted();
        assertThat(node.ended()).extracting(Error::getCode).isEqualTo(Code.CODE_DRAINING);
        assertThat(code(late)).isEqualTo(Code.CODE_DRAINING);
    }
}
