package io.dray.bench.profile;

import io.dray.bench.report.Figures;
import io.dray.bench.report.Row;
import java.util.Locale;

/** What a row measured, in a few words. Thread-safe. */
final class Figure {
    private Figure() {}

    static String of(Row row) {
        Figures figures = row.figures();
        Double p50 = figures.p50Us();
        Double p99 = figures.p99Us();
        String latency =
                p50 == null || p99 == null ? "" : String.format(Locale.ROOT, ", P50 %,.0f us, P99 %,.0f us", p50, p99);
        return String.format(
                Locale.ROOT,
                "%,.0f/s%s, %.2f us CPU per message%s",
                figures.throughputPerS(),
                latency,
                row.cost().cpuUsPerMessage(),
                row.noisy() ? ", noisy: others used over 20 % of a core" : "");
    }
}
