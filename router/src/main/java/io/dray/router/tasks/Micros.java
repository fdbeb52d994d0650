package io.dray.router.tasks;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;

/** The contract's times and durations as microseconds, the unit of everything that is stored. */
public final class Micros {
    private Micros() {}

    /** Returns Unix microseconds. */
    public static long of(Timestamp time) {
        return time.getSeconds() * 1_000_000 + time.getNanos() / 1_000;
    }

    public static long of(Duration duration) {
        return duration.getSeconds() * 1_000_000 + duration.getNanos() / 1_000;
    }

    public static Timestamp timestamp(long micros) {
        return Timestamp.newBuilder()
                .setSeconds(Math.floorDiv(micros, 1_000_000))
                .setNanos(Math.floorMod(micros, 1_000_000) * 1_000)
                .build();
    }
}
