package io.dray.bench.report;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One system under one workload: medians over its windows, their extremes, and the windows themselves. In JSON the
 * fields of workload, contender, figures and cost stand in the row itself.
 *
 * @param workload what was asked
 * @param contender who carried it
 * @param figures medians over the windows
 * @param cost medians over the windows; pauses and stalls summed
 * @param spread the extremes
 * @param noisy whether any window was
 * @param trail windows, latency curve and checks
 */
public record Row(
        @JsonUnwrapped Workload workload,
        @JsonUnwrapped Contender contender,
        @JsonUnwrapped Figures figures,
        @JsonUnwrapped Cost cost,
        @JsonUnwrapped Spread spread,
        boolean noisy,
        @JsonUnwrapped Trail trail) {

    /**
     * Extremes over the windows.
     *
     * @param min the least of each figure
     * @param max the greatest
     */
    public record Spread(Extremes min, Extremes max) {}

    /**
     * What the medians were made of.
     *
     * @param windows in the order measured
     * @param percentiles latency over all windows; of a flood it is queueing
     * @param checks figures that are held against a bar; empty in most rows, and in files of before there were any
     */
    public record Trail(
            List<WindowRow> windows,
            List<Percentile> percentiles,
            @Nullable List<Check> checks) {
        /** Copies the lists. */
        public Trail {
            windows = List.copyOf(windows);
            percentiles = List.copyOf(percentiles);
            checks = checks == null ? List.of() : List.copyOf(checks);
        }
    }

    /**
     * Puts a row together from its windows.
     *
     * @param workload what was asked
     * @param contender who carried it
     * @param windows at least one
     * @param percentiles latency over all windows; may be empty
     * @return the row with medians and extremes
     */
    public static Row of(
            Workload workload, Contender contender, List<WindowRow> windows, List<Percentile> percentiles) {
        if (windows.isEmpty()) {
            throw new IllegalArgumentException(
                    "windows of " + contender + " under " + workload + ": 0 (expected: at least 1)");
        }
        return new Row(
                workload,
                contender,
                Figures.median(windows.stream().map(WindowRow::figures).toList()),
                Cost.median(windows.stream().map(WindowRow::cost).toList()),
                new Spread(Extremes.least(windows), Extremes.greatest(windows)),
                windows.stream().anyMatch(WindowRow::noisy),
                new Trail(windows, percentiles, List.of()));
    }

    /**
     * Returns what the medians were made of.
     *
     * @return the windows in the order measured
     */
    public List<WindowRow> windows() {
        return trail.windows();
    }

    /**
     * Returns what is held against a bar.
     *
     * @return empty in most rows
     */
    public List<Check> checks() {
        List<Check> checks = trail.checks();
        return checks == null ? List.of() : checks;
    }

    /**
     * Holds figures against bars.
     *
     * @param checks the figures
     * @return the row with them
     */
    public Row with(List<Check> checks) {
        Trail checked = new Trail(trail.windows(), trail.percentiles(), checks);
        return new Row(workload, contender, figures, cost, spread, noisy, checked);
    }
}
