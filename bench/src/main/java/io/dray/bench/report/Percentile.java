package io.dray.bench.report;

import java.util.Arrays;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * One point of a latency curve.
 *
 * @param percentile 0 to 100
 * @param us latency in microseconds that this share of messages did not exceed
 */
public record Percentile(double percentile, double us) {
    private static final double[] POINTS = {
        0, 10, 25, 50, 75, 90, 95, 97.5, 99, 99.5, 99.75, 99.9, 99.95, 99.99, 99.999, 100
    };

    /**
     * Reads the curve of all windows of a row.
     *
     * @param nanos recorded in nanoseconds, over all windows
     * @return its points; empty when nothing was recorded
     */
    public static List<Percentile> curve(Histogram nanos) {
        if (nanos.getTotalCount() == 0) {
            return List.of();
        }
        return Arrays.stream(POINTS)
                .mapToObj(point -> new Percentile(point, Latency.at(nanos, point)))
                .toList();
    }
}
