package io.dray.bench.report;

import java.util.Arrays;

/**
 * What the windows of a row showed of one figure.
 *
 * @param min the least
 * @param median of them; of events that are counted it is the mean
 * @param max the greatest
 */
record Range(double min, double median, double max) {

    static Range of(double[] windows) {
        return new Range(
                Arrays.stream(windows).min().orElseThrow(),
                Median.of(windows),
                Arrays.stream(windows).max().orElseThrow());
    }

    /** Whether no window of the two rows saw a figure that lies within the other's windows' range. */
    boolean isApartFrom(Range other) {
        return max < other.min || min > other.max;
    }

    @Override
    public String toString() {
        return Numbers.plain(median) + " (" + Numbers.plain(min) + " to " + Numbers.plain(max) + ")";
    }
}
