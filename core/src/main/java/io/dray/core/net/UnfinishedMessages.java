package io.dray.core.net;

import io.dray.core.wire.WireLimits;
import io.netty.util.internal.PlatformDependent;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What the connections of a process hold of messages that have not come whole: gRPC keeps their pieces in direct memory
 * before any budget sees them. When it is too much, the connection that holds most is cut. Thread-safe.
 */
final class UnfinishedMessages {
    private final Limits limits;
    private final AtomicLong bytes = new AtomicLong();
    private final Set<ConnectionUnfinished> connections = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable ConnectionUnfinished> cutting = new AtomicReference<>();

    /**
     * What is too much.
     *
     * @param bytes of all connections
     * @param connectionBytes of one connection
     * @param checkNanos how often a message must have grown by {@link WireLimits#LEAST_BYTES_PER_SECOND}
     */
    record Limits(long bytes, long connectionBytes, long checkNanos) {
        private static final int DIRECT_MEMORY_PART = 3;

        /** Eight of the largest messages at once, each charged in full. */
        private static final long CONNECTION_BYTES = 32L * 1024 * 1024;

        private static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(10);

        /** A third of direct memory for all: the budget's and gRPC's own buffers have the rest. */
        static Limits ofProcess() {
            long all = PlatformDependent.maxDirectMemory() / DIRECT_MEMORY_PART;
            return new Limits(all, Math.min(all, CONNECTION_BYTES), CHECK_NANOS);
        }
    }

    UnfinishedMessages(Limits limits) {
        this.limits = limits;
    }

    Limits limits() {
        return limits;
    }

    /** Bytes that are charged now. */
    long bytes() {
        return bytes.get();
    }

    void opened(ConnectionUnfinished connection) {
        connections.add(connection);
    }

    /** Forgets a connection that has told that it holds nothing. */
    void closed(ConnectionUnfinished connection) {
        connections.remove(connection);
        cutting.compareAndSet(connection, null);
        if (bytes() > limits.bytes()) {
            cutLargest();
        }
    }

    /** Notes how much more, or less, a connection holds. */
    void add(long difference) {
        if (bytes.addAndGet(difference) > limits.bytes() && difference > 0) {
            cutLargest();
        }
    }

    /** One at a time: what it holds comes back only when its loop has closed it. */
    private void cutLargest() {
        if (cutting.get() != null) {
            return;
        }
        connections.stream()
                .max(Comparator.comparingLong(ConnectionUnfinished::told))
                .filter(largest -> largest.told() > 0 && cutting.compareAndSet(null, largest))
                .ifPresent(largest -> largest.cut("it held most of what all held of unfinished messages, " + limits));
    }
}
