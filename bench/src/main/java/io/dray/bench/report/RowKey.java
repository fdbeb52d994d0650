package io.dray.bench.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What makes two rows of two reports the same measurement.
 *
 * @param workload what was asked
 * @param contender who carried it
 * @param occurrence 1, or more for a row that repeats one before it in the same report
 */
record RowKey(Workload workload, Contender contender, int occurrence) {

    /** The rows of a report by key, in their order. */
    static Map<RowKey, Row> index(List<Row> rows) {
        Map<RowKey, Row> index = new LinkedHashMap<>();
        for (Row row : rows) {
            int occurrence = 1;
            while (index.containsKey(new RowKey(row.workload(), row.contender(), occurrence))) {
                occurrence++;
            }
            index.put(new RowKey(row.workload(), row.contender(), occurrence), row);
        }
        return index;
    }

    /** All of it in one line, for example {@code messaging request-reply 100 B, 64 outstanding, dray local uds}. */
    @Override
    public String toString() {
        String text = workload.suite() + " " + workload.scenario() + " " + workload.payload() + ", " + workload.load()
                + ", " + contender.title();
        return occurrence == 1 ? text : text + " #" + occurrence;
    }
}
