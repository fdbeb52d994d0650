package io.dray.router.model;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What one run saw: the first law that was broken, how often each thing happened, and on wish what was done. */
final class Ledger {
    private static final int TRACE_LINES = 200;

    private final Map<String, Integer> counts = new TreeMap<>();
    private final Deque<String> trace = new ArrayDeque<>();
    private final boolean tracing;
    private @Nullable String broken;
    private int step;
    private int hash;

    Ledger(boolean tracing) {
        this.tracing = tracing;
    }

    void step(int number) {
        step = number;
    }

    int step() {
        return step;
    }

    void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    Map<String, Integer> counts() {
        return counts;
    }

    /** Notes a number that depends on what has happened; two runs of one seed must end with the same hash. */
    void mix(long number) {
        hash = 31 * hash + Long.hashCode(number);
    }

    int hash() {
        return hash;
    }

    void trace(Supplier<String> line) {
        if (tracing && broken == null) {
            trace.addLast(step + " " + line.get());
            if (trace.size() > TRACE_LINES) {
                var _ = trace.removeFirst();
            }
        }
    }

    List<String> trace() {
        return List.copyOf(trace);
    }

    /** Notes that a law does not hold, unless one was broken before. */
    void check(boolean holds, String law, long taskId) {
        if (!holds && broken == null) {
            broken = law + " (task " + taskId + ", step " + step + ")";
        }
    }

    void check(boolean holds, String law, Supplier<String> about) {
        if (!holds && broken == null) {
            broken = law + " (" + about.get() + ", step " + step + ")";
        }
    }

    @Nullable
    String broken() {
        return broken;
    }
}
