package io.dray.bench.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Ratios of windows that were measured side by side, with and without something; their median and its interval.
 *
 * <p>The interval is the exact one of the sign test: between the k-th least and the k-th greatest ratio, with the
 * greatest k for which a fair coin shows fewer than k heads in n throws in at most 2.5 % of cases. It assumes nothing of
 * how ratios are distributed (W. J. Conover, Practical Nonparametric Statistics, confidence interval for a quantile).
 */
public final class PairedRatios {
    private static final double TAIL = 0.025;

    private final List<Double> ratios = new ArrayList<>();

    /**
     * Adds a pair of windows.
     *
     * @param with what was seen with it
     * @param without what was seen without
     */
    public void add(double with, double without) {
        ratios.add(with / without);
    }

    /**
     * Puts the median beside a bar that it must not pass.
     *
     * @param figure its name
     * @param most the bar
     * @return the check, with the interval
     */
    public Check atMost(String figure, double most) {
        return Check.atMost(figure, median(), most).within(low(), high());
    }

    /**
     * Puts the median beside a bar that it must reach.
     *
     * @param figure its name
     * @param least the bar
     * @return the check, with the interval
     */
    public Check atLeast(String figure, double least) {
        return Check.atLeast(figure, median(), least).within(low(), high());
    }

    /**
     * Shows the median without a bar.
     *
     * @param figure its name
     * @return the check, with the interval
     */
    public Check shown(String figure) {
        return Check.shown(figure, median()).within(low(), high());
    }

    double median() {
        List<Double> sorted = sorted();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** Lower end of the 95 % interval of the median; the least ratio when there are fewer than 6. */
    double low() {
        return sorted().get(rank());
    }

    /** Upper end of it. */
    double high() {
        return sorted().get(ratios.size() - 1 - rank());
    }

    /** Index, from 0, of the ratio that bounds the interval from below. */
    private int rank() {
        int n = ratios.size();
        double probability = Math.pow(0.5, n);
        double below = 0;
        for (int k = 0; k < n; k++) {
            below += probability;
            if (below > TAIL) {
                return Math.max(0, k - 1);
            }
            probability = probability * (n - k) / (k + 1);
        }
        throw new IllegalStateException("no ratios");
    }

    private List<Double> sorted() {
        return ratios.stream().sorted().toList();
    }
}
