package io.dray.sidecar.peers;

import com.github.benmanes.caffeine.cache.CacheLoader;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.LoadingCache;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.dray.core.telemetry.Meters;
import io.dray.sidecar.routers.ControlLoop;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who answers to which address, as routers told. Read by any thread; look-ups and changes run on the control loop.
 * An address that nobody used for ten minutes is forgotten, a negative answer after one second; one in use is asked
 * for again each minute although routers push changes, in case that a push was lost.
 */
public final class AddressCache {
    private static final long KEEP_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final long KEEP_NEGATIVE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long REFRESH_SECONDS = 60;
    private static final long MAX_ADDRESSES = 100_000;

    private final ControlLoop control;
    private final Source source;
    private final LoadingCache<AddressKey, Members> cache;
    private final AtomicLong version = new AtomicLong();
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();

    /** Where answers come from; all calls on the control loop. */
    public interface Source {
        void lookUp(AddressKey key, Consumer<Members> callback);

        void refresh(AddressKey key);

        void forget(AddressKey key);
    }

    public AddressCache(ControlLoop control, Source source, Meters meters) {
        this.control = control;
        this.source = source;
        this.cache = Caffeine.newBuilder()
                .maximumSize(MAX_ADDRESSES)
                .ticker(control::nanos)
                .executor(control.executor())
                .expireAfter(new ByAnswer())
                .refreshAfterWrite(REFRESH_SECONDS, TimeUnit.SECONDS)
                .removalListener(this::onRemoval)
                .build(new Refresher());
        meters.total("dray_address_cache_hits", "Addresses that were known", hits::sum);
        meters.total("dray_address_cache_misses", "Addresses that were not known", misses::sum);
        meters.gauge("dray_address_cache_size", "Addresses that are known", cache::estimatedSize);
    }

    /** Returns what is known now, also that nobody answers; null means that nothing is known. Never blocks. */
    public @Nullable Members get(AddressKey key) {
        Members members = cache.getIfPresent(key);
        (members == null ? misses : hits).increment();
        return members;
    }

    /**
     * Finds out who answers. The callback runs exactly once, on the control loop: with what a router says, or with
     * nobody when none answers within 3 s. Must not block. Any thread.
     */
    public void resolve(AddressKey key, Consumer<Members> callback) {
        control.execute(() -> {
            Members known = cache.getIfPresent(key);
            if (known != null) {
                callback.accept(known);
                return;
            }
            source.lookUp(key, callback);
        });
    }

    /** Grows with each change of any entry, so that routes made from entries can be kept until then. */
    public long version() {
        return version.get();
    }

    /** Counts a hit for a caller that kept a route and did not ask again. */
    public void countHit() {
        hits.increment();
    }

    /** Keeps an answer and returns it as it is kept; the same answer again is no change. */
    public Members put(AddressKey key, List<Member> nodes) {
        Members before = cache.asMap().get(key);
        if (before != null && before.nodes().equals(nodes)) {
            cache.put(key, before);
            return before;
        }
        Members members = new Members(version.incrementAndGet(), nodes);
        cache.put(key, members);
        return members;
    }

    boolean contains(AddressKey key) {
        return cache.asMap().containsKey(key);
    }

    /** Drops what has expired, which otherwise waits for the next use of the cache. */
    void sweep() {
        cache.cleanUp();
    }

    private void onRemoval(@Nullable AddressKey key, @Nullable Members members, RemovalCause cause) {
        if (key != null && cause.wasEvicted()) {
            version.incrementAndGet();
            control.execute(() -> source.forget(key));
        }
    }

    private static final class ByAnswer implements Expiry<AddressKey, Members> {
        @Override
        public long expireAfterCreate(AddressKey key, Members members, long currentTime) {
            return members.isEmpty() ? KEEP_NEGATIVE_NANOS : KEEP_NANOS;
        }

        @Override
        public long expireAfterUpdate(AddressKey key, Members members, long currentTime, long currentDuration) {
            return expireAfterCreate(key, members, currentTime);
        }

        @Override
        public long expireAfterRead(AddressKey key, Members members, long currentTime, long currentDuration) {
            return members.isEmpty() ? currentDuration : KEEP_NANOS;
        }
    }

    /** Asks again and keeps the old answer until the new one is pushed. */
    private final class Refresher implements CacheLoader<AddressKey, Members> {
        @Override
        @SuppressWarnings("NullAway") // By the library's word null means that there is nothing to load.
        public Members load(AddressKey key) {
            return null;
        }

        @Override
        public CompletableFuture<Members> asyncReload(AddressKey key, Members members, Executor executor) {
            control.execute(() -> source.refresh(key));
            return CompletableFuture.completedFuture(members);
        }
    }
}
