package io.dray.bench.report;

import java.io.PrintStream;
import java.util.List;
import java.util.stream.Collectors;

/** A report as a table for people at a terminal. */
public final class ConsoleTable {
    private static final int TEXT_COLUMNS = 6;
    private static final List<String> HEADER = List.of(
            "scenario",
            "payload",
            "load",
            "system",
            "path",
            "via",
            "median/s",
            "min-max",
            "P50 us",
            "P99 us",
            "P99.9 us",
            "queueing P50/P99",
            "CPU us",
            "wire B",
            "failed",
            "noise",
            "against peers");

    private ConsoleTable() {}

    /**
     * Prints all rows in their order.
     *
     * @param report what to print
     * @param out where to
     */
    public static void print(Report report, PrintStream out) {
        TextTable table = new TextTable(TEXT_COLUMNS);
        table.add(HEADER);
        report.rows().forEach(row -> table.add(cells(row, report.rows())));
        table.print(out);
        out.println();
        out.println(
                "Medians over windows. A flood's latency is that of full queues: queueing. CPU us: of all processes,"
                        + " per message.");
        out.println(
                "noisy: in so many of the windows others used more than a fifth of one core. against peers: our median"
                        + " divided by theirs in this run.");
        report.rows()
                .forEach(row -> row.checks()
                        .forEach(check -> out.println(row.workload().scenario() + ", "
                                + row.contender().title() + ": " + check.text())));
        Bars.of(report).forEach(bar -> out.println(bar.check().text()));
        report.missing()
                .forEach((system, command) ->
                        out.println(system + " is not installed and was not measured; install it with: " + command));
        Machine machine = report.machine();
        out.printf(
                "%s, %d cores, %,d MB; %s, kernel %s; %s; revision %s; %s%n",
                machine.cpu(),
                machine.cores(),
                machine.memoryMb(),
                machine.os(),
                machine.kernel(),
                machine.jvm(),
                report.revision(),
                report.started());
    }

    private static List<String> cells(Row row, List<Row> rows) {
        Figures figures = row.figures();
        return List.of(
                row.workload().scenario(),
                row.workload().payload(),
                row.workload().load(),
                row.contender().system(),
                row.contender().path(),
                row.contender().transport(),
                Numbers.rate(figures.throughputPerS()),
                Numbers.rate(row.spread().min().throughputPerS()) + "-"
                        + Numbers.rate(row.spread().max().throughputPerS()),
                Numbers.plain(figures.p50Us()),
                Numbers.plain(figures.p99Us()),
                Numbers.plain(figures.p999Us()),
                figures.queueingP50Us() == null
                        ? "-"
                        : Numbers.plain(figures.queueingP50Us()) + "/" + Numbers.plain(figures.queueingP99Us()),
                Numbers.plain(row.cost().cpuUsPerMessage()),
                Numbers.plain(row.cost().wireBytesPerMessage()),
                Long.toString(figures.failures()),
                noise(row),
                Peers.of(row, rows).stream().map(Peers.Ratio::text).collect(Collectors.joining("; ")));
    }

    static String noise(Row row) {
        long noisy = row.windows().stream().filter(WindowRow::noisy).count();
        return noisy == 0 ? "" : "noisy " + noisy + "/" + row.windows().size();
    }
}
