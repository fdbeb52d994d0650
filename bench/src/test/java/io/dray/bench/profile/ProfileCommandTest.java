package io.dray.bench.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dray.bench.mesh.ThreadTime;
import io.dray.bench.messaging.MessagingSuite;
import io.dray.bench.report.Machine;
import io.dray.bench.report.MarkedPart;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command over real processes for a moment; counts only. */
@Tag("long")
class ProfileCommandTest {
    private static final MarkedPart MARKS = MarkedPart.of("profile --table");

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void profilesEveryProcessOfAScenarioIntoAPageFiguresStacksAndTheTableOfGoals() throws Exception {
        // async-profiler's native library comes for these alone; elsewhere the command says so.
        assumeTrue(
                Sampler.resource(System.getProperty("os.name"), System.getProperty("os.arch"))
                        .matches("linux-(x64|arm64)/.*"),
                "no sampler for this system");
        Path into = Files.createDirectory(folder.resolve("profiles"));
        Path page = folder.resolve("page.html");
        Path figures = into.resolve("request-reply-64.json");
        Path stacks = folder.resolve("stacks");

        assertThat(run(
                        "request-reply",
                        "--seconds",
                        "0.5",
                        "--warm-up",
                        "0.3",
                        "--html",
                        page.toString(),
                        "--json",
                        figures.toString(),
                        "--collapsed",
                        stacks.toString()))
                .isZero();

        Profile profile = Objects.requireNonNull(Profiles.readAll(into).get(figures));
        assertThat(profile.machine()).isEqualTo(Machine.current());
        assertThat(profile.event()).isIn("cpu-clock", "ctimer");
        assertThat(profile.row().figures().failures()).isZero();
        assertThat(profile.processes())
                .extracting(Profile.OneProcess::role)
                .containsExactly("sidecar-a", "sink", "source");
        assertThat(profile.processes()).allSatisfy(process -> {
            assertThat(process.samples()).isPositive();
            assertThat(process.purposes()).containsKey(Purpose.NETTY);
            assertThat(process.top()).isNotEmpty();
            assertThat(process.threads()).anyMatch(thread -> thread.ranMs() > 0 && thread.slices() > 0);
            assertThat(stacks.resolve(process.role() + ".collapsed.gz")).isNotEmptyFile();
        });
        assertThat(Files.readString(page))
                .contains("<title>Dray: profile of request-reply, dray local uds</title>")
                .contains(
                        "<td>sidecar: walk, routing, queues</td>",
                        "id=\"sidecar-a\"",
                        "const graphs = {\"sidecar-a\":[0,0,")
                .doesNotContain("src=", "href=");

        Path table = emptyTable();
        assertThat(run(tableOf(into, table, "--check"))).isOne();
        assertThat(run(tableOf(into, table))).isZero();
        assertThat(run(tableOf(into, table, "--check"))).isZero();
        assertThat(Files.readString(table))
                .startsWith("# before\n" + MARKS.begin() + "\n")
                .endsWith(MARKS.end() + "\nafter\n")
                .contains("| [request-reply-64](profiles/request-reply-64.html) | 525k/s, P99 0.25 ms | ")
                .contains("| for | request-reply-64 |")
                .contains("| system calls: read | ");
    }

    @Test
    void saysWhichScenariosAndContendersThereAre() {
        assertThat(run("flood")).isEqualTo(2);
        assertThat(run("idle")).isEqualTo(2);
        assertThat(run("request-reply-512", "--path", "remote")).isEqualTo(2);
        assertThat(run("request-reply", "--system", "nats")).isEqualTo(2);

        assertThat(err.toString())
                .contains("SCENARIO: flood (expected: request-reply, request-reply-1, ")
                .contains("SCENARIO: idle (expected: request-reply, ")
                .contains("dray remote uds under request-reply-512 (expected: dray local uds, dray-virtual local uds)")
                .contains("nats uds under request-reply (expected: dray local uds, ");
    }

    @Test
    void refusesWordsThatDoNotGoTogether() {
        assertThat(run()).isEqualTo(2);
        assertThat(run("request-reply", "--all")).isEqualTo(2);
        assertThat(run("--all", "--check")).isEqualTo(2);
        assertThat(run("request-reply", "--seconds", "0")).isEqualTo(2);

        assertThat(err.toString())
                .contains("words: [] (expected: a SCENARIO, --all or --table)")
                .contains("words: [request-reply, --all] (expected: a SCENARIO, --all or --table)")
                .contains("--check: without --table (expected: --table --check)")
                .contains("--seconds, --warm-up: timing: ");
    }

    @Test
    void refusesToFillWhatHasNoMarksAndToReadWhatIsNoProfile() throws Exception {
        Path into = Files.createDirectory(folder.resolve("profiles"));
        Path bare = Files.writeString(folder.resolve("bare.md"), "# nothing\n");

        assertThat(run(tableOf(into, bare))).isEqualTo(2);
        Files.writeString(into.resolve("other.json"), "[]");
        assertThat(run(tableOf(into, emptyTable()))).isEqualTo(2);

        assertThat(err.toString()).contains("has no part to fill").contains("other.json is no profile");
    }

    @Test
    void helpShowsExamples() {
        assertThat(run("--help")).isZero();

        assertThat(out.toString())
                .contains("Examples:", "./dray bench profile flood-1kb --html flood-1kb.html", "Exit code: 0");
    }

    @Test
    void everyGoalIsAScenarioWithThatContender() {
        assertThat(Goal.all())
                .allSatisfy(goal ->
                        assertThat(MessagingSuite.contenders(goal.scenario())).contains(goal.contender()));
        assertThat(Goal.all()).extracting(Goal::name).doesNotHaveDuplicates();
    }

    @Test
    void threadTimesAreWhatWasCountedBetweenTwoReadings() {
        List<ThreadTime> times = ThreadTime.between(
                Map.of("1", new ThreadTime("loop", 10, 1, 5), "3", new ThreadTime("idle", 7, 7, 7)),
                Map.of(
                        "1", new ThreadTime("loop", 12, 2, 8),
                        "2", new ThreadTime("loop", 1, 1, 1),
                        "3", new ThreadTime("idle", 7, 7, 7)));

        assertThat(times).containsExactly(new ThreadTime("loop", 3, 2, 4));
        assertThat(times.getFirst().waitedUsPerSlice()).isEqualTo(500);
    }

    private Path emptyTable() throws Exception {
        return Files.writeString(
                folder.resolve("PROFILES.md"), "# before\n" + MARKS.begin() + "\n" + MARKS.end() + "\nafter\n");
    }

    private static String[] tableOf(Path into, Path page, String... more) {
        List<String> words = new ArrayList<>(List.of("--table", "--into", into.toString(), "--page", page.toString()));
        words.addAll(List.of(more));
        return words.toArray(String[]::new);
    }

    private int run(String... words) {
        return new CommandLine(new ProfileCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(words);
    }
}
