package io.dray.sidecar.replies;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.dray.core.net.MemoryBudget;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The replies that may be given again, each for its time, in a bounded number of bytes of the budget; when they are too
 * many, those that are asked for least go. What it holds is counted as it comes and goes. Thread-safe.
 */
final class KeptReplies {
    /** No entry takes more than that part of the room. */
    private static final int ENTRY_SHARE = 8;

    private final long roomBytes;
    private final MemoryBudget.Share budget;
    private final LongSupplier nanoTime;
    private final LongAdder stored = new LongAdder();
    private final LongAdder evicted = new LongAdder();
    private final LongAdder entries = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private volatile @Nullable Cache<RequestKey, CachedReply> replies;

    /**
     * Creates it empty.
     *
     * @param roomBytes of the replies and of what else takes room of the budget
     */
    KeptReplies(long roomBytes, MemoryBudget.Share budget, LongSupplier nanoTime) {
        this.roomBytes = roomBytes;
        this.budget = budget;
        this.nanoTime = nanoTime;
    }

    @Nullable
    CachedReply find(RequestKey key) {
        Cache<RequestKey, CachedReply> known = replies;
        return known == null ? null : known.getIfPresent(key);
    }

    /** Keeps a reply if there is room. */
    void keep(RequestKey key, CachedReply reply) {
        if (reply.bytes() > roomBytes / ENTRY_SHARE) {
            return;
        }
        Cache<RequestKey, CachedReply> all = cache();
        // What is replaced gives its room back by the listener.
        if (!budget.tryReserve(reply.bytes())) {
            all.cleanUp();
            if (!budget.tryReserve(reply.bytes())) {
                return;
            }
        }
        stored.increment();
        entries.increment();
        bytes.add(reply.bytes());
        all.put(key, reply);
    }

    /** Forgets one. */
    void forget(RequestKey key) {
        cache().invalidate(key);
    }

    /** Lets go of those whose time is over. */
    void sweep() {
        Cache<RequestKey, CachedReply> known = replies;
        if (known != null) {
            known.cleanUp();
        }
    }

    /** Forgets all; returns how many. */
    long clear() {
        Cache<RequestKey, CachedReply> known = replies;
        if (known == null) {
            return 0;
        }
        long size = known.asMap().size();
        known.invalidateAll();
        known.cleanUp();
        return size;
    }

    /** How many were kept since the start. */
    long stored() {
        return stored.sum();
    }

    /** How many had to go for others before their time. */
    long evicted() {
        return evicted.sum();
    }

    /** How many are there. */
    long entries() {
        return entries.sum();
    }

    /** What those take that are there. */
    long bytes() {
        return bytes.sum();
    }

    /** Made for the first reply that is kept: most sidecars never have one. */
    private synchronized Cache<RequestKey, CachedReply> cache() {
        Cache<RequestKey, CachedReply> known = replies;
        if (known == null) {
            known = Caffeine.newBuilder()
                    // The room of requests that wait is beside it, so that a full cache lets them in.
                    .maximumWeight(roomBytes - roomBytes / ENTRY_SHARE)
                    .weigher((RequestKey _, CachedReply reply) -> reply.bytes())
                    .expireAfter(
                            Expiry.<RequestKey, CachedReply>creating((_, reply) -> Duration.ofNanos(reply.ttlNanos())))
                    .ticker(nanoTime::getAsLong)
                    .executor(Runnable::run)
                    .removalListener(this::onRemoval)
                    .build();
            replies = known;
        }
        return known;
    }

    private void onRemoval(@Nullable RequestKey key, @Nullable CachedReply reply, RemovalCause cause) {
        if (reply != null) {
            entries.decrement();
            bytes.add(-reply.bytes());
            budget.release(reply.bytes());
        }
        if (cause == RemovalCause.SIZE) {
            evicted.increment();
        }
    }
}
