package io.dray.bench.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A report as Markdown for a README: its origin, and one line for each row of Dray with the peers beside it. */
final class MarkdownTable {
    private static final String HEADER = """
        | scenario | load | dray | per second (min-max) | P50 / P99 us | CPU us | RSS MB | peers: theirs, and ours divided by it |
        |---|---|---|---|---|---|---|---|
        """;

    private static final String ROUTER = "router";

    private MarkdownTable() {}

    /** Sections begin at the third level of headings. */
    static String of(Report report, String file) {
        return origin(report, file)
                + HEADER
                + report.rows().stream()
                        .filter(row -> row.contender().isDray())
                        .map(row -> line(row, report.rows()))
                        .collect(Collectors.joining())
                + checks(report.rows())
                + bars(Bars.of(report));
    }

    private static String bars(List<Bars.Bar> bars) {
        if (bars.isEmpty()) {
            return "";
        }
        return "\n| figure | goal | our row | held against the bar |\n|---|---|---|---|\n"
                + bars.stream()
                        .map(bar -> "| " + bar.check().figure() + " | " + bar.goal() + " | " + bar.seen() + " | "
                                + bar.check().judged() + " |\n")
                        .collect(Collectors.joining());
    }

    private static String origin(Report report, String file) {
        return String.format(
                Locale.ROOT,
                "### %s%n%n%s ([%s](results/%s)).%n"
                        + "Medians over windows; *q* is queueing in a flood, *~* marks rows with a noisy window."
                        + " Latencies and their ratios are P50 / P99, RSS is that of the %s.%n%n",
                report.rows().stream()
                        .map(row -> row.workload().suite())
                        .distinct()
                        .collect(Collectors.joining(", ")),
                Origin.of(report.command(), report.started(), report.revision(), report.machine()),
                file,
                file,
                isOfTasks(report) ? "router and of the sidecar" : "sidecars");
    }

    private static boolean isOfTasks(Report report) {
        return report.rows().stream().anyMatch(row -> row.workload().suite().equals(TaskBars.SUITE));
    }

    private static String checks(List<Row> rows) {
        String lines = rows.stream()
                .flatMap(row -> row.checks().stream()
                        .map(check -> "- " + row.workload().scenario() + ", "
                                + row.contender().title() + ": " + check.text() + "\n"))
                .collect(Collectors.joining());
        return lines.isEmpty() ? "" : "\n" + lines;
    }

    private static String line(Row row, List<Row> rows) {
        List<String> cells = List.of(
                row.workload().scenario() + ", " + row.workload().payload(),
                row.workload().load(),
                row.contender().title(),
                throughput(row),
                latency(row.figures()),
                Numbers.plain(row.cost().cpuUsPerMessage()),
                memory(row),
                Peers.of(row, rows).stream().map(MarkdownTable::peer).collect(Collectors.joining("; ")));
        return cells.stream().map(cell -> cell.replace("|", "\\|")).collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    private static String throughput(Row row) {
        return Numbers.rate(row.figures().throughputPerS()) + " ("
                + Numbers.rate(row.spread().min().throughputPerS()) + "-"
                + Numbers.rate(row.spread().max().throughputPerS()) + ")" + (row.noisy() ? " ~" : "");
    }

    private static String latency(Figures figures) {
        return figures.queueingP50Us() == null
                ? Numbers.plain(figures.p50Us()) + " / " + Numbers.plain(figures.p99Us())
                : "q " + Numbers.plain(figures.queueingP50Us()) + " / " + Numbers.plain(figures.queueingP99Us());
    }

    /** The processes that carry messages; agents are left to the JSON. */
    private static String memory(Row row) {
        return row.cost().rssMb().entrySet().stream()
                .filter(process -> process.getKey().startsWith("sidecar")
                        || (row.workload().suite().equals(TaskBars.SUITE)
                                && process.getKey().equals(ROUTER)))
                .map(process -> Numbers.plain(process.getValue()))
                .collect(Collectors.joining(" + "));
    }

    private static String peer(Peers.Ratio ratio) {
        Figures theirs = ratio.peer().figures();
        String latency = Numbers.plain(theirs.p50Us()) + " / " + Numbers.plain(theirs.p99Us()) + " us: "
                + Numbers.ratio(ratio.p50()) + " / " + Numbers.ratio(ratio.p99());
        String throughput = Numbers.rate(theirs.throughputPerS()) + ": " + Numbers.ratio(ratio.throughput());
        return ratio.peer().contender().system() + " "
                + switch (ratio.peer().workload().shape()) {
                    case OPEN -> latency;
                    case CLOSED -> throughput + ", " + latency;
                    case FLOOD -> throughput;
                };
    }
}
