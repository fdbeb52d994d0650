package io.dray.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench tables}: fills the marked part of the README from the committed reports. */
@Command(
        name = "tables",
        description = {
            "Writes the tables of bench/README.md, between its two marks, from the newest report of each suite in"
                    + " bench/results."
        },
        footer = {
            "",
            "Exit code: 0 written, or --check found nothing to write; 1 --check found that the README differs;",
            "2 a file that is no report, or a README without the marks.",
            "",
            "Examples:",
            "  ./dray bench tables",
            "  ./dray bench tables --check"
        },
        mixinStandardHelpOptions = true)
public final class TablesCommand implements Callable<Integer> {
    static final MarkedPart MARKS = MarkedPart.of("tables");

    /** Folder of the reports of {@code bench micro}, below the others. */
    private static final String MICRO = "micro";

    /** Folder of those of {@code bench crash}. */
    private static final String CRASH = "crash";

    /** The same of {@code bench simulate}. */
    private static final String SIMULATION = "simulation";

    private static final int DIFFERS = 1;
    private static final int WRONG = 2;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--check",
            description = "Write nothing; exit 1 when the README differs from what would be written.")
    private boolean check;

    @Option(names = "--readme", paramLabel = "FILE", description = "What to fill (default: bench/README.md).")
    private Path readme = SourceTree.root().resolve("bench/README.md");

    @Option(names = "--results", paramLabel = "FOLDER", description = "Where the reports are (default: bench/results).")
    private Path results = SourceTree.root().resolve("bench/results");

    @Override
    public Integer call() throws IOException {
        String text;
        String made;
        try {
            text = Files.readString(readme);
            made = MARKS.in(text).with(tables());
        } catch (UnreadableReportException e) {
            return wrong(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return wrong(readme + " cannot be read: " + e + " (expected: a README with the marks of this command)");
        } catch (IllegalArgumentException e) {
            return wrong(readme + " " + e.getMessage());
        }
        if (made.equals(text)) {
            return say(readme + " is as the reports in " + results + " say.", 0);
        }
        if (check) {
            return say(readme + " differs from the reports in " + results + "; run: ./dray bench tables", DIFFERS);
        }
        Files.writeString(readme, made);
        return say(readme + " written from the reports in " + results + ".", 0);
    }

    private String tables() throws IOException {
        Map<String, Path> newest = new TreeMap<>();
        Map<Path, Report> reports = reports();
        reports.entrySet().stream()
                .sorted(Comparator.comparing(entry -> entry.getValue().started()))
                .forEach(entry -> entry.getValue().rows().stream()
                        .map(row -> row.workload().suite())
                        .forEach(suite -> newest.put(suite, entry.getKey())));
        List<String> tables = new ArrayList<>(newest.values().stream()
                .distinct()
                .map(file ->
                        MarkdownTable.of(Objects.requireNonNull(reports.get(file)), String.valueOf(file.getFileName())))
                .toList());
        newestMicro().ifPresent(tables::add);
        crashes().ifPresent(tables::add);
        newestSimulation().ifPresent(tables::add);
        return String.join("\n", tables);
    }

    private Optional<String> newestMicro() throws IOException {
        Map<Instant, String> tables = new TreeMap<>();
        for (Path file : files(results.resolve(MICRO))) {
            MicroReport report = ReportFile.readMicro(file);
            tables.put(report.started(), MicroTable.of(report, String.valueOf(file.getFileName())));
        }
        return newest(tables);
    }

    private Optional<String> newestSimulation() throws IOException {
        Map<Instant, String> tables = new TreeMap<>();
        for (Path file : files(results.resolve(SIMULATION))) {
            SimulationReport report = ReportFile.readSimulation(file);
            tables.put(report.started(), SimulationTable.of(report, String.valueOf(file.getFileName())));
        }
        return newest(tables);
    }

    private static Optional<String> newest(Map<Instant, String> tables) {
        return tables.isEmpty()
                ? Optional.empty()
                : Optional.of(List.copyOf(tables.values()).getLast());
    }

    private Optional<String> crashes() throws IOException {
        Map<Path, CrashReport> reports = new TreeMap<>();
        for (Path file : files(results.resolve(CRASH))) {
            reports.put(file, ReportFile.readCrash(file));
        }
        return reports.isEmpty() ? Optional.empty() : Optional.of(CrashTable.of(reports));
    }

    private Map<Path, Report> reports() throws IOException {
        Map<Path, Report> reports = new TreeMap<>();
        for (Path file : files(results)) {
            reports.put(file, ReportFile.read(file));
        }
        return reports;
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }

    private int say(String line, int code) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
        return code;
    }

    private int wrong(String line) {
        spec.commandLine().getErr().println(line);
        return WRONG;
    }
}
