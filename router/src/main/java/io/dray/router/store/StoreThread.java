package io.dray.router.store;

import com.google.protobuf.ByteString;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Runs everything that touches the store, in the order it was asked for, on the one thread of the given executor. So a
 * read sees every commit that was asked for before it. Thread-safe.
 */
public final class StoreThread {
    private final Store store;
    private final Executor executor;
    private volatile String whyFull = "";

    public StoreThread(Store store, Executor executor) {
        this.store = store;
        this.executor = executor;
    }

    /** One read or write. */
    public interface Work<R extends @Nullable Object> {
        R run(Store store) throws StoreException;
    }

    /** Runs one piece of work; the future ends on the store's thread, with a {@link StoreException} when it failed. */
    public <R extends @Nullable Object> CompletableFuture<R> run(Work<R> work) {
        CompletableFuture<R> result = new CompletableFuture<>();
        try {
            executor.execute(() -> {
                try {
                    result.complete(work.run(store));
                } catch (StoreException | RuntimeException failure) {
                    if (failure instanceof StoreException full && full.kind() == StoreException.Kind.FULL) {
                        whyFull = String.valueOf(full.getMessage());
                    }
                    result.completeExceptionally(failure);
                }
            });
        } catch (RejectedExecutionException _) {
            result.completeExceptionally(new StoreException("the store is closed (expected: a running router)"));
        }
        return result;
    }

    /** Has the store look whether it has room. */
    public void lookForRoom() {
        var _ = run(open -> whyFull = open.whyFull());
    }

    /** Returns why nothing new should be stored, as last heard; empty while there is room. */
    public String whyFull() {
        return whyFull;
    }

    /** Returns whether the store was this router's when last heard. */
    public boolean isOwned() {
        return store.isOwned();
    }

    /** Returns which router owns a store that several share, as last heard. Any thread. */
    public Optional<PoolOwner> owner() {
        return store.owner();
    }

    /** Returns the number of this router's ownership. Any thread. */
    public long epoch() {
        return store.epoch();
    }

    /** Says where other routers reach this one. Any thread. */
    public void advertise(String address) {
        store.advertise(address);
    }

    /** Commits a group and then reads the payloads of tasks whose assignments leave after it. */
    public CompletableFuture<Map<Long, ByteString>> commit(List<Change> changes, Collection<Long> payloadsWanted) {
        return run(open -> {
            open.commit(changes);
            return payloadsWanted.isEmpty() ? Map.of() : open.payloads(payloadsWanted);
        });
    }
}
