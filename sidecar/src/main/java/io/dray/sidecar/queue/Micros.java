package io.dray.sidecar.queue;

import java.time.InstantSource;

/** Unix microseconds, the unit of deadlines and handshakes. */
public final class Micros {
    private Micros() {}

    /** Returns what a clock shows. */
    public static long of(InstantSource clock) {
        var now = clock.instant();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
    }
}
