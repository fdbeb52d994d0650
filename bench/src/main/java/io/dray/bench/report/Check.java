package io.dray.bench.report;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One figure that a scenario holds against a bar.
 *
 * @param figure its name
 * @param value what was seen; of several windows the median
 * @param low lower end of its 95 % interval; null when there is none
 * @param high upper end of that
 * @param bar what is promised, for example {@code <= 1.10}; empty means that it is only shown
 * @param met whether the promise holds; true when there is none
 */
public record Check(
        String figure,
        double value,
        @Nullable Double low,
        @Nullable Double high,
        String bar,
        boolean met) {

    /**
     * A figure that is shown.
     *
     * @param figure its name
     * @param value what was seen
     * @return the check, always met
     */
    public static Check shown(String figure, double value) {
        return new Check(figure, value, null, null, "", true);
    }

    /**
     * A figure that must not be greater.
     *
     * @param figure its name
     * @param value what was seen
     * @param most the bar
     * @return the check
     */
    public static Check atMost(String figure, double value, double most) {
        return new Check(figure, value, null, null, "<= " + Numbers.plain(most), value <= most);
    }

    /**
     * A figure that must not be less.
     *
     * @param figure its name
     * @param value what was seen
     * @param least the bar
     * @return the check
     */
    public static Check atLeast(String figure, double value, double least) {
        return new Check(figure, value, null, null, ">= " + Numbers.plain(least), value >= least);
    }

    /**
     * Adds what chance leaves open.
     *
     * @param lower end of the 95 % interval
     * @param upper end of it
     * @return the changed copy
     */
    public Check within(double lower, double upper) {
        return new Check(figure, value, lower, upper, bar, met);
    }

    /** Everything, for example {@code P90, with / without: 1.02 (0.99 to 1.05), bar <= 1.10: met}. */
    String text() {
        String interval = low == null || high == null ? "" : " (" + three(low) + " to " + three(high) + ")";
        return figure + ": " + three(value) + interval + (bar.isEmpty() ? "" : verdict());
    }

    /** Without the name, for example {@code 1.87, bar >= 2.00: MISSED}. */
    String judged() {
        return three(value) + verdict();
    }

    private String verdict() {
        return ", bar " + bar + (met ? ": met" : ": MISSED");
    }

    private static String three(double value) {
        return Math.abs(value) < 10 ? String.format(Locale.ROOT, "%.3f", value) : Numbers.plain(value);
    }
}
