package io.dray.sidecar.replies;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Which types of requests a destination answers with marked replies, as far as that is known. Thread-safe. */
final class Marks {
    /** Requests that are noted before it is known that replies are marked. */
    private static final int PROBES = 64;

    private final AtomicInteger probes = new AtomicInteger();
    private final Set<String> types = ConcurrentHashMap.newKeySet();

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

    void add(String type) {
        types.add(type);
    }

    boolean has(String type) {
        return types.contains(type);
    }

    boolean isEmpty() {
        return types.isEmpty();
    }

    private boolean isProbed() {
        return probes.get() >= PROBES;
    }
}
