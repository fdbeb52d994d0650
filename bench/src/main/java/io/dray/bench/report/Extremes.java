package io.dray.bench.report;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The least or the greatest of each figure over the windows of a row.
 *
 * @param throughputPerS finished messages per second
 * @param p50Us median latency; null in a flood
 * @param p99Us 99th percentile; null in a flood
 * @param cpuUsPerMessage CPU per finished message
 */
public record Extremes(
        double throughputPerS,
        @Nullable Double p50Us,
        @Nullable Double p99Us,
        double cpuUsPerMessage) {

    static Extremes least(List<WindowRow> windows) {
        return of(windows, values -> Arrays.stream(values).min().orElseThrow());
    }

    static Extremes greatest(List<WindowRow> windows) {
        return of(windows, values -> Arrays.stream(values).max().orElseThrow());
    }

    private static Extremes of(List<WindowRow> windows, ToDoubleFunction<double[]> pick) {
        List<Figures> figures = windows.stream().map(WindowRow::figures).toList();
        return new Extremes(
                pick.applyAsDouble(Median.known(figures, Figures::throughputPerS)),
                known(figures, Figures::p50Us, pick),
                known(figures, Figures::p99Us, pick),
                pick.applyAsDouble(Median.known(windows, window -> window.cost().cpuUsPerMessage())));
    }

    private static @Nullable Double known(
            List<Figures> windows, Median.Figure<Figures> figure, ToDoubleFunction<double[]> pick) {
        double[] values = Median.known(windows, figure);
        return values.length == 0 ? null : Double.valueOf(pick.applyAsDouble(values));
    }
}
