package io.dray.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong words are refused in one line, before anything is started. */
class BenchTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "run --scenario nothing | --scenario: nothing (expected: request-reply, ",
                "run --suite nothing | --suite: nothing (expected: messaging, pressure, settings, tasks)",
                "run --against nothing | --against: nothing (expected: grpc, nats, nginx, haproxy, all)",
                "run --suite tasks --against grpc | --against: grpc (expected: db-scheduler, nats, all)",
                "run --suite tasks --scenario idle | --scenario: idle (expected: life, submit-10k, ",
                "run --suite tasks --store mysql | --store: mysql (expected: sqlite, postgres, both)",
                "run --scenario idle --store sqlite | --store: sqlite (expected: only with --suite tasks)",
                "run --scenario idle --seconds 0 | windows of 0.0 s (expected: ",
                "run --scenario idle --seconds NaN | windows of NaN s (expected: ",
                "run --scenario idle --seconds Infinity | windows of Infinity s (expected: ",
                "run --scenario idle --windows 0 | 0 windows of ",
                "run --scenario idle --windows -1 | -1 windows of ",
                "run --scenario idle --warm-up NaN | warm-up NaN s",
                "run --suite pressure --windows 0 | 0 windows of ",
                "run --suite settings --seconds -1 | windows of -1.0 s",
                "run --scenario idle --set loop=2 | --set: unknown key loop (did you mean loops?)",
                "run --scenario idle --set loops= | --set: loops: ",
                "run --scenario idle --set loops | --set: loops (expected: KEY=VALUE",
                "run --scenario idle --set memory.mailbox=4mb | --set: memory.mailbox: ",
                "run --scenario idle --set DRAY_AGENT_WINDOW=1MiB | --set: unknown key DRAY_AGENT_WINDOW",
                "run --json / --scenario idle | --json: / is a folder",
                "run --html /proc/nope/x.html --scenario idle | --html: /proc/nope/x.html cannot be written",
                "quick --json /proc/nope/x.json | --json: /proc/nope/x.json cannot be written",
                "quick --seconds -1 | windows of -1.0 s",
                "quick --against grpc | --against: grpc (expected: nats)",
                "quick --require-ratio 1 | --require-ratio: without --against nats",
                "crash --json /proc/nope/x.json | --json: /proc/nope/x.json cannot be written",
                "crash --seconds 0 | --seconds: 0 (expected: at least 1",
                "crash --minutes 0 | --minutes: 0 (expected: at least 1",
                "crash --minutes 1441 | --minutes: 1441 (expected: at least 1, at most a day)",
                "crash --minutes 1 --seconds 1 | --minutes: 1 beside --seconds (expected: one of them)",
                "crash --store mysql | Invalid value for option '--store'",
                "simulate --nodes 5 | --nodes: 5 (expected: 10 to 20,000)",
                "simulate --nodes ten | Invalid value for option '--nodes'",
                "simulate --load 0 | --load: 0 (expected: 1 to 99)",
                "simulate --load 100 | --load: 100 (expected: 1 to 99)",
                "simulate --outside -1 | --outside: -1 (expected: 0 to 100)",
                "simulate --tasks 1 | --tasks: 1 (expected: 1,000 to 100,000,000)",
                "simulate --against nothing | --against: nothing (expected: random, ",
                "simulate --json /proc/nope/x.json | --json: /proc/nope/x.json cannot be written",
                "micro --seconds 0 | --seconds: 0 (expected: at least 1)",
                "micro --forks 0 | --forks: 0 (expected: at least 1)",
                "micro ( | NAME: ( (expected: a regular expression",
                "profile nothing | SCENARIO: nothing (expected: ",
                "run --nothing | Unknown option: '--nothing'",
                "nothing | Unmatched argument at index 0: 'nothing'",
            })
    void aWrongWordIsOneLine(String words, String line) {
        assertThat(run(words)).as(words).isEqualTo(2);

        assertThat(err.toString())
                .startsWith("dray bench: ")
                .contains(line)
                .endsWith(" --help)" + System.lineSeparator())
                .contains("(see: ./dray bench")
                .hasLineCount(1);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aFileOfBeforeIsNotTouchedByWordsThatAreWrong() throws Exception {
        Path report = Files.writeString(folder.resolve("report.json"), "of before");

        assertThat(run("run --scenario idle --seconds 0 --json " + report)).isEqualTo(2);

        assertThat(report).hasContent("of before");
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "quick", "crash", "simulate", "compare", "micro", "profile", "tables"})
    void everyHelpHasExitCodesAndExamples(String command) {
        assertThat(run(command + " --help")).isZero();

        assertThat(out.toString()).contains("Exit code: 0 ", "Examples:", "  ./dray bench " + command);
    }

    @Test
    void theHelpOfAllHasExamples() {
        assertThat(run("--help")).isZero();

        assertThat(out.toString()).contains("Examples:", "  ./dray bench quick --against nats");
    }

    private int run(String words) {
        return Bench.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(words.split(" "));
    }
}
