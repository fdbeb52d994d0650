package io.dray.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DrayTest {
    static Stream<List<String>> commands() {
        return Stream.of(
                        "up",
                        "demo",
                        "router",
                        "sidecar",
                        "send",
                        "request",
                        "publish",
                        "subscribe",
                        "status",
                        "agents",
                        "nodes",
                        "node cordon",
                        "node uncordon",
                        "node drain",
                        "top",
                        "task submit",
                        "task get",
                        "task list",
                        "task watch",
                        "task cancel",
                        "queue list",
                        "queue limit",
                        "task explain",
                        "task what-if",
                        "config check",
                        "config show",
                        "config schema",
                        "doctor",
                        "completion",
                        "bench",
                        "version")
                .map(words -> List.of(words.split(" ")));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandExplainsItselfWithExamples(List<String> command) {
        Outcome help =
                Outcome.of(Stream.concat(command.stream(), Stream.of("--help")).toArray(String[]::new));

        assertThat(help.exitCode()).isZero();
        assertThat(help.out()).contains("Usage: dray " + String.join(" ", command), "Examples:");
        assertThat(help.err()).isEmpty();
    }

    @Test
    void helpListsAllCommands() {
        Outcome help = Outcome.of("help");

        assertThat(help.exitCode()).isZero();
        assertThat(commands().map(List::getFirst))
                .allSatisfy(verb -> assertThat(help.out()).contains("  " + verb));
    }

    @Test
    void withoutACommandItShowsTheCommandsAndExamplesAndEndsWithUsage() {
        Outcome outcome = Outcome.of();

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(commands().map(List::getFirst))
                .allSatisfy(verb -> assertThat(outcome.err()).contains("  " + verb));
        assertThat(outcome.err()).contains("Examples:", "dray demo", "dray up");
    }

    @Test
    void anUnknownCommandBringsTheNearestOne() {
        Outcome outcome = Outcome.of("requst");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("'requst'").contains("did you mean").contains("request");
        assertThat(outcome.err().lines()).hasSize(1);
    }

    @Test
    void aWordTooManyBringsNoOption() {
        Outcome outcome = Outcome.of("send", "agent:a", "text", "b");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("'b'").doesNotContain("did you mean");
    }

    @Test
    void aLevelThatSendCannotWaitForIsUsage() {
        Outcome outcome = Outcome.of("send", "agent:a", "text", "--wait", "refused");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("'refused'").contains("ACCEPTED, DELIVERED, DONE");
    }

    @Test
    void anUnknownOptionBringsTheNearestOne() {
        Outcome outcome = Outcome.of("nodes", "--jason");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err())
                .contains("--jason")
                .contains("did you mean --json?")
                .contains("(see: dray nodes --help)");
        assertThat(outcome.err().lines()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "up --nodes 0",
                "up --nodes x",
                "demo /no/such/folder",
                "send bad_name! x",
                "task",
                "config",
                "queue"
            })
    void badWordsEndWithUsageAndOneLine(String words) {
        Outcome outcome = Outcome.of(words.split(" "));

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).startsWith("dray: ");
        assertThat(outcome.err().lines()).hasSize(1);
        assertThat(outcome.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "publish news/* x",
                "subscribe a.>.b",
                "subscribe a --group G!",
                "task submit Translate x",
                "task submit translate x --queue a/b",
                "task list --tenant A",
                "task watch --queue A"
            })
    void wordsThatTheMeshWouldRefuseAreUsageBeforeAnybodyIsAsked(String words) {
        Outcome outcome = Outcome.of((words + " --sidecar unix:/nowhere/none.sock").split(" "));

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("' is not a ", "(expected: ");
        assertThat(outcome.err().lines()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "router --set listen=0.0.0.0:0 --set store.path=%s/tasks.db",
                "router --set admin.listen=0.0.0.0:0 --set listen=127.0.0.1:0 --set store.path=%s/tasks.db",
                "sidecar --set agents.listen=0.0.0.0:0 --set peers.listen=127.0.0.1:0 --set admin.listen=127.0.0.1:0"
                        + " --set agents.socket=%s/sidecar.sock --set data-dir=%s",
                "sidecar --set admin.listen=0.0.0.0:0 --set peers.listen=127.0.0.1:0"
                        + " --set agents.socket=%s/sidecar.sock --set data-dir=%s"
            })
    void aServerThatMayNotListenBeyondLoopbackIsUsage(String words, @TempDir Path folder) {
        Outcome outcome = Outcome.of(words.replace("%s", folder.toString()).split(" "));

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "task list --limit -1",
                "task list --limit 0",
                "task list --limit 99999999999",
                "task submit translate x --attempts 0",
                "subscribe news.> --count -1"
            })
    void aCountBelowOneIsUsageBeforeAnybodyIsAsked(String words) {
        Outcome outcome = Outcome.of((words + " --sidecar unix:/nowhere/none.sock").split(" "));

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("' is not a count (expected: 1 to 2147483647)");
        assertThat(outcome.err().lines()).hasSize(1);
    }

    @Test
    void benchSaysWhereItIs() {
        Outcome outcome = Outcome.of("bench", "quick");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("bench quick").contains("./dray bench");
    }

    @Test
    void theVersionIsAlsoJson() {
        assertThat(Outcome.of("version").out()).startsWith("dray ").contains("Java 25");
        assertThat(Outcome.of("version", "--json").out()).contains("\"version\"", "\"java\"");
    }

    @Test
    void nobodyAtTheDoorIsUnreachable() {
        Outcome outcome = Outcome.of("request", "agent:nobody", "hello", "--sidecar", "unix:/nowhere/none.sock");

        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.err().lines()).hasSize(1);
        assertThat(outcome.err()).startsWith("dray: ").contains("/nowhere/none.sock");
    }

    @Test
    void anEndpointThatIsNoneIsUsage() {
        Outcome outcome = Outcome.of("nodes", "--router", "here");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("here").contains("expected");
    }

    @Test
    void debugShowsWhereAFailureComesFrom() {
        Outcome outcome = Outcome.of("demo", "/no/such/folder", "--debug");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("does not exist").contains("at io.dray.cli.demo.PlainWalk");
    }
}
