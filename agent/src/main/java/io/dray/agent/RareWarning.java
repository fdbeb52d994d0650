package io.dray.agent;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Warns of what may happen for each message: once a minute, with how many it kept to itself. Belongs to the loop. */
final class RareWarning {
    private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final LongSupplier nanoTime;
    private final Consumer<String> log;
    private boolean hasWarned;
    private long warnedNanos;
    private long kept;

    /** Has not warned yet. */
    RareWarning(LongSupplier nanoTime, Consumer<String> log) {
        this.nanoTime = nanoTime;
        this.log = log;
    }

    void warn(String what) {
        long now = nanoTime.getAsLong();
        if (hasWarned && now - warnedNanos < PAUSE_NANOS) {
            kept++;
            return;
        }
        log.accept(kept == 0 ? what : what + " (" + kept + " others since the last such warning)");
        hasWarned = true;
        warnedNanos = now;
        kept = 0;
    }
}
