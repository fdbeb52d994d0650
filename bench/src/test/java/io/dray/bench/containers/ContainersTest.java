package io.dray.bench.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.bench.containers.Containers.Ended;
import io.dray.router.v1.Node;
import io.dray.router.v1.Task;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Three sidecars and agents in three languages in containers, which are killed, paused and cut off. */
@Tag("long")
class ContainersTest {
    private static final long LARGEST_BYTES = 150_000_000;
    /** More than the slots of any two of the agents. */
    private static final int TASKS = 24;

    private static Containers containers;
    private static TaskLedger ledger;

    @BeforeAll
    static void start() {
        containers = Containers.start();
        ledger = new TaskLedger(containers);
    }

    @AfterAll
    static void stop() {
        if (containers != null) {
            containers.close();
        }
    }

    @AfterEach
    void allIsWellAgain() {
        containers.awaitReady();
        ledger.awaitBalanced();
    }

    @Test
    void theImageAddsLittleToItsBase() {
        assertThat(bytes(containers.image("dray")) - bytes("debian:bookworm-slim"))
                .isBetween(1L, LARGEST_BYTES);
    }

    @Test
    void agentsOfAllLanguagesAskOneAnotherOnce() throws Exception {
        List<String> words = List.of("dray", "subscribe", "done.upper", "--count", "6", "--timeout", "60s");
        Process subscriber =
                new ProcessBuilder(containers.execution("sidecar-b", words.toArray(String[]::new))).start();
        assertThat(subscriber.errorReader().readLine()).startsWith("subscribed to");

        assertThat(fromJava("shout-node", "a")).isEqualTo("A");
        assertThat(fromJava("shout-python", "b")).isEqualTo("B");
        assertThat(fromNode("shout-java", "c").output()).isEqualTo("C");
        assertThat(fromNode("shout-python", "d").output()).isEqualTo("D");
        assertThat(fromPython("shout-java", "e")).isEqualTo("E");
        assertThat(fromPython("shout-node", "f")).isEqualTo("F");

        assertThat(subscriber.inputReader().lines())
                .containsExactlyInAnyOrderElementsOf(Stream.of("A", "B", "C", "D", "E", "F")
                        .map(text -> "done.upper " + text)
                        .toList());
    }

    @Test
    void agentsOfAllLanguagesShareTasks() {
        ledger.submit(TASKS);

        assertThat(ledger.awaitBalanced()).extracting(Task::getNode).contains("a", "b", "c");
    }

    @Test
    void tasksOutliveAKilledSidecar() {
        ledger.submit(TASKS);
        containers.awaitNode("b", "at work", ContainersTest::isAtWork);

        containers.crash("sidecar-b");
    }

    @Test
    void tasksOutliveAKilledRouter() {
        ledger.submit(TASKS);
        containers.awaitNode("c", "at work", ContainersTest::isAtWork);

        containers.crash("router");
    }

    @Test
    void tasksOutliveAKilledAgent() {
        ledger.submit(TASKS);
        containers.awaitNode("c", "at work", ContainersTest::isAtWork);

        containers.docker("kill", containers.container("agent-python"));

        balancedThen("start", containers.container("agent-python"));
    }

    @Test
    void tasksOutliveAPausedSidecar() {
        ledger.submit(TASKS);
        containers.awaitNode("c", "at work", ContainersTest::isAtWork);

        containers.docker("pause", containers.container("sidecar-c"));

        balancedThen("unpause", containers.container("sidecar-c"));
    }

    @Test
    void tasksOutliveASidecarThatIsCutOff() {
        ledger.submit(TASKS);
        containers.awaitNode("b", "at work", ContainersTest::isAtWork);
        String sidecar = containers.container("sidecar-b");

        containers.docker("network", "disconnect", containers.network(), sidecar);

        try {
            ledger.awaitBalanced();
            containers.awaitNode("b", "away", node -> !node.getConnected());
            Ended refused = fromNode("shout-java", "lost?");
            assertThat(refused.code()).as(refused.output()).isNotZero();
        } finally {
            containers.docker("network", "connect", "--alias", "sidecar-b", containers.network(), sidecar);
        }
        containers.awaitReady();
        assertThat(fromNode("shout-java", "back").output()).isEqualTo("BACK");
    }

    /** Waits for the tasks and mends what was broken, also when they do not end: the next test needs it whole. */
    private static void balancedThen(String... mend) {
        try {
            ledger.awaitBalanced();
        } finally {
            containers.docker(mend);
        }
    }

    private static boolean isAtWork(Node node) {
        return node.getAttempts() > 0;
    }

    private static String fromJava(String to, String text) {
        String output = containers
                .exec(
                        "agent-java",
                        "java",
                        "@/opt/dray/agent.options",
                        "io.dray.examples.shout.Shout",
                        "request",
                        to,
                        text)
                .output();
        // A container without network has no address to name a connection by, which Netty says first.
        return output.lines().reduce("", (_, last) -> last);
    }

    private static Ended fromNode(String to, String text) {
        return containers.exec("agent-node", "./ask.mjs", to, text);
    }

    private static String fromPython(String to, String text) {
        return containers.exec("agent-python", "./ask.py", to, text).output();
    }

    private static long bytes(String image) {
        return Long.parseLong(containers.docker("image", "inspect", "-f", "{{.Size}}", image));
    }
}
