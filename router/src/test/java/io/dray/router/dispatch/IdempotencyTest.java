package io.dray.router.dispatch;

import static io.dray.router.dispatch.DispatcherHarness.done;
import static io.dray.router.dispatch.DispatcherHarness.refused;
import static io.dray.router.dispatch.DispatcherHarness.spec;
import static io.dray.router.dispatch.DispatcherHarness.task;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.router.tasks.AttemptEvent;
import io.dray.router.tasks.StateName;
import io.dray.router.tasks.TaskId;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import org.junit.jupiter.api.Test;

class IdempotencyTest {
    private final MemoryStore store = new MemoryStore();
    private final DispatcherHarness harness = new DispatcherHarness(store).opened();

    private static NewTask keyed(String key) {
        return task(spec("digest").setIdempotencyKey(key).build());
    }

    private static NewTask other(String key) {
        return task(spec("digest").setIdempotencyKey(key).setType("other").build());
    }

    private TaskSnapshot finished(String key) {
        PlayedNode node = harness.node("n").join("digest", 1);
        var reply = harness.submitLater(keyed(key));
        harness.settle();
        node.event(node.newest(), new AttemptEvent.Succeeded(ByteString.copyFromUtf8("42")));
        harness.settle();
        return done(reply).getFirst().task();
    }

    @Test
    void theSameKeyIsTheSameLiveTask() {
        var first = harness.submitLater(keyed("k"));
        var second = harness.submitLater(keyed("k"));
        harness.settle();

        assertThat(done(first).getFirst().existed()).isFalse();
        assertThat(done(second).getFirst().existed()).isTrue();
        assertThat(store.tasks()).hasSize(1);
    }

    @Test
    void theSameKeyIsTheSameFinishedTask() {
        TaskSnapshot first = finished("k");

        var again = harness.submitLater(keyed("k"));
        harness.settle();

        Submitted submitted = done(again).getFirst();
        assertThat(submitted.existed()).isTrue();
        assertThat(submitted.task().id()).isEqualTo(first.id());
        assertThat(submitted.task().state().name()).isEqualTo(StateName.SUCCEEDED);
        assertThat(store.tasks()).hasSize(1);
    }

    @Test
    void theSameKeyIsTheSameFinishedTaskAfterARestart() {
        finished("k");
        store.restart();
        harness.crash();
        harness.settle();

        var again = harness.submitLater(keyed("k"));
        harness.settle();

        assertThat(done(again).getFirst().existed()).isTrue();
        assertThat(store.tasks()).hasSize(1);
    }

    @Test
    void twoSubmissionsWhileTheStoreIsAskedAreOneTask() {
        finished("k");

        var one = harness.submitLater(keyed("k"));
        var two = harness.submitLater(keyed("k"));
        harness.settle();

        assertThat(done(one).getFirst().existed()).isTrue();
        assertThat(done(two).getFirst().existed()).isTrue();
        assertThat(store.tasks()).hasSize(1);
    }

    @Test
    void aNewKeyAsksTheStoreNothing() {
        finished("k");

        var _ = harness.submitLater(keyed("fresh"));
        harness.settle();

        assertThat(store.findsByKey()).isZero();
        assertThat(store.tasks()).hasSize(2);
    }

    @Test
    void theSameKeyWithAnotherSpecConflictsAndNamesTheFirst() {
        var first = harness.submitLater(keyed("k"));
        harness.settle();

        var conflict = harness.submitLater(other("k"));
        harness.settle();

        Error error = refused(conflict);
        assertThat(error.getCode()).isEqualTo(Code.CODE_KEY_CONFLICT);
        assertThat(error.getValue())
                .isEqualTo(TaskId.text(done(first).getFirst().task().id()));
    }

    @Test
    void aConflictInABatchRefusesAllOfItAndNamesTheIndex() {
        var reply = harness.submitLater(keyed("a"), keyed("b"), other("a"));
        harness.settle();

        assertThat(refused(reply).getCode()).isEqualTo(Code.CODE_KEY_CONFLICT);
        assertThat(refused(reply).getMessage()).startsWith("specs[2]: ");
        assertThat(store.tasks()).isEmpty();
    }

    @Test
    void keysOfAnotherTenantAreOthers() {
        NewTask mine = keyed("k");
        NewTask theirs = new NewTask(mine.spec(), mine.payload(), "other", mine.principal(), mine.fingerprint());

        var _ = harness.submitLater(mine);
        var _ = harness.submitLater(theirs);
        harness.settle();

        assertThat(store.tasks()).hasSize(2);
    }

    @Test
    void aTaskThatEndsBeforeItsFirstCommitKeepsItsKey() {
        var reply = harness.submitLater(keyed("k"));
        harness.settle();
        long id = done(reply).getFirst().task().id();
        var _ = harness.dispatcher().cancel(id, "default");
        harness.runDispatcherOnly();

        var again = harness.submitLater(keyed("k"));
        harness.settle();

        assertThat(done(again).getFirst().task().id()).isEqualTo(id);
        assertThat(store.tasks()).hasSize(1);
    }

    @Test
    void aConflictNamesTheFirstTaskOnceThatIsCommitted() {
        var first = harness.submitLater(keyed("k"));
        var conflict = harness.submitLater(other("k"));
        harness.runDispatcherOnly();
        assertThat(conflict).isNotDone();

        harness.settle();

        assertThat(refused(conflict).getValue())
                .isEqualTo(TaskId.text(done(first).getFirst().task().id()));
    }

    @Test
    void aConflictWithATaskThatWasNotCommittedIsNotSaid() {
        store.failFromNowOn(true);
        var first = harness.submitLater(keyed("k"));
        var conflict = harness.submitLater(other("k"));

        harness.settle();

        assertThat(refused(first).getCode()).isEqualTo(Code.CODE_STORE_FAILED);
        assertThat(refused(conflict).getCode()).isEqualTo(Code.CODE_STORE_FAILED);
    }
}
