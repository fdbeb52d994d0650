package io.dray.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TablesCommandTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path readme = Path.of("");
    private Path results = Path.of("");

    @BeforeEach
    void marksAReadme() throws IOException {
        readme = folder.resolve("README.md");
        results = Files.createDirectory(folder.resolve("results"));
        Files.writeString(
                readme, "# before\n" + TablesCommand.MARKS.begin() + "\n" + TablesCommand.MARKS.end() + "\nafter\n");
    }

    @Test
    void leavesAReadmeWithoutReportsAsItIs() throws Exception {
        assertThat(run("--check")).isZero();
        assertThat(run()).isZero();

        assertThat(readme)
                .hasContent(
                        "# before\n" + TablesCommand.MARKS.begin() + "\n" + TablesCommand.MARKS.end() + "\nafter\n");
    }

    @Test
    void writesTheRowsOfDrayWithTheirPeersAndTheOrigin() throws Exception {
        report("a.json", 0, 200_000);

        assertThat(run()).isZero();

        assertThat(Files.readString(readme))
                .startsWith("# before\n" + TablesCommand.MARKS.begin() + "\n### messaging\n")
                .endsWith(TablesCommand.MARKS.end() + "\nafter\n")
                .contains("`./dray bench run --suite messaging`, 2026-01-02T03:04:05Z, revision `0123abc`, on Test CPU,"
                        + " 2")
                .contains("([a.json](results/a.json))")
                .contains("| request-reply, 100 B | 64 outstanding | dray local uds | 200k (200k-200k) | 50.0 / 150 |"
                        + " 5.00 | 60.0 | nats 100k: 2.00x, 100 / 300 us: 0.50x / 0.50x |");
    }

    @Test
    void checkSaysThatTheReadmeDiffersUntilItIsWritten() throws Exception {
        report("a.json", 0, 200_000);
        String before = Files.readString(readme);

        assertThat(run("--check")).isOne();
        assertThat(out.toString()).contains("differs from the reports in").contains("./dray bench tables");
        assertThat(readme).hasContent(before);

        assertThat(run()).isZero();
        assertThat(run("--check")).isZero();
    }

    @Test
    void takesTheNewestReportOfASuite() throws Exception {
        report("a.json", 10, 300_000);
        report("b.json", 0, 200_000);

        assertThat(run()).isZero();

        assertThat(Files.readString(readme)).contains("a.json", "300k (").doesNotContain("b.json", "200k (");
    }

    @Test
    void writesTheNewestReportOfMicroBelow() throws Exception {
        ReportFile.write(Reports.micro(), results.resolve("micro/a.json"));

        assertThat(run()).isZero();

        assertThat(readme)
                .content()
                .contains("### micro\n\n`./dray bench micro`, 2026-01-02T03:04:05Z, revision `0123abc`, on Test CPU, 2")
                .contains("([a.json](results/micro/a.json))")
                .contains("| CodecBench.walk, bytes 100 | 12.3 ± 0.50 | 24.0 |\n");
        Files.writeString(results.resolve("micro/b.json"), "[]");
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).contains("b.json is no report of `dray bench micro`");
    }

    @Test
    void writesEachReportOfCrashBelowLongOnesFirst() throws Exception {
        ReportFile.write(Reports.crash(1), results.resolve("crash/short.json"));
        ReportFile.write(Reports.crash(30), results.resolve("crash/long.json"));

        assertThat(run()).isZero();

        assertThat(Files.readString(readme))
                .contains("### crash\n")
                .containsSubsequence(
                        "| tasks | sqlite | 1 | 30.0 | 1,200 | 0 | 0 | 1 | 7 | router killed 2, worker stopped 8 s 1 |"
                                + " 42, `0123abc` ([long.json](results/crash/long.json)) |\n",
                        "| tasks | sqlite | 1 | 1.00 | 1,200 |");
        Files.writeString(results.resolve("crash/other.json"), "{}");
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).contains("other.json is no report of `dray bench crash` (expected");
    }

    @Test
    void writesTheNewestSimulationBelow() throws Exception {
        ReportFile.write(Reports.simulation(), results.resolve("simulation/a.json"));

        assertThat(run()).isZero();

        assertThat(readme)
                .content()
                .contains(
                        "### simulation\n\n`./dray bench simulate`, 2026-01-02T03:04:05Z, revision `0123abc`, on Test")
                .contains("seed 7 ([a.json](results/simulation/a.json))")
                .contains(
                        "| 100 | 85 % | 0 % | 1,000 | 1.200 / 2.40 | 84.6 % | 3 | 210, 150 | random 300 / 600 (84.6 %) |\n")
                .contains("- dray, 100 nodes, 85 %: mean slowdown: 1.200, bar <= 1.10: MISSED\n");
        Files.writeString(results.resolve("simulation/b.json"), "[]");
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).contains("b.json is no report of `dray bench simulate`");
    }

    @Test
    void aSimulationHasABarAtTwoSizesOfOurs() {
        assertThat(Reports.simulated("dray", 100, 1.1).checks()).singleElement().matches(Check::met);
        assertThat(Reports.simulated("dray", 1_000, 1.101).checks())
                .singleElement()
                .matches(check -> !check.met());
        assertThat(Reports.simulated("dray", 10, 9).checks()).isEmpty();
        assertThat(Reports.simulated("random", 100, 9).checks()).isEmpty();
    }

    @Test
    void refusesAFileThatIsNoReport() throws Exception {
        Files.writeString(results.resolve("other.json"), "{}");

        assertThat(run("--check")).isEqualTo(2);

        assertThat(err.toString()).contains("other.json is no report");
    }

    @Test
    void refusesAReadmeWithoutMarks() throws Exception {
        for (String text : List.of(
                "",
                TablesCommand.MARKS.begin() + "\n",
                TablesCommand.MARKS.end() + "\n" + TablesCommand.MARKS.begin() + "\n")) {
            Files.writeString(readme, text);

            assertThat(run()).as(text).isEqualTo(2);
            assertThat(err.toString()).contains("has no part to fill (expected: one line '<!-- begin");
        }
    }

    private void report(String name, int seconds, double rate) throws IOException {
        Report report = Reports.of(
                Reports.row(Reports.REQUEST_REPLY, Reports.DRAY, rate),
                Reports.row(Reports.REQUEST_REPLY, Reports.NATS, 100_000));
        Instant started = report.started().plusSeconds(seconds);
        ReportFile.write(
                new Report(
                        report.schema(),
                        report.machine(),
                        report.revision(),
                        report.command(),
                        started,
                        report.partial(),
                        report.missing(),
                        report.rows()),
                results.resolve(name));
    }

    private int run(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--readme", readme.toString(), "--results", results.toString()));
        return new CommandLine(new TablesCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }
}
