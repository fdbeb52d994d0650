package io.dray.bench.pressure;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Holds a consumer's handlers to a rate, whatever their number. Thread-safe; waits outside of its lock. */
final class Pace {
    /** What a late wake-up may catch up. */
    private static final long SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final long intervalNanos;
    private volatile boolean free;
    private long nextNanos = System.nanoTime();

    /**
     * Creates a pace.
     *
     * @param ratePerS messages per second; 0 means as fast as they come
     */
    Pace(long ratePerS) {
        intervalNanos = ratePerS == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) / ratePerS;
    }

    /** Lets everything through, or no longer. */
    void setFree(boolean isFree) {
        free = isFree;
    }

    /** Returns when the next message may be done with. */
    void await() {
        if (intervalNanos == 0 || free) {
            return;
        }
        long due = next();
        for (long left = due - System.nanoTime(); left > 0 && !free; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private synchronized long next() {
        nextNanos = Math.max(nextNanos + intervalNanos, System.nanoTime() - SLACK_NANOS);
        return nextNanos;
    }
}
