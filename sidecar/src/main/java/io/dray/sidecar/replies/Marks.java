package io.dray.sidecar.replies;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Which types of requests a destination answers with marked replies, and how soon, as far as known. Thread-safe. */
final class Marks {
    /** Requests that are noted before it is known that replies are marked. */
    private static final int PROBES = 64;
    /** Types that are known at once; any goes for another one. */
    private static final int MAX_TYPES = 16;
    /** A reply that takes this many times as long as the slowest before is late: a stall is likelier than slow work. */
    private static final int LATE_FACTOR = 4;

    private static final long LEAST_PATIENCE_NANOS = Duration.ofMillis(500).toNanos();
    private static final long MOST_PATIENCE_NANOS = Duration.ofSeconds(30).toNanos();
    private static final int FORGOTTEN_PART = 8;

    private final AtomicInteger probes = new AtomicInteger();
    /** By type: how long the slowest of the last replies took, in nanoseconds. */
    private final Map<String, Long> types = new ConcurrentHashMap<>();

    /** Whether another request may be noted whose type is not known to be marked. */
    boolean probe() {
        return !isProbed() && probes.incrementAndGet() <= PROBES;
    }

    /** Whether none of its requests need be looked at. */
    boolean isUseless() {
        return types.isEmpty() && isProbed();
    }

    /** Looks at its requests again. */
    void probeAgain() {
        probes.set(0);
    }

    /** Hears of a marked reply. */
    void add(String type, long tookNanos) {
        if (types.size() >= MAX_TYPES && !types.containsKey(type)) {
            types.keySet().stream().findAny().ifPresent(types::remove);
        }
        types.merge(type, tookNanos, (known, last) -> Math.max(last, known - known / FORGOTTEN_PART));
    }

    boolean has(String type) {
        return types.containsKey(type);
    }

    /** How long after a request of a known type its reply may be waited for. */
    long patienceNanos(String type) {
        long usual = types.getOrDefault(type, 0L);
        return Math.clamp(LATE_FACTOR * usual, LEAST_PATIENCE_NANOS, MOST_PATIENCE_NANOS);
    }

    private boolean isProbed() {
        return probes.get() >= PROBES;
    }
}
