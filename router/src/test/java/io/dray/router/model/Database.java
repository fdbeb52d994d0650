package io.dray.router.model;

import com.google.protobuf.ByteString;
import io.dray.core.testing.SettableClock;
import io.dray.router.store.Change;
import io.dray.router.tasks.Limit;
import io.dray.router.tasks.TaskKey;
import io.dray.router.tasks.TaskSnapshot;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is committed, and which router owns the pool until when; shared by all routers of a run, survives them. */
final class Database {
    /** How long the pool is its owner's without a renewal. */
    static final Duration LEASE = Duration.ofMillis(1_500);

    private final SettableClock clock;
    private final Reference reference;
    private final TreeMap<Long, TaskSnapshot> tasks = new TreeMap<>();
    private final Map<Long, ByteString> payloads = new HashMap<>();
    private final Map<TaskKey, Long> idsByKey = new HashMap<>();
    private final Map<String, Limit> limits = new TreeMap<>();
    private final Set<String> cordoned = new TreeSet<>();
    private long epoch;
    private long leaseEndNanos;

    Database(SettableClock clock, Reference reference) {
        this.clock = clock;
        this.reference = reference;
    }

    long epoch() {
        return epoch;
    }

    boolean isFree() {
        return leaseEndNanos <= clock.nanoTime();
    }

    /** Gives the pool to another owner; returns the new epoch. */
    long seize() {
        epoch++;
        renew();
        return epoch;
    }

    void renew() {
        leaseEndNanos = clock.nanoTime() + LEASE.toNanos();
    }

    /** The owner is gone and everybody knows it, as with the lock of a file. */
    void release() {
        leaseEndNanos = clock.nanoTime();
    }

    void apply(List<Change> changes) {
        reference.onCommit(this, changes);
        for (Change change : changes) {
            TaskSnapshot task = change.task();
            tasks.put(task.id(), task);
            if (change instanceof Change.Insert(TaskSnapshot inserted, ByteString payload)) {
                payloads.put(inserted.id(), payload);
                if (inserted.submission().hasKey()) {
                    idsByKey.putIfAbsent(inserted.submission().key(), inserted.id());
                }
            }
        }
        reference.afterCommit(this);
    }

    @Nullable
    TaskSnapshot find(long id) {
        return tasks.get(id);
    }

    @Nullable
    TaskSnapshot find(TaskKey key) {
        Long id = idsByKey.get(key);
        return id == null ? null : tasks.get(id);
    }

    Collection<TaskSnapshot> tasks() {
        return tasks.values();
    }

    long lastId() {
        return tasks.isEmpty() ? 0 : tasks.lastKey();
    }

    ByteString payload(long id) {
        return payloads.getOrDefault(id, ByteString.EMPTY);
    }

    Map<String, Limit> limits() {
        return limits;
    }

    /** Returns the limit of a queue or capability; null when it has none. */
    @Nullable
    Limit limit(Limit.Scope scope, String name) {
        return limits.get(scope + "/" + name);
    }

    void put(Limit limit) {
        String key = limit.scope() + "/" + limit.name();
        if (limit.isNone()) {
            limits.remove(key);
        } else {
            limits.put(key, limit);
        }
    }

    Set<String> cordoned() {
        return cordoned;
    }
}
