package io.dray.bench.report;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Events that should not happen, of which two reports are compared by how many there were. Medians would hide them: they
 * are none in most windows.
 *
 * @param name of the rate
 * @param least how many more there must be in all before it is no chance
 * @param counts of one window; null where it was not measured
 */
record CountedFigure(String name, long least, Counts counts) {
    private static final double MILLION = 1e6;
    private static final double SECONDS_PER_MINUTE = 60;

    /** How many there were in a window, and as a rate. */
    interface Counts {
        @Nullable
        Seen of(WindowRow window);
    }

    /** What a window saw. */
    record Seen(long count, double rate) {}

    /** The figures that two rows may have in common. */
    static List<CountedFigure> all() {
        return List.of(
                new CountedFigure("failures_per_million", 1, CountedFigure::failures),
                new CountedFigure("loop_stalls_per_minute", 3, CountedFigure::stalls));
    }

    /**
     * Compares two rows; empty when one of them did not measure it. The rate over all windows of one has to be beyond the
     * worst window of the other.
     */
    Optional<Change> change(RowKey key, Row old, Row now) {
        List<Seen> before = seen(old);
        List<Seen> after = seen(now);
        if (before.isEmpty() || after.isEmpty()) {
            return Optional.empty();
        }
        Range from = range(before);
        Range to = range(after);
        long more = count(after) - count(before);
        Change.Verdict verdict = to.median() > from.max() && more >= least
                ? Change.Verdict.REGRESSED
                : from.median() > to.max() && -more >= least ? Change.Verdict.IMPROVED : Change.Verdict.SAME;
        return Optional.of(
                new Change(key.toString(), name, from, to, Change.relative(from.median(), to.median()), verdict));
    }

    private List<Seen> seen(Row row) {
        return row.windows().stream()
                .flatMap(window -> Optional.ofNullable(counts.of(window)).stream())
                .toList();
    }

    private static long count(List<Seen> windows) {
        return windows.stream().mapToLong(Seen::count).sum();
    }

    private static Range range(List<Seen> windows) {
        double[] rates = windows.stream().mapToDouble(Seen::rate).toArray();
        Range range = Range.of(rates);
        return new Range(range.min(), Arrays.stream(rates).average().orElseThrow(), range.max());
    }

    private static Seen failures(WindowRow window) {
        long failures = window.figures().failures();
        double messages = window.figures().throughputPerS() * window.seconds() + failures;
        return new Seen(failures, failures == 0 ? 0 : failures * MILLION / messages);
    }

    private static @Nullable Seen stalls(WindowRow window) {
        Long stalls = window.cost().loopStalls();
        return stalls == null ? null : new Seen(stalls, stalls * SECONDS_PER_MINUTE / window.seconds());
    }
}
