package io.dray.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A logarithmic axis of microseconds between two of the values 1, 2, 5, 10, 20 ...
 *
 * @param floor the least value on it
 * @param ceiling the greatest
 */
record TimeAxis(double floor, double ceiling) {
    private static final int[] STEPS = {1, 2, 5};
    private static final double SHORT_DECADES = 2.5;
    private static final double MICROS_PER_MILLI = 1e3;
    private static final double MICROS_PER_SECOND = 1e6;
    private static final int MAX_EXPONENT = 12;

    /** The shortest axis that holds all values; what is below 1 us is drawn as 1 us. */
    static TimeAxis over(double[] values) {
        Range range = Range.of(values);
        double floor = 1;
        double ceiling = 0;
        for (double step : steps()) {
            floor = step <= range.min() ? step : floor;
            ceiling = ceiling == 0 && step >= range.max() && step > floor ? step : ceiling;
        }
        return new TimeAxis(floor, ceiling);
    }

    /** Where lines belong: at each step of a short axis, at each power of ten of a long one. */
    List<Double> ticks() {
        boolean isShort = Math.log10(ceiling / floor) <= SHORT_DECADES;
        return steps().stream()
                .filter(step -> step >= floor && step <= ceiling)
                .filter(step -> isShort || Math.log10(step) == Math.rint(Math.log10(step)))
                .toList();
    }

    /** Where a value stands, from 0 to 1. */
    double share(double us) {
        return Math.log10(Math.clamp(us, floor, ceiling) / floor) / Math.log10(ceiling / floor);
    }

    static String name(double us) {
        if (us >= MICROS_PER_SECOND) {
            return String.format(Locale.ROOT, "%.0f s", us / MICROS_PER_SECOND);
        }
        return us >= MICROS_PER_MILLI
                ? String.format(Locale.ROOT, "%.0f ms", us / MICROS_PER_MILLI)
                : String.format(Locale.ROOT, "%.0f us", us);
    }

    private static List<Double> steps() {
        List<Double> steps = new ArrayList<>();
        for (int exponent = 0; exponent < MAX_EXPONENT; exponent++) {
            for (int step : STEPS) {
                steps.add(step * Math.pow(10, exponent));
            }
        }
        return steps;
    }
}
