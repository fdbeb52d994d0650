package io.dray.router.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.dray.core.wire.MeshError;
import io.dray.router.tasks.Hold;
import io.dray.router.tasks.Limit;
import io.dray.router.tasks.Limit.Scope;
import io.dray.router.tasks.Page;
import io.dray.router.tasks.StateName;
import io.dray.router.tasks.Submission;
import io.dray.router.tasks.TaskFilter;
import io.dray.router.tasks.TaskKey;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.router.tasks.TaskState;
import io.dray.router.tasks.TaskState.Assigned;
import io.dray.router.tasks.TaskState.Pending;
import io.dray.router.tasks.TaskState.Waiting;
import io.dray.router.tasks.WaitingReason;
import io.dray.router.v1.TaskSpec;
import io.dray.types.v1.Code;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreTest {
    private static final ByteString PAYLOAD = ByteString.copyFromUtf8("payload");
    private static final TaskFilter ALL = new TaskFilter("default", "", "", Set.of(), Map.of());

    @TempDir
    private Path folder = Path.of("");

    private Path file() {
        return folder.resolve("deep/router.db");
    }

    private static TaskSnapshot pending(long id, String key) {
        TaskSpec spec = TaskSpec.newBuilder()
                .setCapability("digest")
                .setQueue("default")
                .setIdempotencyKey(key)
                .putLabels("id", Long.toString(id))
                .build();
        return TaskSnapshot.submitted(
                new Submission(id, spec, "default", "uid:1", ByteString.copyFromUtf8("print"), 100 + id),
                new Pending());
    }

    private static TaskSnapshot assigned(TaskSnapshot task) {
        return task.assigned(new Pending(), new Hold(task.attempts().token() + 1, "n", "w/1@n", 500));
    }

    private static TaskSnapshot succeeded(TaskSnapshot task) {
        TaskSnapshot held = task.state() instanceof Assigned ? task : assigned(task);
        return held.succeeded((Assigned) held.state(), 900, ByteString.copyFromUtf8("42"));
    }

    private static List<TaskSnapshot> live(Store store) throws StoreException {
        List<TaskSnapshot> live = new ArrayList<>();
        store.forEachLive(live::add);
        return live;
    }

    @Test
    void whatWasCommittedIsThereAfterAnAbruptEnd() throws Exception {
        TaskSnapshot waiting = assigned(pending(1, "k"));
        waiting = waiting.checkpointed(ByteString.copyFromUtf8("state"))
                .retried((Assigned) waiting.state(), 777, MeshError.of(Code.CODE_WORKER_LOST, "lost"));
        TaskSnapshot held = assigned(pending(2, "")).cancelWanted();
        SqliteStore store = SqliteStore.open(file());
        store.commit(List.of(new Change.Insert(waiting, PAYLOAD), new Change.Insert(held, PAYLOAD)));
        store.nodeSeen("n", 1_000);

        Path copy = copyWithoutClosing();
        store.close();

        try (SqliteStore again = SqliteStore.open(copy)) {
            assertThat(live(again)).containsExactly(waiting, held);
            assertThat(Objects.requireNonNull(again.find(2)).payload()).isEqualTo(PAYLOAD);
            assertThat(again.nodesSince(1_000)).containsExactly("n");
            assertThat(again.nodesSince(1_001)).isEmpty();
            assertThat(again.epoch()).isEqualTo(2);
            assertThat(again.lastId()).isEqualTo(2);
        }
    }

    /** Copies the file and its WAL as a kill would leave them. */
    private Path copyWithoutClosing() throws Exception {
        Path copy = folder.resolve("copy.db");
        Files.copy(file(), copy);
        Files.copy(Path.of(file() + "-wal"), Path.of(copy + "-wal"));
        return copy;
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
                pending(7, "").expired(new Pending(), 9, MeshError.of(Code.CODE_EXPIRED, "x")));
        try (SqliteStore store = SqliteStore.open(file())) {
            for (TaskSnapshot task : all) {
                store.commit(List.of(new Change.Insert(task, PAYLOAD)));
            }

            for (TaskSnapshot task : all) {
                assertThat(Objects.requireNonNull(store.find(task.id())).task()).isEqualTo(task);
            }
            assertThat(store.finishedCounts())
                    .isEqualTo(Map.of(
                            StateName.SUCCEEDED,
                            1L,
                            StateName.FAILED,
                            1L,
                            StateName.CANCELLED,
                            1L,
                            StateName.EXPIRED,
                            1L));
        }
    }

    @Test
    void aFinishedTaskLeavesTheLiveOnesAndKeepsItsPayloadAndKey() throws Exception {
        try (SqliteStore store = SqliteStore.open(file())) {
            TaskSnapshot task = pending(1, "k");
            store.commit(List.of(new Change.Insert(task, PAYLOAD)));
            store.commit(List.of(new Change.Update(assigned(task))));
            store.commit(List.of(new Change.Finish(succeeded(task))));

            assertThat(live(store)).isEmpty();
            assertThat(store.find(new TaskKey("default", "k"))).isEqualTo(succeeded(task));
            assertThat(store.payloads(List.of(1L))).containsEntry(1L, PAYLOAD);
            List<TaskKey> keys = new ArrayList<>();
            store.forEachFinishedKey(keys::add);
            assertThat(keys).containsExactly(new TaskKey("default", "k"));
        }
    }

    @Test
    void aCommitIsAllOrNothing() throws Exception {
        try (SqliteStore store = SqliteStore.open(file())) {
            List<Change> twice =
                    List.of(new Change.Insert(pending(1, "k"), PAYLOAD), new Change.Insert(pending(2, "k"), PAYLOAD));

            assertThatThrownBy(() -> store.commit(twice))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("commit of 2 changes failed");
            assertThatThrownBy(() -> store.commit(List.of(new Change.Finish(succeeded(pending(9, ""))))))
                    .hasMessageContaining("expected: 1");

            assertThat(live(store)).isEmpty();
            store.commit(List.of(new Change.Insert(pending(3, "k"), PAYLOAD)));
            assertThat(live(store)).hasSize(1);
        }
    }

    @Test
    void pagesOfFinishedTasksGoDownWithoutResults() throws Exception {
        try (SqliteStore store = SqliteStore.open(file())) {
            for (long id = 1; id <= 10; id++) {
                store.commit(List.of(new Change.Insert(succeeded(pending(id, "")), PAYLOAD)));
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
    }

    @Test
    void limitsAreReplacedAndRemovedByName() throws Exception {
        Limit nightly = new Limit(Scope.QUEUE, "nightly", 4, 0.5, 7, true);
        Limit digest = new Limit(Scope.CAPABILITY, "nightly", Integer.MAX_VALUE, 0, 0, false);
        try (Store store = SqliteStore.open(file())) {
            store.putLimit(new Limit(Scope.QUEUE, "nightly", 1, 0, 0, false));
            store.putLimit(new Limit(Scope.QUEUE, "gone", 1, 0, 0, false));
            store.putLimit(nightly);
            store.putLimit(digest);
            store.putLimit(Limit.none(Scope.QUEUE, "gone"));
        }

        try (Store store = SqliteStore.open(file())) {
            assertThat(store.limits()).containsExactlyInAnyOrder(nightly, digest);
        }
    }

    @Test
    void aSecondStoreOnTheFileIsRefusedWithOneClearSentence() throws Exception {
        try (SqliteStore first = SqliteStore.open(file())) {
            assertThat(first.epoch()).isEqualTo(1);
            assertThatThrownBy(() -> SqliteStore.open(file()))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("is in use by another process (expected: one router per file)");
        }
    }

    @Test
    void aFileThatIsNoStoreIsRefused() throws Exception {
        Path text = folder.resolve("text.db");
        Files.writeString(text, "this is not a database, but long enough to be read as one ".repeat(100));

        assertThatThrownBy(() -> SqliteStore.open(text))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("cannot be opened");
    }

    @Test
    void aFileOfANewerRouterIsRefused() throws Exception {
        SqliteStore.open(file()).close();
        try (Connection raw = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = raw.createStatement()) {
            statement.execute("PRAGMA user_version = 99");
        }

        assertThatThrownBy(() -> SqliteStore.open(file()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("store schema: 99");
    }

    @Test
    void aCordonOutlivesTheProcess() throws Exception {
        try (Store store = SqliteStore.open(file())) {
            store.nodeSeen("a", 5);
            store.cordon("a", true, 7);
            store.cordon("b", true, 7);
            store.cordon("b", false, 8);
        }

        try (Store store = SqliteStore.open(file())) {
            assertThat(store.cordoned()).containsExactly("a");
            assertThat(store.nodesSince(5)).containsExactlyInAnyOrder("a", "b");
            assertThat(store.nodesSince(6)).containsExactly("b");
        }
    }
}
