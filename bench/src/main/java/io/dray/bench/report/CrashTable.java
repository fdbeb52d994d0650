package io.dray.bench.report;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Reports of {@code bench crash} as Markdown: one line for each. Stateless. */
final class CrashTable {
    private static final String HEADER = """
        ### crash

        One line for each run of `./dray bench crash`. A task is *lost* when it was acknowledged and did not succeed,
        *duplicated* when it was started again after its outcome had been accepted, *redelivered* when that was before,
        and *late* when an older attempt went on after it, whose process had been stopped: what it says is refused.

        | suite | store | routers | minutes | acknowledged | lost | duplicated | late | redelivered | faults | seed, revision |
        |---|---|---|---|---|---|---|---|---|---|---|
        """;

    private static final int SHORT_HASH = 12;

    private CrashTable() {}

    /** Sections begin at the third level of headings; longer runs come first. */
    static String of(Map<Path, CrashReport> reports) {
        return HEADER
                + reports.entrySet().stream()
                        .sorted(Comparator.comparing((Map.Entry<Path, CrashReport> entry) ->
                                        entry.getValue().suite())
                                .thenComparing(entry -> entry.getValue().store())
                                .thenComparingDouble(entry -> -entry.getValue().minutes())
                                .thenComparing(entry -> entry.getValue().started()))
                        .map(entry -> line(
                                entry.getValue(), String.valueOf(entry.getKey().getFileName())))
                        .collect(Collectors.joining());
    }

    private static String line(CrashReport report, String file) {
        List<String> cells = List.of(
                report.suite(),
                report.store(),
                Integer.toString(report.routers()),
                Numbers.plain(report.minutes()),
                count(report.acknowledged()),
                count(report.lost()),
                count(report.duplicated()),
                count(report.late()),
                count(report.redelivered()),
                report.faults().entrySet().stream()
                        .map(fault -> fault.getKey() + " " + fault.getValue())
                        .collect(Collectors.joining(", ")),
                report.seed() + ", `" + shortened(report.revision()) + "` ([" + file + "](results/crash/" + file
                        + "))");
        return cells.stream().map(cell -> cell.replace("|", "\\|")).collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    /** A hash of Git is known by its beginning; what was changed since stays told. */
    private static String shortened(String revision) {
        return revision.replaceFirst("^([0-9a-f]{" + SHORT_HASH + "})[0-9a-f]+", "$1");
    }

    private static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
