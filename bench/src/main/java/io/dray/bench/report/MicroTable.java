package io.dray.bench.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A report of {@code bench micro} as Markdown: its origin, and one line for each benchmark. Stateless. */
final class MicroTable {
    private MicroTable() {}

    /** Sections begin at the third level of headings. */
    static String of(MicroReport report, String file) {
        return String.format(
                        Locale.ROOT,
                        "### micro%n%n%s ([%s](results/micro/%s)).%nMeans of JMH over the iterations, with half of its"
                                + " 99.9 %% interval.%n%n| benchmark | ns per operation | bytes allocated per operation |%n"
                                + "|---|---|---|%n",
                        Origin.of(report.command(), report.started(), report.revision(), report.machine()),
                        file,
                        file)
                + report.benchmarks().stream().map(MicroTable::line).collect(Collectors.joining());
    }

    private static String line(MicroReport.Benchmark benchmark) {
        String parameters = benchmark.parameters().entrySet().stream()
                .map(parameter -> ", " + parameter.getKey() + " " + parameter.getValue())
                .collect(Collectors.joining());
        Double error = benchmark.errorNs();
        List<String> cells = List.of(
                benchmark.name() + parameters,
                Numbers.plain(benchmark.nsPerOp()) + (error == null ? "" : " ± " + Numbers.plain(error)),
                Numbers.plain(benchmark.bytesPerOp()));
        return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}
