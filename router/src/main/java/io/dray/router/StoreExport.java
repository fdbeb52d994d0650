package io.dray.router;

import io.dray.core.wire.MeshError;
import io.dray.router.store.Stats;
import io.dray.router.store.Store;
import io.dray.router.store.StoreException;
import io.dray.router.store.StoreThread;
import io.dray.router.store.StoredTask;
import io.dray.router.tasks.Limit;
import io.dray.router.v1.ExportStoreResponse;
import io.dray.router.v1.StoreEnd;
import io.dray.router.v1.StoreHeader;
import io.dray.router.v1.StoreRecord;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/**
 * Sends one client all of a store. Tasks are read by id in small steps between the commits, so the router works on: a
 * task that ends meanwhile is there once all the same, since live and finished ones are read in one step. Blocks.
 */
final class StoreExport {
    private static final int FRAME_BYTES = 1 << 20;

    private final StoreThread store;
    private final ReadyCall<ExportStoreResponse> call;
    private ExportStoreResponse.Builder frame = ExportStoreResponse.newBuilder();
    private int frameBytes;

    StoreExport(StoreThread store, ReadyCall<ExportStoreResponse> call) {
        this.store = store;
        this.call = call;
    }

    /** What stands before the tasks. */
    private record Head(long lastId, Stats stats, List<Limit> limits, Set<String> cordoned) {
        static Head read(Store store) throws StoreException {
            return new Head(store.lastId(), store.inspection().stats(), store.limits(), store.cordoned());
        }
    }

    /** Sends everything; returns why it is not whole. */
    Optional<Error> run(String router, long nowMicros, long aboutTasks)
            throws InterruptedException, ExecutionException {
        Head head = Calls.await(store.run(Head::read));
        add(StoreRecord.newBuilder()
                .setHeader(StoreHeader.newBuilder()
                        .setMagic(StoreRecords.MAGIC)
                        .setFormat(StoreRecords.FORMAT)
                        .setRouter(router)
                        .setKind(head.stats().kind())
                        .setAtMicros(nowMicros)
                        .setLastId(head.lastId())
                        .setTasks(aboutTasks))
                .build());
        for (Limit limit : head.limits()) {
            add(StoreRecords.of(limit));
        }
        for (String node : head.cordoned()) {
            add(StoreRecord.newBuilder().setCordonedNode(node).build());
        }
        long tasks = 0;
        long after = 0;
        while (after < head.lastId() && !call.isGone()) {
            if (!store.isOwned()) {
                return Optional.of(MeshError.of(
                        Code.CODE_STORE_FAILED,
                        "Another router has taken the store; export it there, from the start."));
            }
            long from = after;
            List<StoredTask> next =
                    Calls.await(store.run(open -> open.inspection().tasks(from, head.lastId())));
            if (next.isEmpty()) {
                break;
            }
            for (StoredTask task : next) {
                for (StoreRecord record : StoreRecords.of(task)) {
                    add(record);
                }
            }
            tasks += next.size();
            after = next.getLast().task().id();
        }
        add(StoreRecord.newBuilder()
                .setEnd(StoreEnd.newBuilder().setTasks(tasks))
                .build());
        flush();
        return Optional.empty();
    }

    private void add(StoreRecord record) throws InterruptedException {
        int bytes = record.getSerializedSize();
        if (frameBytes > 0 && frameBytes + bytes > FRAME_BYTES) {
            flush();
        }
        frame.addRecords(record);
        frameBytes += bytes;
    }

    private void flush() throws InterruptedException {
        var _ = call.write(frame.build());
        frame = ExportStoreResponse.newBuilder();
        frameBytes = 0;
    }
}
