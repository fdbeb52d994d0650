package io.dray.bench.messaging;

/**
 * How long things are measured.
 *
 * @param warmUpSeconds of load on each contender before its first window
 * @param windowSeconds of each window
 * @param windows of each contender
 */
public record Timing(double warmUpSeconds, double windowSeconds, int windows) {
    /** Refuses what measures nothing. */
    public Timing {
        boolean isTime = Double.isFinite(warmUpSeconds) && Double.isFinite(windowSeconds);
        if (!isTime || warmUpSeconds < 0 || windowSeconds <= 0 || windows < 1) {
            throw new IllegalArgumentException("timing: warm-up " + warmUpSeconds + " s, " + windows + " windows of "
                    + windowSeconds + " s (expected: >= 0 s, at least 1 of > 0 s)");
        }
    }

    /** Returns the same with more or fewer windows. */
    Timing withWindows(int count) {
        return new Timing(warmUpSeconds, windowSeconds, count);
    }
}
