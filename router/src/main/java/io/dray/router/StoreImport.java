package io.dray.router;

import com.google.protobuf.ByteString;
import io.dray.core.wire.MeshError;
import io.dray.router.dispatch.Time;
import io.dray.router.store.Change;
import io.dray.router.store.Store;
import io.dray.router.store.StoreException;
import io.dray.router.store.StoreThread;
import io.dray.router.store.StoredTask;
import io.dray.router.tasks.Limit;
import io.dray.router.tasks.TaskId;
import io.dray.router.tasks.TaskKey;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.router.v1.ImportStoreResponse;
import io.dray.router.v1.StoreHeader;
import io.dray.router.v1.StoreRecord;
import io.dray.router.v1.TaskPart;
import io.dray.router.v1.TaskRecord;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Puts the records of one export into a store, or only looks whether they would fit. What is there already with the same
 * submission stays as it is, so an import that broke off is simply begun again. Blocks; confined to one thread.
 */
final class StoreImport {
    private static final int BATCH_TASKS = 500;
    private static final long BATCH_BYTES = 8L << 20;

    private final StoreThread store;
    private final Time time;
    private final boolean checkOnly;
    private final ImportStoreResponse.Builder done = ImportStoreResponse.newBuilder();
    private final List<StoredTask> batch = new ArrayList<>();
    private long batchBytes;
    private long records;
    private long tasks;
    private boolean begun;
    private boolean ended;
    private @Nullable Assembly assembly;

    StoreImport(StoreThread store, Time time, boolean checkOnly) {
        this.store = store;
        this.time = time;
        this.checkOnly = checkOnly;
    }

    /** A task whose payload and result still come. */
    private static final class Assembly {
        private final TaskRecord task;
        private ByteString payload = ByteString.EMPTY;
        private ByteString result = ByteString.EMPTY;
        private int parts;

        Assembly(TaskRecord task) {
            this.task = task;
        }

        void add(TaskPart part) {
            payload = payload.concat(part.getPayload());
            result = result.concat(part.getResult());
            parts++;
        }

        boolean isWhole() {
            return parts == task.getParts();
        }
    }

    /** Takes the next record; returns why the import ends here. */
    Optional<Error> add(StoreRecord record) throws InterruptedException, ExecutionException {
        records++;
        try {
            return take(record);
        } catch (IllegalArgumentException bad) {
            return malformed(String.valueOf(bad.getMessage()));
        }
    }

    private Optional<Error> take(StoreRecord record) throws InterruptedException, ExecutionException {
        if (ended || begun == record.hasHeader() || (assembly != null) != record.hasPart()) {
            return malformed(record.getRecordCase() + " is out of order");
        }
        return switch (record.getRecordCase()) {
            case HEADER -> begin(record.getHeader());
            case LIMIT -> put(StoreRecords.limit(record.getLimit()));
            case CORDONED_NODE -> cordon(record.getCordonedNode());
            case TASK -> begin(record.getTask());
            case PART -> more(record.getPart());
            case END -> end(record.getEnd().getTasks());
            case RECORD_NOT_SET -> malformed("a record is of no known kind");
        };
    }

    private Optional<Error> begin(StoreHeader header) {
        begun = true;
        if (!header.getMagic().equals(StoreRecords.MAGIC)) {
            return malformed("the header is none");
        }
        if (header.getFormat() != StoreRecords.FORMAT) {
            return Optional.of(MeshError.of(
                    Code.CODE_INVALID_REQUEST,
                    "The export has another format than this router reads; use the version that wrote it.",
                    Integer.toUnsignedString(header.getFormat()),
                    Integer.toString(StoreRecords.FORMAT)));
        }
        return Optional.empty();
    }

    private Optional<Error> put(Limit limit) throws InterruptedException, ExecutionException {
        if (!checkOnly) {
            var _ = Calls.await(store.run(open -> {
                open.putLimit(limit);
                return limit;
            }));
        }
        done.setLimits(done.getLimits() + 1);
        return Optional.empty();
    }

    private Optional<Error> cordon(String node) throws InterruptedException, ExecutionException {
        if (!checkOnly) {
            long now = time.nowMicros();
            var _ = Calls.await(store.run(open -> {
                open.cordon(node, true, now);
                return node;
            }));
        }
        done.setCordoned(done.getCordoned() + 1);
        return Optional.empty();
    }

    private Optional<Error> begin(TaskRecord task) throws InterruptedException, ExecutionException {
        Assembly fresh = new Assembly(task);
        if (!fresh.isWhole()) {
            assembly = fresh;
            return Optional.empty();
        }
        return add(StoreRecords.task(task, task.getPayload(), task.getResult()));
    }

    private Optional<Error> more(TaskPart part) throws InterruptedException, ExecutionException {
        Assembly open = assembly;
        if (open == null) {
            return malformed("a part belongs to no task");
        }
        open.add(part);
        if (!open.isWhole()) {
            return Optional.empty();
        }
        assembly = null;
        return add(StoreRecords.task(open.task, open.payload, open.result));
    }

    private Optional<Error> add(StoredTask task) throws InterruptedException, ExecutionException {
        tasks++;
        batch.add(task);
        batchBytes += task.payload().size();
        return batch.size() == BATCH_TASKS || batchBytes > BATCH_BYTES ? flush() : Optional.empty();
    }

    private Optional<Error> end(long expected) throws InterruptedException, ExecutionException {
        ended = true;
        return tasks == expected ? flush() : malformed(tasks + " tasks came, and the end tells of " + expected);
    }

    /** What a batch did. */
    private record Written(int imported, int existed, Optional<Error> conflict) {}

    private Optional<Error> flush() throws InterruptedException, ExecutionException {
        List<StoredTask> next = List.copyOf(batch);
        batch.clear();
        batchBytes = 0;
        Written written = Calls.await(store.run(open -> write(open, next, checkOnly)));
        done.setImported(done.getImported() + written.imported()).setExisted(done.getExisted() + written.existed());
        return written.conflict();
    }

    /** Runs on the store's thread: all of the batch that is new, or nothing of it. */
    private static Written write(Store open, List<StoredTask> batch, boolean checkOnly) throws StoreException {
        Map<Long, TaskSnapshot> fresh = new HashMap<>();
        Map<TaskKey, Long> keys = new HashMap<>();
        List<Change> changes = new ArrayList<>();
        for (StoredTask task : batch) {
            StoredTask stored = open.find(task.task().id());
            TaskSnapshot known = stored == null ? fresh.get(task.task().id()) : stored.task();
            if (known != null) {
                if (known.submission().equals(task.task().submission())) {
                    continue;
                }
                return new Written(0, 0, Optional.of(otherTask(task.task())));
            }
            Optional<Error> conflict = keyConflict(open, task.task(), keys);
            if (conflict.isPresent()) {
                return new Written(0, 0, conflict);
            }
            fresh.put(task.task().id(), task.task());
            changes.add(new Change.Insert(task.task(), task.payload()));
        }
        if (!checkOnly) {
            open.commit(changes);
        }
        return new Written(changes.size(), batch.size() - changes.size(), Optional.empty());
    }

    private static Optional<Error> keyConflict(Store open, TaskSnapshot task, Map<TaskKey, Long> keys)
            throws StoreException {
        if (!task.submission().hasKey()) {
            return Optional.empty();
        }
        TaskKey key = task.submission().key();
        TaskSnapshot stored = open.find(key);
        Long first = stored == null ? keys.putIfAbsent(key, task.id()) : Long.valueOf(stored.id());
        if (first == null) {
            return Optional.empty();
        }
        return Optional.of(MeshError.of(
                Code.CODE_KEY_CONFLICT,
                "The idempotency key of task " + TaskId.text(task.id()) + " belongs to task " + TaskId.text(first)
                        + " here; nothing from this task on was imported.",
                key.key(),
                "a store without that key"));
    }

    private static Error otherTask(TaskSnapshot task) {
        return MeshError.of(
                Code.CODE_KEY_CONFLICT,
                "Another task has that id here; nothing from this task on was imported.",
                TaskId.text(task.id()),
                "an empty store, or one that this export was imported into before");
    }

    private Optional<Error> malformed(String what) {
        return Optional.of(MeshError.of(
                Code.CODE_INVALID_REQUEST,
                "The export cannot be read: record " + records + ": " + what + ".",
                "",
                "a whole file of `dray store export`"));
    }

    /** Returns what was done, or why the export is not whole. */
    Optional<Error> whyNotWhole() {
        return ended ? Optional.empty() : malformed("the end is missing");
    }

    ImportStoreResponse response() {
        return done.build();
    }
}
