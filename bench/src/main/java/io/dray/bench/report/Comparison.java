package io.dray.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Two reports side by side.
 *
 * @param changes every figure that both have, row by row
 * @param onlyOld rows that the new report lacks
 * @param onlyNew rows that the old report lacks
 */
record Comparison(List<Change> changes, List<String> onlyOld, List<String> onlyNew) {

    static Comparison of(Report old, Report now, double threshold) {
        Map<RowKey, Row> before = RowKey.index(old.rows());
        Map<RowKey, Row> after = RowKey.index(now.rows());
        List<Change> changes = new ArrayList<>();
        before.forEach((key, row) -> {
            Row other = after.get(key);
            if (other != null) {
                changes.addAll(changes(key, row, other, threshold));
            }
        });
        return new Comparison(changes, missing(before, after), missing(after, before));
    }

    List<Change> with(Change.Verdict verdict) {
        return changes.stream().filter(change -> change.verdict() == verdict).toList();
    }

    private static List<Change> changes(RowKey key, Row old, Row now, double threshold) {
        return ComparedFigure.of(old, now).stream()
                .flatMap(figure -> Change.of(key, figure, old, now, threshold).stream())
                .toList();
    }

    private static List<String> missing(Map<RowKey, Row> from, Map<RowKey, Row> in) {
        return from.keySet().stream()
                .filter(key -> !in.containsKey(key))
                .map(RowKey::toString)
                .toList();
    }
}
