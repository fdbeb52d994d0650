package io.dray.bench.report;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Medians over windows; of an even number of values it is the mean of the middle two. */
final class Median {
    /** One figure of a window; null where it was not measured. */
    interface Figure<T> {
        @Nullable
        Double of(T window);
    }

    private Median() {}

    static double of(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    static <T> double of(List<T> windows, ToDoubleFunction<T> figure) {
        return of(windows.stream().mapToDouble(figure).toArray());
    }

    static <T> @Nullable Double ofKnown(List<T> windows, Figure<T> figure) {
        double[] known = known(windows, figure);
        return known.length == 0 ? null : Double.valueOf(of(known));
    }

    /** The values of those windows that have one. */
    static <T> double[] known(List<T> windows, Figure<T> figure) {
        return windows.stream()
                .flatMap(window -> Stream.ofNullable(figure.of(window)))
                .mapToDouble(Double::doubleValue)
                .toArray();
    }

    /** The median for each key, over the windows that have the key. */
    static <T> Map<String, Double> byKey(List<T> windows, Function<T, Map<String, Double>> figures) {
        Map<String, Double> medians = new LinkedHashMap<>();
        windows.stream()
                .flatMap(window -> figures.apply(window).keySet().stream())
                .distinct()
                .forEach(key -> medians.put(
                        key,
                        Objects.requireNonNull(
                                ofKnown(windows, window -> figures.apply(window).get(key)))));
        return medians;
    }
}
