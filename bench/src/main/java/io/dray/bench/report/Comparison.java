package io.dray.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Two reports side by side.
 *
 * @param changes every figure that both have, row by row
 * @param missedChecks bars that the old report met and the new one does not, or no longer holds anything against
 * @param missedInBoth how many bars neither of them met
 * @param windows in words, where the windows of rows that both have differ in number or length; empty when none do
 * @param onlyOld rows that the new report lacks
 * @param onlyNew rows that the old report lacks
 */
record Comparison(
        List<Change> changes,
        List<String> missedChecks,
        int missedInBoth,
        String windows,
        List<String> onlyOld,
        List<String> onlyNew) {

    static Comparison of(Report old, Report now, double threshold) {
        Map<RowKey, Row> before = RowKey.index(old.rows());
        Map<RowKey, Row> after = RowKey.index(now.rows());
        List<Change> changes = new ArrayList<>();
        List<String> missed = new ArrayList<>();
        int inBoth = 0;
        for (Map.Entry<RowKey, Row> entry : before.entrySet()) {
            Row row = entry.getValue();
            Row other = after.get(entry.getKey());
            if (other != null) {
                changes.addAll(changes(entry.getKey(), row, other, threshold));
                missed.addAll(missed(entry.getKey(), row, other));
                inBoth += missedInBoth(row, other);
            }
        }
        return new Comparison(
                changes, missed, inBoth, windows(before, after), missing(before, after), missing(after, before));
    }

    /** Fewer or shorter windows see less, and vary more. */
    private static String windows(Map<RowKey, Row> before, Map<RowKey, Row> after) {
        List<String> differing = new ArrayList<>();
        before.forEach((key, row) -> {
            Row other = after.get(key);
            if (other != null && !windows(row).equals(windows(other))) {
                differing.add(windows(row) + " and " + windows(other));
            }
        });
        return differing.isEmpty() ? "" : differing.size() + " rows, such as " + differing.getFirst();
    }

    /** In whole seconds, as they were asked for: each ends a little late. */
    private static String windows(Row row) {
        double seconds =
                row.windows().stream().mapToDouble(WindowRow::seconds).average().orElse(0);
        return row.windows().size() + " of " + Math.round(seconds) + " s";
    }

    List<Change> with(Change.Verdict verdict) {
        return changes.stream().filter(change -> change.verdict() == verdict).toList();
    }

    private static List<Change> changes(RowKey key, Row old, Row now, double threshold) {
        Stream<Change> measured = ComparedFigure.of(old, now).stream()
                .flatMap(figure -> Change.of(key, figure, old, now, threshold).stream());
        Stream<Change> counted = CountedFigure.all().stream().flatMap(figure -> figure.change(key, old, now).stream());
        return Stream.concat(measured, counted).toList();
    }

    private static List<String> missed(RowKey key, Row old, Row now) {
        Map<String, Check> after = checks(now);
        return old.checks().stream()
                .filter(check -> check.met() && !check.bar().isEmpty())
                .filter(check -> !isMet(after.get(check.figure())))
                .map(check -> key + ": " + check.text() + " -> " + text(after.get(check.figure())))
                .toList();
    }

    private static int missedInBoth(Row old, Row now) {
        Map<String, Check> after = checks(now);
        return (int) old.checks().stream()
                .filter(check -> !check.met() && !isMet(after.get(check.figure())))
                .count();
    }

    private static Map<String, Check> checks(Row row) {
        return row.checks().stream().collect(Collectors.toMap(Check::figure, Function.identity(), (first, _) -> first));
    }

    private static boolean isMet(@Nullable Check check) {
        return check != null && check.met();
    }

    private static String text(@Nullable Check check) {
        return check == null ? "not checked" : check.text();
    }

    private static List<String> missing(Map<RowKey, Row> from, Map<RowKey, Row> in) {
        return from.keySet().stream()
                .filter(key -> !in.containsKey(key))
                .map(RowKey::toString)
                .toList();
    }
}
