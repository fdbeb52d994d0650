package io.dray.router.dispatch;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** How many tasks of each capability ended in the last minute, for estimates. Owned by the dispatcher's thread. */
final class Completions {
    private static final long SLICE_NANOS = Duration.ofSeconds(5).toNanos();
    private static final int SLICES = 12;
    private static final int MAX_CAPABILITIES = 1_000;
    private static final float LOAD_FACTOR = 0.75f;

    /** A ring of slices of time. */
    private static final class Ring {
        private final long[] counts = new long[SLICES];
        private final long firstNanos;
        private long slice;

        Ring(long nowNanos) {
            firstNanos = nowNanos;
            slice = Math.floorDiv(nowNanos, SLICE_NANOS);
        }

        void turnTo(long nowNanos) {
            long now = Math.floorDiv(nowNanos, SLICE_NANOS);
            for (long passed = Math.min(now - slice, SLICES); passed > 0; passed--) {
                counts[Math.floorMod(now - passed + 1, SLICES)] = 0;
            }
            slice = now;
        }

        double perSecond(long nowNanos) {
            long sum = 0;
            for (long count : counts) {
                sum += count;
            }
            long nanos = Math.clamp(nowNanos - firstNanos, SLICE_NANOS, SLICES * SLICE_NANOS);
            return sum * 1e9 / nanos;
        }
    }

    private final LinkedHashMap<String, Ring> rings = new LinkedHashMap<>(16, LOAD_FACTOR, true);

    void note(String capability, long nowNanos) {
        Ring ring = rings.computeIfAbsent(capability, _ -> new Ring(nowNanos));
        ring.turnTo(nowNanos);
        ring.counts[Math.floorMod(ring.slice, SLICES)]++;
        if (rings.size() > MAX_CAPABILITIES) {
            Map.Entry<String, Ring> _ = rings.pollFirstEntry();
        }
    }

    /** Returns the recent rate; 0 when nothing ended. */
    double perSecond(String capability, long nowNanos) {
        Ring ring = rings.get(capability);
        if (ring == null) {
            return 0;
        }
        ring.turnTo(nowNanos);
        return ring.perSecond(nowNanos);
    }
}
