package io.dray.router.dispatch;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/** The two clocks of a dispatcher: wall time for what is stored, running time for leases. Immutable. */
public record Time(InstantSource wall, LongSupplier nanos) {
    /** Returns the clocks of this machine. */
    public static Time system() {
        return new Time(InstantSource.system(), System::nanoTime);
    }

    public long nowMicros() {
        Instant now = wall.instant();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
    }

    long nowNanos() {
        return nanos.getAsLong();
    }
}
