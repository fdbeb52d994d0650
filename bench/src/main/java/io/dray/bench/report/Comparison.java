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
 * @param onlyOld rows that the new report lacks
 * @param onlyNew rows that the old report lacks
 */
record Comparison(List<Change> changes, List<String> missedChecks, List<String> onlyOld, List<String> onlyNew) {

    static Comparison of(Report old, Report now, double threshold) {
        Map<RowKey, Row> before = RowKey.index(old.rows());
        Map<RowKey, Row> after = RowKey.index(now.rows());
        List<Change> changes = new ArrayList<>();
        List<String> missed = new ArrayList<>();
        before.forEach((key, row) -> {
            Row other = after.get(key);
            if (other != null) {
                changes.addAll(changes(key, row, other, threshold));
                missed.addAll(missed(key, row, other));
            }
        });
        return new Comparison(changes, missed, missing(before, after), missing(after, before));
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
        Map<String, Check> after = now.checks().stream()
                .collect(Collectors.toMap(Check::figure, Function.identity(), (first, _) -> first));
        return old.checks().stream()
                .filter(check -> check.met() && !check.bar().isEmpty())
                .filter(check -> !isMet(after.get(check.figure())))
                .map(check -> key + ": " + check.text() + " -> " + text(after.get(check.figure())))
                .toList();
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
