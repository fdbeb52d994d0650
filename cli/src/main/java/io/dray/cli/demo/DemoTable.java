package io.dray.cli.demo;

import io.dray.cli.output.Table;
import java.io.PrintStream;
import java.util.Locale;
import java.util.stream.Collectors;

/** A demo's report for people. Stateless. */
final class DemoTable {
    private DemoTable() {}

    static void print(PrintStream out, DemoReport report, PlainWalk walk, Found found, double seconds) {
        var traffic = report.traffic();
        Table table = new Table("WHAT", "VALUE")
                .row("files", number(report.files()) + walk.leftOut())
                .row(
                        "digested",
                        number(report.digested())
                                + (report.known().isEmpty() ? " exactly once" : ", now or earlier")
                                + ", by name, SHA-256, bytes and lines")
                .row("tasks per node", byNode(report))
                .row("attempts", number(report.attempts()))
                .row("messages local", number(traffic.messagesLocal()))
                .row("messages remote", number(traffic.messagesRemote()))
                .row("bytes on links", bytes(traffic))
                .row("address cache hits", number(traffic.addressCacheHits()))
                .row(
                        "routing in sidecars",
                        "P50 %s us, P99 %s us (without waits for a closed window)"
                                .formatted(number(traffic.warmP50Micros()), number(traffic.warmP99Micros())));
        if (report.known().isEmpty()) {
            table.row(
                    "with cold starts",
                    "P50 %s us, P99 %s us (with the first second of each sidecar)"
                            .formatted(number(traffic.routeP50Micros()), number(traffic.routeP99Micros())));
        }
        table.row("most telling terms", String.join(", ", report.topTerms()))
                .row("languages", found.languages())
                .row("near-duplicates", found.nearDuplicates());
        if (!report.killed().isEmpty()) {
            table.row("killed", String.join(", ", report.killed()) + " (meters of a sidecar count up to its death)");
        }
        report.known()
                .ifPresent(known -> table.row("answers", answers(report, known)).row("time saved", saved(known)));
        table.row("time", String.format(Locale.ROOT, "%.1f s", seconds));
        table.print(out);
    }

    /** Who answered for what was known, and what was not. */
    static String answers(DemoReport report, Known known) {
        return "%s from the cache of %s's sidecar, %s from the indexer; %s digested anew"
                .formatted(
                        number(known.cached()),
                        Demo.READER_NODE,
                        number(known.fromAgents()),
                        number(report.digestedAnew(known)));
    }

    /** Both figures that the time saved comes from. */
    static String saved(Known known) {
        String saved = known.savedNanos() > 0 ? seconds(known.savedNanos()) : "none";
        return saved + ": agents were at work for " + seconds(known.digestNanos())
                + " to digest what was known, all answers took " + seconds(known.askNanos());
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.2f s", nanos / 1e9);
    }

    private static String byNode(DemoReport report) {
        return report.tasksByNode().entrySet().stream()
                .map(entry -> entry.getKey() + " " + number(entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static String bytes(DemoReport.Traffic traffic) {
        String ratio = traffic.bytesWire() == 0
                ? ""
                : String.format(Locale.ROOT, " (ratio %.1f)", (double) traffic.bytesRaw() / traffic.bytesWire());
        return "%s before compression, %s after%s"
                .formatted(number(traffic.bytesRaw()), number(traffic.bytesWire()), ratio);
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
