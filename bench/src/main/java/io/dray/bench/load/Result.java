package io.dray.bench.load;

import org.HdrHistogram.Histogram;

/**
 * What one side saw in one window, as it travels from a child to its parent.
 *
 * @param operations what was finished within the window
 * @param seconds length of the window
 * @param p50Micros median latency
 * @param p99Micros 99th percentile of latency
 * @param failures what ended in an error
 * @param firstFailure the first of them; empty means there was none
 */
record Result(long operations, double seconds, double p50Micros, double p99Micros, long failures, String firstFailure) {

    private static final double NANOS_PER_MICRO = 1e3;
    private static final double NANOS_PER_SECOND = 1e9;

    static Result of(long operations, long nanos, Histogram latencies, long failures, String firstFailure) {
        return new Result(
                operations,
                nanos / NANOS_PER_SECOND,
                latencies.getValueAtPercentile(50) / NANOS_PER_MICRO,
                latencies.getValueAtPercentile(99) / NANOS_PER_MICRO,
                failures,
                firstFailure);
    }

    double perSecond() {
        return operations / seconds;
    }
}
