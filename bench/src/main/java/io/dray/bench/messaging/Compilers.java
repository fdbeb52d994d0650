package io.dray.bench.messaging;

import io.dray.bench.mesh.ThreadTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the JIT compilers of a bed's processes use. While they are busy they take the cores that messages need: on two cores
 * a woken event loop then waits for the end of a compiler's time slice, some milliseconds. Used by one thread.
 */
final class Compilers {
    private static final double NANOS_PER_MILLI = 1e6;

    private final List<Long> pids;
    private Map<Long, Map<String, ThreadTime>> then = new HashMap<>();
    private long thenNanos;

    Compilers(List<Long> pids) {
        this.pids = List.copyOf(pids);
        var _ = coresSinceLast();
    }

    /** Cores that they used since this was asked last, or since the start; 0 where the kernel does not tell. */
    double coresSinceLast() {
        Map<Long, Map<String, ThreadTime>> now = new HashMap<>();
        double ranMs = 0;
        for (long pid : pids) {
            Map<String, ThreadTime> threads = ThreadTime.of(pid);
            now.put(pid, threads);
            ranMs += ThreadTime.between(then.getOrDefault(pid, Map.of()), threads).stream()
                    .filter(ThreadTime::isCompiler)
                    .mapToDouble(ThreadTime::ranMs)
                    .sum();
        }
        long nanos = System.nanoTime();
        double cores = ranMs * NANOS_PER_MILLI / Math.max(1, nanos - thenNanos);
        then = now;
        thenNanos = nanos;
        return cores;
    }
}
