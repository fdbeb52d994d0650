package io.dray.sidecar.queue;

import java.time.InstantSource;

/** Unix microseconds, the unit of deadlines and handshakes. */
public final class Micros {
    private Micros() {}

    /** Returns a time of the wire, unsigned there, so that it can be compared: what no clock reaches is never late. */
    public static long ofWire(long micros) {
        return micros < 0 ? Long.MAX_VALUE : micros;
    }

    /** Moves a deadline to another clock; 0 stays none, and what would overflow stays out of reach. */
    public static long shifted(long deadline, long offset) {
        if (deadline == 0 || offset == 0) {
            return deadline;
        }
        boolean overflows = offset > Long.MAX_VALUE - deadline;
        return overflows ? Long.MAX_VALUE : Math.max(1, deadline + offset);
    }

    /** Returns what a clock shows. */
    public static long of(InstantSource clock) {
        var now = clock.instant();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
    }
}
