package io.dray.bench.pressure;

import java.util.ArrayList;
import java.util.List;

/**
 * Ratios of windows that were measured side by side, with and without something; their median and its interval.
 *
 * <p>The interval is the exact one of the sign test: between the k-th least and the k-th greatest ratio, with the
 * greatest k for which a fair coin shows fewer than k heads in n throws in at most 2.5 % of cases. It assumes nothing of
 * how ratios are distributed (W. J. Conover, Practical Nonparametric Statistics, confidence interval for a quantile).
 */
final class PairedRatios {
    private static final double TAIL = 0.025;

    private final List<Double> ratios = new ArrayList<>();

    void add(double with, double without) {
        ratios.add(with / without);
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
