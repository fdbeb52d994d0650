package io.dray.bench.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All rows of a report as one HTML table. */
final class HtmlTable {
    private static final List<String> WORDS = List.of("scenario", "payload", "load", "system", "path", "via");
    /** What was lost stands beside the rate: where a window is narrow nobody scrolls for it. */
    private static final List<String> FIGURES =
            List.of("median/s", "failed", "min-max", "P50 us", "P99 us", "P99.9 us", "queueing P50/P99", "CPU us");

    private static final List<String> COSTS = List.of("stalls", "foreign", "RSS MB", "wire B", "GC ms");

    private HtmlTable() {}

    static String of(List<Row> rows) {
        StringBuilder html = new StringBuilder("<div class=\"scroll\"><table>\n<thead><tr>");
        WORDS.forEach(word -> html.append("<th>").append(word).append("</th>"));
        FIGURES.forEach(word -> html.append("<th class=\"n\">").append(word).append("</th>"));
        COSTS.forEach(word -> html.append("<th class=\"n\">").append(word).append("</th>"));
        html.append("</tr></thead>\n<tbody>\n");
        Workload before = null;
        for (Row row : rows) {
            html.append(row.workload().equals(before) ? "<tr>" : "<tr class=\"first\">");
            html.append(words(row))
                    .append(figures(row))
                    .append(costs(row))
                    .append("</tr>\n")
                    .append(peers(row, rows));
            before = row.workload();
        }
        return html.append("</tbody></table></div>\n").toString();
    }

    private static String words(Row row) {
        return List.of(
                        row.workload().scenario(),
                        row.workload().payload(),
                        row.workload().load(),
                        row.contender().system(),
                        row.contender().path(),
                        row.contender().transport())
                .stream()
                .map(word -> "<td>" + Svg.escape(word) + "</td>")
                .collect(Collectors.joining());
    }

    private static String figures(Row row) {
        Figures figures = row.figures();
        String rates = cell(Numbers.rate(figures.throughputPerS()), null) + failed(figures.failures());
        return List.of(
                        Numbers.rate(row.spread().min().throughputPerS()) + "-"
                                + Numbers.rate(row.spread().max().throughputPerS()),
                        Numbers.plain(figures.p50Us()),
                        Numbers.plain(figures.p99Us()),
                        Numbers.plain(figures.p999Us()),
                        queueing(figures),
                        Numbers.plain(row.cost().cpuUsPerMessage()))
                .stream()
                .map(word -> cell(word, null))
                .collect(Collectors.joining("", rates, ""));
    }

    private static String failed(long failures) {
        return failures == 0 ? cell("0", null) : "<td class=\"n noisy\">" + Numbers.plain((double) failures) + "</td>";
    }

    private static String queueing(Figures figures) {
        return figures.queueingP50Us() == null
                ? "-"
                : Numbers.plain(figures.queueingP50Us()) + "/" + Numbers.plain(figures.queueingP99Us());
    }

    private static String costs(Row row) {
        Cost cost = row.cost();
        return cell(cost.loopStalls() == null ? "-" : cost.loopStalls().toString(), null)
                + foreign(row)
                + cell(Numbers.plain(cost.totalRssMb()), processes(cost.rssMb()))
                + cell(Numbers.plain(cost.wireBytesPerMessage()), null)
                + cell(Numbers.plain(cost.gcPauseMs()), null);
    }

    private static String foreign(Row row) {
        double most =
                row.windows().stream().mapToDouble(WindowRow::foreignCpu).max().orElse(0);
        String text = String.format(Locale.ROOT, "%.2f", most);
        return row.noisy()
                ? "<td class=\"n noisy\" title=\"cores used by others in the worst window\">" + text + " ~</td>"
                : cell(text, "cores used by others in the worst window");
    }

    private static String processes(Map<String, Double> mb) {
        return mb.entrySet().stream()
                .map(process -> process.getKey() + " " + Numbers.plain(process.getValue()))
                .collect(Collectors.joining(", "));
    }

    /** A line of their own: they are long, and would push the figures out of the window. */
    private static String peers(Row row, List<Row> rows) {
        List<Peers.Ratio> ratios = Peers.of(row, rows);
        if (ratios.isEmpty()) {
            return "";
        }
        int columns = WORDS.size() + FIGURES.size() + COSTS.size();
        return ratios.stream()
                .map(ratio -> Svg.escape(ratio.text()))
                .collect(Collectors.joining(
                        "; ",
                        "<tr class=\"peers\"><td></td><td colspan=\"" + (columns - 1) + "\">against peers: ",
                        "</td></tr>\n"));
    }

    private static String cell(String word, @Nullable String tip) {
        String title = tip == null ? "" : " title=\"" + Svg.escape(tip) + "\"";
        return "<td class=\"n\"" + title + ">" + Svg.escape(word) + "</td>";
    }
}
