package io.dray.bench.report;

import org.HdrHistogram.Histogram;

/**
 * Three percentiles of latency in microseconds.
 *
 * @param p50Us the median
 * @param p99Us the 99th
 * @param p999Us the 99.9th
 */
public record Latency(double p50Us, double p99Us, double p999Us) {
    private static final double NANOS_PER_MICRO = 1e3;

    /**
     * Reads the percentiles.
     *
     * @param nanos recorded in nanoseconds
     * @return the same in microseconds
     */
    public static Latency of(Histogram nanos) {
        return new Latency(at(nanos, 50), at(nanos, 99), at(nanos, 99.9));
    }

    static double at(Histogram nanos, double percentile) {
        return nanos.getValueAtPercentile(percentile) / NANOS_PER_MICRO;
    }
}
