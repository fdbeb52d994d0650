package io.dray.bench;

import io.dray.bench.mesh.Jvm;
import io.dray.bench.mesh.RunFolder;
import io.dray.bench.messaging.OtherSystems;
import io.dray.bench.messaging.Suite;
import io.dray.bench.report.Check;
import io.dray.bench.report.ConsoleTable;
import io.dray.bench.report.HtmlPage;
import io.dray.bench.report.OutputFile;
import io.dray.bench.report.Report;
import io.dray.bench.report.ReportFile;
import io.dray.bench.report.Revision;
import io.dray.bench.report.Row;
import io.dray.bench.report.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs a suite and reports: the table on standard output, files on request, progress on standard error.
 *
 * @param json where to write the report; null means nowhere
 * @param html where to write the page; null means nowhere
 * @param systems words of all systems that the suite may need
 */
record SuiteRun(@Nullable Path json, @Nullable Path html, List<String> systems) {
    static final int FAILED = 1;
    static final int NOT_INSTALLED = 3;

    /** Copies the list. */
    SuiteRun {
        systems = List.copyOf(systems);
    }

    /** Names what is not installed; false when somebody asked for that by name. */
    boolean isPossible(List<String> against) {
        Map<String, String> missing = missing();
        missing.forEach(
                (system, command) -> System.err.println(system + " is not installed; install it with: " + command));
        return against.stream().noneMatch(missing::containsKey);
    }

    /**
     * Tries the files before anything is measured.
     *
     * @return one line for the first that cannot be written; empty when all can
     */
    Optional<String> problem() {
        return Stream.of(file("--json", json), file("--html", html))
                .flatMap(Optional::stream)
                .flatMap(file -> file.problem().stream())
                .findFirst();
    }

    /**
     * What a run gave.
     *
     * @param report all rows
     * @param failures contenders that could not be measured, and files that could not be written
     */
    record Ended(Report report, int failures) {
        /**
         * Whether all was measured, every bar that a scenario names was met, and Dray failed no request and no message of
         * an open loop. Of a flood it may refuse some, which its row tells, but not as many as arrive.
         */
        boolean isGood() {
            return failures == 0
                    && report.rows().stream()
                            .flatMap(row -> row.checks().stream())
                            .allMatch(Check::met)
                    && report.rows().stream()
                            .filter(row -> row.contender().system().startsWith("dray"))
                            .allMatch(Ended::hasArrived);
        }

        private static boolean hasArrived(Row row) {
            if (row.workload().shape() != Shape.FLOOD) {
                return row.figures().failures() == 0;
            }
            double arrived = row.windows().stream()
                    .mapToDouble(window -> window.figures().throughputPerS() * window.seconds())
                    .sum();
            return arrived > row.figures().failures();
        }
    }

    /**
     * Measures and reports; files are written after each scenario, so that one who ends the run early keeps the rest.
     * The folder with logs is kept when something could not be measured.
     */
    Ended run(Suite suite, String command) throws IOException, InterruptedException {
        Instant started = Instant.now();
        String revision = Revision.of(Jvm.repository());
        AtomicBoolean isSaved = new AtomicBoolean();
        Suite.Outcome outcome;
        try (RunFolder folder = RunFolder.make("dray-bench-", () -> sayWhatIsKept(isSaved.get()))) {
            outcome = suite.run(
                    folder.path(),
                    System.err,
                    rows -> isSaved.set(save(Report.of(revision, command, started, true, missing(), rows))));
            if (outcome.failures() > 0) {
                folder.keep();
                System.err.println(outcome.failures() + " could not be measured; logs: " + folder.path());
            }
        }
        Report report = Report.of(revision, command, started, false, missing(), outcome.rows());
        ConsoleTable.print(report, System.out);
        return new Ended(report, outcome.failures() + (save(report) ? 0 : 1));
    }

    private Map<String, String> missing() {
        return OtherSystems.missing(systems);
    }

    /** Whether all files were written; a run of many minutes is not given up for one that was not. */
    private boolean save(Report report) {
        try {
            if (json != null) {
                ReportFile.write(report, json);
            }
            if (html != null) {
                HtmlPage.write(report, html);
            }
            return true;
        } catch (IOException e) {
            System.err.println("the report cannot be written: " + e);
            return false;
        }
    }

    private void sayWhatIsKept(boolean isSaved) {
        List<Path> files = Stream.of(Optional.ofNullable(json), Optional.ofNullable(html))
                .flatMap(Optional::stream)
                .toList();
        if (!files.isEmpty()) {
            System.err.println(
                    isSaved
                            ? "ended early; the scenarios that had ended are in " + files + ", marked partial"
                            : "ended before the first scenario had: nothing was written to " + files);
        }
    }

    private static Optional<OutputFile> file(String option, @Nullable Path path) {
        return Optional.ofNullable(path).map(given -> new OutputFile(option, given));
    }
}
