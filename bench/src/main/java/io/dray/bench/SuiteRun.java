package io.dray.bench;

import io.dray.bench.mesh.Jvm;
import io.dray.bench.mesh.LocalMesh;
import io.dray.bench.messaging.OtherSystems;
import io.dray.bench.messaging.Suite;
import io.dray.bench.report.Check;
import io.dray.bench.report.ConsoleTable;
import io.dray.bench.report.HtmlPage;
import io.dray.bench.report.Report;
import io.dray.bench.report.ReportFile;
import io.dray.bench.report.Revision;
import io.dray.bench.report.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs a suite and reports: the table on standard output, files on request, progress on standard error.
 *
 * @param json where to write the report; null means nowhere
 * @param html where to write the page; null means nowhere
 */
record SuiteRun(@Nullable Path json, @Nullable Path html) {
    static final int FAILED = 1;
    static final int NOT_INSTALLED = 3;

    /** Names what is not installed; false when somebody asked for that by name. */
    static boolean isPossible(List<String> against) {
        Map<String, String> missing = OtherSystems.missing();
        missing.forEach(
                (system, command) -> System.err.println(system + " is not installed; install it with: " + command));
        return against.stream().noneMatch(missing::containsKey);
    }

    /**
     * What a run gave.
     *
     * @param report all rows
     * @param failures contenders that could not be measured
     */
    record Ended(Report report, int failures) {
        /**
         * Whether all was measured and Dray failed no request and no message of an open loop. What a flood has refused
         * or other systems lose stands in their rows. Every bar that a scenario names must be met.
         */
        boolean isGood() {
            return failures == 0
                    && report.rows().stream()
                            .flatMap(row -> row.checks().stream())
                            .allMatch(Check::met)
                    && report.rows().stream()
                            .filter(row -> row.contender().system().startsWith("dray"))
                            .filter(row -> row.workload().shape() != Shape.FLOOD)
                            .allMatch(row -> row.figures().failures() == 0);
        }
    }

    /** Measures and reports; the folder with logs is kept when something could not be measured. */
    Ended run(Suite suite, String command) throws IOException, InterruptedException {
        Instant started = Instant.now();
        Path folder = Files.createTempDirectory("dray-bench-");
        Suite.Outcome outcome = suite.run(folder, System.err);
        if (outcome.failures() == 0) {
            LocalMesh.deleteFolder(folder);
        } else {
            System.err.println(outcome.failures() + " could not be measured; logs: " + folder);
        }
        Report report =
                Report.of(Revision.of(Jvm.repository()), command, started, OtherSystems.missing(), outcome.rows());
        ConsoleTable.print(report, System.out);
        if (json != null) {
            ReportFile.write(report, json);
        }
        if (html != null) {
            HtmlPage.write(report, html);
        }
        return new Ended(report, outcome.failures());
    }
}
