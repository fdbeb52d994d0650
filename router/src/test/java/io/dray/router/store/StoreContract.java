package io.dray.router.store;

import static io.dray.router.store.StoredTasks.ALL;
import static io.dray.router.store.StoredTasks.PAYLOAD;
import static io.dray.router.store.StoredTasks.assigned;
import static io.dray.router.store.StoredTasks.backingOff;
import static io.dray.router.store.StoredTasks.insert;
import static io.dray.router.store.StoredTasks.live;
import static io.dray.router.store.StoredTasks.pending;
import static io.dray.router.store.StoredTasks.succeeded;
import static io.dray.router.store.StoredTasks.withResultTtl;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.dray.core.wire.MeshError;
import io.dray.router.tasks.Limit;
import io.dray.router.tasks.Limit.Scope;
import io.dray.router.tasks.Page;
import io.dray.router.tasks.Question;
import io.dray.router.tasks.StateName;
import io.dray.router.tasks.TaskFilter;
import io.dray.router.tasks.TaskKey;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.router.tasks.TaskState;
import io.dray.router.tasks.TaskState.Assigned;
import io.dray.router.tasks.TaskState.Parked;
import io.dray.router.tasks.TaskState.Pending;
import io.dray.router.tasks.TaskState.Waiting;
import io.dray.router.tasks.WaitingReason;
import io.dray.types.v1.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What {@link Store} promises, held against each store by a class that extends this one. */
abstract class StoreContract {
    private final List<Store> opened = new ArrayList<>();

    /** Opens this test's store, the first time an empty one. */
    abstract Store openStore() throws Exception;

    /** Returns what a router finds that starts after the owner of this store was killed. */
    abstract Store openAfterKillOf(Store killed) throws Exception;

    final Store open() throws Exception {
        return taken(openStore());
    }

    final Store afterKillOf(Store killed) throws Exception {
        return taken(openAfterKillOf(killed));
    }

    private Store taken(Store store) throws StoreException {
        opened.add(store);
        store.take();
        return store;
    }

    @AfterEach
    final void closeAll() {
        opened.reversed().forEach(Store::close);
    }

    @Test
    void whatWasCommittedIsThereAfterAnAbruptEnd() throws Exception {
        TaskSnapshot waiting = backingOff(1, "k");
        TaskSnapshot held = assigned(pending(2, "")).cancelWanted();
        Store store = open();
        long epoch = store.epoch();
        store.commit(List.of(insert(waiting), insert(held)));
        store.nodeSeen("n", 1_000);

        Store again = afterKillOf(store);

        assertThat(live(again)).containsExactly(waiting, held);
        assertThat(Objects.requireNonNull(again.find(2)).payload()).isEqualTo(PAYLOAD);
        assertThat(again.nodesSince(1_000)).containsExactly("n");
        assertThat(again.nodesSince(1_001)).isEmpty();
        assertThat(again.epoch()).isGreaterThan(epoch);
        assertThat(again.lastId()).isEqualTo(2);
    }

    @Test
    void aStoreThatWasClosedOpensAtOnceWithAGreaterEpoch() throws Exception {
        Store store = open();
        long epoch = store.epoch();
        store.commit(List.of(insert(pending(1, ""))));
        assertThat(store.isOwned()).isTrue();
        assertThat(store.take()).isEqualTo(epoch);
        store.close();

        Store again = open();

        assertThat(again.epoch()).isGreaterThan(epoch);
        assertThat(live(again)).hasSize(1);
    }

    @Test
    void whatAParkedTaskAsksAndTheAnswerAreKept() throws Exception {
        TaskSnapshot held = assigned(pending(1, ""));
        Question question = Question.asked(1, 2, ByteString.copyFromUtf8("may I?"));
        TaskSnapshot parked = held.parked((Assigned) held.state(), question);
        TaskSnapshot answered = parked.answered((Parked) parked.state(), question.answered(ByteString.EMPTY));
        Store store = open();
        store.commit(List.of(insert(parked), insert(pending(2, ""))));
        assertThat(live(store)).contains(parked);

        store.commit(List.of(new Change.Update(answered)));

        assertThat(live(afterKillOf(store))).contains(answered);
    }

    @Test
    void limitsAreReplacedAndRemovedByName() throws Exception {
        Limit nightly = new Limit(Scope.QUEUE, "nightly", 4, 0.5, 7, true);
        Limit digest = new Limit(Scope.CAPABILITY, "nightly", Integer.MAX_VALUE, 0, 0, false);
        Store store = open();
        store.putLimit(new Limit(Scope.QUEUE, "nightly", 1, 0, 0, false));
        store.putLimit(new Limit(Scope.QUEUE, "gone", 1, 0, 0, false));
        store.putLimit(nightly);
        store.putLimit(digest);
        store.putLimit(Limit.none(Scope.QUEUE, "gone"));

        assertThat(afterKillOf(store).limits()).containsExactlyInAnyOrder(nightly, digest);
    }

    @Test
    void cordonsAreKeptAndLifted() throws Exception {
        Store store = open();
        store.nodeSeen("n", 1_000);
        store.cordon("n", true, 2_000);
        store.cordon("never-seen", true, 2_000);
        store.cordon("lifted", true, 2_000);
        store.cordon("lifted", false, 3_000);

        assertThat(afterKillOf(store).cordoned()).containsExactlyInAnyOrder("n", "never-seen");
    }

    @Test
    void anEmptyStoreHasNothing() throws Exception {
        Store store = open();

        store.commit(List.of());

        assertThat(store.lastId()).isZero();
        assertThat(live(store)).isEmpty();
        assertThat(store.find(1)).isNull();
        assertThat(store.find(new TaskKey("default", "k"))).isNull();
        assertThat(store.finishedCounts()).isEmpty();
        assertThat(store.finished(ALL, Long.MAX_VALUE, 10, 10).tasks()).isEmpty();
        assertThat(store.payloads(List.of())).isEmpty();
        assertThat(store.removeFinishedBefore(Long.MAX_VALUE)).isEqualTo(Removed.NOTHING);
        assertThat(store.dropBodiesBefore(Long.MAX_VALUE)).isZero();
        assertThat(store.whyFull()).isEmpty();
    }

    @Test
    void eachStateIsReadBackAsItWasWritten() throws Exception {
        TaskSnapshot held = assigned(pending(4, ""));
        List<TaskSnapshot> all = List.of(
                pending(1, ""),
                TaskSnapshot.submitted(pending(2, "").submission(), new Waiting(WaitingReason.NOT_BEFORE, 99)),
                assigned(pending(3, "")),
                succeeded(held),
                assigned(pending(5, "")).failed((Assigned) held.state(), 9, MeshError.of(Code.CODE_EXPIRED, "x")),
                pending(6, "").cancelled(new Pending(), 9, MeshError.of(Code.CODE_CANCELLED, "x")),
                pending(7, "").expired(new Pending(), 9, MeshError.of(Code.CODE_EXPIRED, "x")),
                assigned(pending(8, "")).started((Assigned) held.state()),
                backingOff(9, "ключ"));
        Store store = open();
        for (TaskSnapshot task : all) {
            store.commit(List.of(insert(task)));
        }

        for (TaskSnapshot task : all) {
            assertThat(Objects.requireNonNull(store.find(task.id())).task()).isEqualTo(task);
        }
        assertThat(live(store)).containsExactly(all.get(0), all.get(1), all.get(2), all.get(7), all.get(8));
        assertThat(store.finishedCounts())
                .isEqualTo(Map.of(
                        StateName.SUCCEEDED, 1L, StateName.FAILED, 1L, StateName.CANCELLED, 1L, StateName.EXPIRED, 1L));
    }

    @Test
    void aLiveTaskIsUpdatedToEachLiveState() throws Exception {
        TaskSnapshot task = pending(1, "k");
        Store store = open();
        store.commit(List.of(insert(task)));

        for (TaskSnapshot next :
                List.of(assigned(task), backingOff(1, "k"), assigned(task).cancelWanted())) {
            store.commit(List.of(new Change.Update(next)));

            assertThat(live(store)).containsExactly(next);
        }
    }

    @Test
    void aFinishedTaskLeavesTheLiveOnesAndKeepsItsPayloadAndKey() throws Exception {
        Store store = open();
        TaskSnapshot task = pending(1, "k");
        store.commit(List.of(insert(task)));
        store.commit(List.of(new Change.Update(assigned(task))));
        store.commit(List.of(new Change.Finish(succeeded(task))));

        assertThat(live(store)).isEmpty();
        assertThat(store.find(new TaskKey("default", "k"))).isEqualTo(succeeded(task));
        assertThat(store.find(new TaskKey("other", "k"))).isNull();
        assertThat(store.payloads(List.of(1L))).containsEntry(1L, PAYLOAD);
        List<TaskKey> keys = new ArrayList<>();
        store.forEachFinishedKey(keys::add);
        assertThat(keys).containsExactly(new TaskKey("default", "k"));
    }

    @Test
    void oneCommitDoesAllKindsOfChanges() throws Exception {
        Store store = open();
        store.commit(List.of(insert(pending(1, "a")), insert(pending(2, "b")), insert(pending(3, "c"))));

        store.commit(List.of(
                new Change.Finish(succeeded(pending(1, "a"))),
                insert(pending(4, "d")),
                new Change.Update(assigned(pending(2, "b"))),
                insert(succeeded(pending(5, "e"))),
                new Change.Update(backingOff(3, "c"))));

        assertThat(live(store)).containsExactly(assigned(pending(2, "b")), backingOff(3, "c"), pending(4, "d"));
        assertThat(store.find(new TaskKey("default", "a"))).isEqualTo(succeeded(pending(1, "a")));
        assertThat(store.find(new TaskKey("default", "e"))).isEqualTo(succeeded(pending(5, "e")));
        assertThat(store.payloads(List.of(1L, 4L, 5L))).hasSize(3).containsEntry(1L, PAYLOAD);
    }

    @Test
    void aCommitIsAllOrNothing() throws Exception {
        Store store = open();
        List<Change> twice = List.of(insert(pending(1, "k")), insert(pending(2, "k")));

        assertThatThrownBy(() -> store.commit(twice))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("commit of 2 changes failed")
                .hasMessageNotContaining("\n");
        assertThatThrownBy(() ->
                        store.commit(List.of(insert(pending(8, "")), new Change.Finish(succeeded(pending(9, ""))))))
                .hasMessageContaining("expected: 1");
        assertThatThrownBy(() ->
                        store.commit(List.of(insert(succeeded(pending(8, ""))), new Change.Update(pending(9, "")))))
                .hasMessageContaining("expected: 1");

        assertThat(live(store)).isEmpty();
        assertThat(store.lastId()).isZero();
        store.commit(List.of(insert(pending(3, "k"))));
        assertThat(live(store)).hasSize(1);
    }

    @Test
    void aTaskThatEndedIsNotLiveForLaterChanges() throws Exception {
        Store store = open();
        store.commit(List.of(insert(pending(1, ""))));
        store.commit(List.of(new Change.Finish(succeeded(pending(1, "")))));

        assertThatThrownBy(() -> store.commit(List.of(new Change.Update(assigned(pending(1, ""))))))
                .isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> store.commit(List.of(new Change.Finish(succeeded(pending(1, ""))))))
                .isInstanceOf(StoreException.class);

        assertThat(store.finishedCounts()).isEqualTo(Map.of(StateName.SUCCEEDED, 1L));
    }

    @Test
    void pagesOfFinishedTasksGoDownWithoutResults() throws Exception {
        Store store = open();
        for (long id = 1; id <= 10; id++) {
            store.commit(List.of(insert(succeeded(pending(id, "")))));
        }

        Page first = store.finished(ALL, Long.MAX_VALUE, 4, 100);
        assertThat(first.tasks()).extracting(TaskSnapshot::id).containsExactly(10L, 9L, 8L, 7L);
        assertThat(first.tasks().getFirst().state()).isEqualTo(new TaskState.Succeeded(900, ByteString.EMPTY));
        Page rest = store.finished(ALL, first.examinedDownTo(), 100, 100);
        assertThat(rest.tasks()).hasSize(6);
        assertThat(rest.examinedDownTo()).isEqualTo(Page.NOTHING_BELOW);

        TaskFilter labelled = new TaskFilter("default", "", "", Set.of(), Map.of("id", "3"));
        Page bounded = store.finished(labelled, Long.MAX_VALUE, 4, 5);
        assertThat(bounded.tasks()).isEmpty();
        assertThat(bounded.examinedDownTo()).isEqualTo(6);
    }

    @Test
    void aStoreIsReadAsAWholeByIdWhereverATaskStands() throws Exception {
        Store store = open();
        List<TaskSnapshot> all = List.of(pending(1, "a"), succeeded(pending(2, "b")), assigned(pending(3, "")));
        store.commit(all.stream().map(StoredTasks::insert).toList());
        Inspection inspection = store.inspection();

        assertThat(inspection.tasks(0, Long.MAX_VALUE))
                .containsExactlyElementsOf(
                        all.stream().map(task -> new StoredTask(task, PAYLOAD)).toList());
        assertThat(inspection.tasks(0, 2)).hasSize(2);
        assertThat(inspection.tasks(2, Long.MAX_VALUE)).hasSize(1);
        assertThat(inspection.tasks(3, Long.MAX_VALUE)).isEmpty();
        assertThat(inspection.nextId(1)).isEqualTo(2);
        assertThat(inspection.nextId(3)).isZero();
        for (Inspection.Check check : inspection.checks()) {
            assertThat(check.faults()).as(check.name()).isEmpty();
        }
        assertThat(inspection.stats().oldestLiveMicros()).isEqualTo(101);
        assertThat(inspection.stats().oldestFinishedMicros()).isEqualTo(102);
        assertThat(inspection.stats().parts()).isNotEmpty().allMatch(part -> part.bytes() >= 0);
    }

    @Test
    void largeTasksAreReadFewAtATime() throws Exception {
        Store store = open();
        ByteString large = ByteString.copyFrom(new byte[3 << 20]);
        for (long id = 1; id <= 3; id++) {
            store.commit(List.of(new Change.Insert(pending(id, ""), large)));
        }

        assertThat(store.inspection().tasks(0, Long.MAX_VALUE)).hasSize(1);
        assertThat(store.inspection().tasks(1, Long.MAX_VALUE)).hasSize(1);
    }

    @Test
    void payloadAndResultAreDroppedAfterTheirTimeAndTheTaskAndItsKeyStay() throws Exception {
        Store store = open();
        TaskSnapshot due = succeeded(withResultTtl(pending(1, "due"), 100));
        TaskSnapshot young = succeeded(withResultTtl(pending(2, "young"), 200));
        store.commit(
                List.of(insert(due), insert(pending(3, "later")), insert(young), insert(succeeded(pending(4, "")))));
        store.commit(List.of(new Change.Finish(succeeded(withResultTtl(pending(3, "later"), 100)))));

        assertThat(store.dropBodiesBefore(1_001)).isEqualTo(2);
        assertThat(store.dropBodiesBefore(1_001)).isZero();

        assertThat(store.payloads(List.of(1L, 2L, 3L, 4L)))
                .isEqualTo(Map.of(1L, ByteString.EMPTY, 2L, PAYLOAD, 3L, ByteString.EMPTY, 4L, PAYLOAD));
        assertThat(Objects.requireNonNull(store.find(new TaskKey("default", "due")))
                        .state())
                .isEqualTo(new TaskState.Succeeded(900, ByteString.EMPTY));
        assertThat(store.find(new TaskKey("default", "young"))).isEqualTo(young);
        assertThat(store.finishedCounts()).isEqualTo(Map.of(StateName.SUCCEEDED, 4L));
    }

    @Test
    void oldFinishedTasksAreRemovedAndTheirIdsDoNotComeAgain() throws Exception {
        Store store = open();
        store.commit(List.of(
                insert(pending(1, "live")),
                insert(succeeded(pending(2, "young"), 5_000)),
                insert(succeeded(pending(3, "old"), 900))));

        long removed = 0;
        Removed step;
        do {
            step = store.removeFinishedBefore(5_000);
            removed += step.count();
        } while (step.more());

        assertThat(removed).isEqualTo(1);
        assertThat(store.finishedCounts()).isEqualTo(Map.of(StateName.SUCCEEDED, 1L));
        assertThat(store.find(3)).isNull();
        assertThat(store.find(new TaskKey("default", "old"))).isNull();
        assertThat(store.payloads(List.of(3L))).isEmpty();
        assertThat(store.find(2)).isNotNull();
        assertThat(live(store)).hasSize(1);
        assertThat(store.lastId()).isEqualTo(3);
        store.commit(List.of(insert(pending(4, "old"))));
    }
}
