package io.dray.core.net;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Growing waits between attempts: doubled each time up to a cap, with jitter. Belongs to one thread. */
public final class Backoff {
    private final Duration initial;
    private final Duration cap;
    private final RandomGenerator random;
    private Duration base;

    /** Starts at the initial wait; each wait lies between half and the whole of its base. */
    public Backoff(Duration initial, Duration cap, RandomGenerator random) {
        if (initial.isNegative() || initial.isZero() || cap.compareTo(initial) < 0) {
            throw new IllegalArgumentException(
                    "initial: " + initial + ", cap: " + cap + " (expected: 0 < initial <= cap)");
        }
        this.initial = initial;
        this.cap = cap;
        this.random = random;
        this.base = initial;
    }

    /** Returns how long to wait now. */
    public Duration next() {
        long nanos = base.toNanos();
        Duration doubled = base.multipliedBy(2);
        base = doubled.compareTo(cap) > 0 ? cap : doubled;
        return Duration.ofNanos(nanos / 2 + random.nextLong(nanos / 2 + 1));
    }

    /** Starts over, after a success. */
    public void reset() {
        base = initial;
    }
}
