package io.dray.bench.report;

import io.dray.bench.report.SimulationReport.Simulated;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A report of {@code bench simulate} as Markdown and on the console. Stateless. */
public final class SimulationTable {
    private static final double HUNDRED = 100;

    private SimulationTable() {}

    /** Sections begin at the third level of headings; peers that saw the same tasks stand behind each line of Dray. */
    static String of(SimulationReport report, String file) {
        return String.format(
                        Locale.ROOT,
                        "### simulation%n%n%s, seed %d ([%s](results/simulation/%s)).%nSlowdowns are mean / P99 of"
                                + " the same tasks; *outside* is the share of nodes that others use too.%n%n| nodes | load |"
                                + " outside | tasks | dray: slowdown | utilisation | rejected | ns per decision: mean,"
                                + " median | peers: slowdown (utilisation) |%n|---|---|---|---|---|---|---|---|---|%n",
                        Origin.of(report.command(), report.started(), report.revision(), report.machine()),
                        report.seed(),
                        file,
                        file)
                + report.cases().stream()
                        .filter(Simulated::isDray)
                        .map(dray -> line(report, dray))
                        .collect(Collectors.joining())
                + checks(report, "\n");
    }

    private static String line(SimulationReport report, Simulated dray) {
        String peers = report.cases().stream()
                .filter(other -> !other.isDray() && other.isBeside(dray))
                .map(peer -> peer.scheduler() + " " + slowdown(peer) + " (" + percent(peer.utilisation()) + ")")
                .collect(Collectors.joining("; "));
        List<String> cells = List.of(
                String.format(Locale.ROOT, "%,d", dray.nodes()),
                dray.loadPercent() + " %",
                dray.outsidePercent() + " %",
                String.format(Locale.ROOT, "%,d", dray.tasks()),
                slowdown(dray),
                percent(dray.utilisation()),
                String.format(Locale.ROOT, "%,d", dray.rejected()),
                Numbers.plain(dray.decisionNs()) + ", " + Numbers.plain(dray.decisionMedianNs()),
                peers);
        return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    /** Returns a line for each bar, with something before them where there are some. */
    private static String checks(SimulationReport report, String before) {
        String checks = report.cases().stream().map(SimulationTable::checks).collect(Collectors.joining());
        return checks.isEmpty() ? "" : before + checks;
    }

    private static String checks(Simulated simulated) {
        return simulated.checks().stream()
                .map(check -> String.format(
                        Locale.ROOT,
                        "- %s, %,d nodes, %d %%: %s%n",
                        simulated.scheduler(),
                        simulated.nodes(),
                        simulated.loadPercent(),
                        check.text()))
                .collect(Collectors.joining());
    }

    /**
     * Prints one line for each case, and the bars below.
     *
     * @param report what was found out
     * @param out where to
     */
    public static void print(SimulationReport report, PrintStream out) {
        TextTable table = new TextTable(1);
        table.add(List.of(
                "scheduler",
                "nodes",
                "load",
                "outside",
                "mean",
                "P50",
                "P99",
                "util",
                "rejected",
                "ns/decision",
                "median"));
        for (Simulated simulated : report.cases()) {
            table.add(List.of(
                    simulated.scheduler(),
                    String.format(Locale.ROOT, "%,d", simulated.nodes()),
                    simulated.loadPercent() + " %",
                    simulated.outsidePercent() + " %",
                    two(simulated.meanSlowdown()),
                    two(simulated.medianSlowdown()),
                    two(simulated.p99Slowdown()),
                    percent(simulated.utilisation()),
                    String.format(Locale.ROOT, "%,d", simulated.rejected()),
                    Numbers.plain(simulated.decisionNs()),
                    Numbers.plain(simulated.decisionMedianNs())));
        }
        table.print(out);
        out.print(checks(report, ""));
        out.flush();
    }

    private static String slowdown(Simulated simulated) {
        return two(simulated.meanSlowdown()) + " / " + two(simulated.p99Slowdown());
    }

    /** A mean of 1.049 and one of 1.051 are told apart where it matters. */
    private static String two(double slowdown) {
        return slowdown < 2 ? String.format(Locale.ROOT, "%.3f", slowdown) : Numbers.plain(slowdown);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", share * HUNDRED);
    }
}
