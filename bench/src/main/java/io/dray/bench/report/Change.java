package io.dray.bench.report;

import java.util.Optional;

/**
 * How one figure of one row moved from an old report to a new one.
 *
 * @param row which
 * @param figure which
 * @param before windows of the old report
 * @param after windows of the new report
 * @param relative the medians' difference as a share of the old one; positive is more
 * @param verdict what to think of it
 */
record Change(String row, String figure, Range before, Range after, double relative, Verdict verdict) {

    /** What to think of a change. */
    enum Verdict {
        /** Within the threshold, or within the noise that the windows show. */
        SAME,
        /** For the better, beyond both. */
        IMPROVED,
        /** For the worse, beyond both. */
        REGRESSED
    }

    /** Compares one figure; empty when one of the rows did not measure it. */
    static Optional<Change> of(RowKey key, ComparedFigure figure, Row old, Row now, double threshold) {
        double[] before = Median.known(old.windows(), figure.value());
        double[] after = Median.known(now.windows(), figure.value());
        if (before.length == 0 || after.length == 0) {
            return Optional.empty();
        }
        Range from = Range.of(before);
        Range to = Range.of(after);
        double relative = relative(from.median(), to.median());
        boolean beyond = figure.differs(from.median(), to.median(), relative, threshold) && from.isApartFrom(to);
        boolean better = relative > 0 == figure.higherIsBetter();
        Verdict verdict = !beyond ? Verdict.SAME : better ? Verdict.IMPROVED : Verdict.REGRESSED;
        return Optional.of(new Change(key.toString(), figure.name(), from, to, relative, verdict));
    }

    static double relative(double from, double to) {
        if (from == to) {
            return 0;
        }
        return from == 0 ? Double.POSITIVE_INFINITY : (to - from) / from;
    }

    @Override
    public String toString() {
        return row + ": " + figure + " " + before + " -> " + after + ", " + Numbers.percent(relative);
    }
}
