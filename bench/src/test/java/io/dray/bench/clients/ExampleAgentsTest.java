package io.dray.bench.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.agent.AgentSpec;
import io.dray.agent.Mesh;
import io.dray.agent.MeshConfig;
import io.dray.agent.Message;
import io.dray.agent.TaskHandle;
import io.dray.agent.TaskOutcome;
import io.dray.agent.TaskRequest;
import io.dray.agent.TaskStatus;
import io.dray.bench.mesh.LocalMesh;
import io.dray.core.testing.Await;
import io.dray.core.testing.Requires;
import io.dray.router.v1.TaskState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same small agent in each language, one after the other on one node: requests, tasks, topics. */
@Tag("long")
class ExampleAgentsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    static Path folder;

    private static LocalMesh mesh;

    private final Queue<Message> published = new ConcurrentLinkedQueue<>();
    private Mesh observer;

    @BeforeAll
    static void startMesh() throws IOException {
        mesh = new LocalMesh(folder, "auto");
        mesh.startRouter();
        mesh.startSidecar("a");
    }

    @AfterAll
    static void stopMesh() {
        mesh.close();
    }

    @BeforeEach
    void observe() {
        var spec = AgentSpec.named("observer").subscribe("done.>", (message, _) -> published.add(message));
        observer = Mesh.connect(spec, MeshConfig.defaults().withSidecar(mesh.socket("a")));
    }

    @AfterEach
    void leave() {
        observer.close();
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void answersTheCommandAndTellsWhatItDid(Language language) {
        String name = nameOf(language);
        try (Program agent = language.serve(mesh.socket("a"), name)) {
            String instance = agent.awaitAttached(1);

            try (Program request = dray("request", name, "hello", "--type", "upper")) {
                assertThat(request.awaitExit(0)).isEqualTo("HELLO");
            }

            awaitPublished(instance, "done.upper", "HELLO");
            leaves(agent);
        }
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void countsWordsWithProgressAndTellsWhatItDid(Language language) throws Exception {
        try (Program agent = language.serve(mesh.tcp("a"), nameOf(language))) {
            String instance = agent.awaitAttached(1);
            Queue<TaskStatus> seen = new ConcurrentLinkedQueue<>();

            TaskHandle task = observer.submit(
                    TaskRequest.forCapability("wordcount").payload("one two\nthree\n\nfour five\tsix \u00fc"));
            task.watch(seen::add);
            var outcome = (TaskOutcome.Succeeded) task.result().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

            assertThat(outcome.result().toStringUtf8()).isEqualTo("7");
            assertThat(outcome.instance()).isEqualTo(instance);
            awaitPublished(instance, "done.wordcount", "7");
            assertThat(seen).anySatisfy(status -> {
                assertThat(status.state()).isEqualTo(TaskState.TASK_STATE_RUNNING);
                assertThat(status.percent()).isBetween(1, 99);
                assertThat(status.message()).endsWith(" words");
            });
            leaves(agent);
        }
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void stopsCountingWhenItsTaskIsCancelled(Language language) throws Exception {
        try (Program agent = language.serve(mesh.socket("a"), nameOf(language))) {
            String instance = agent.awaitAttached(1);
            TaskHandle task =
                    observer.submit(TaskRequest.forCapability("wordcount").payload("a\nb\nc\nd"));
            var wished = new AtomicBoolean();
            task.watch(status -> {
                if (status.percent() > 0 && wished.compareAndSet(false, true)) {
                    task.cancel("enough");
                }
            });

            TaskOutcome outcome = task.result().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

            assertThat(outcome).isInstanceOf(TaskOutcome.Cancelled.class);
            // This one takes longer than what was left of the other.
            TaskHandle next =
                    observer.submit(TaskRequest.forCapability("wordcount").payload("x\ny"));
            assertThat(next.result().get(PATIENCE.toSeconds(), TimeUnit.SECONDS).succeeded())
                    .isTrue();
            awaitPublished(instance, "done.wordcount", "2");
            assertThat(published).extracting(Message::text).containsExactly("2");
            leaves(agent);
        }
    }

    @Test
    void aJavaAgentAsksOneInPython() {
        try (Program agent = Language.PYTHON.serve(mesh.socket("a"), "shout-python")) {
            agent.awaitAttached(1);

            try (Program request = Language.JAVA.ask(mesh.socket("a"), "shout-python", "from java")) {
                assertThat(request.awaitExit(0)).isEqualTo("FROM JAVA");
            }

            leaves(agent);
        }
    }

    @Test
    void aShellSendsAsksPublishesAndSubmitsByTheUnaryDoor() {
        try (Program agent = Language.PYTHON.serve(mesh.socket("a"), "shout-python")) {
            agent.awaitAttached(1);

            try (Program tour = shell("./tour.sh", "shout-python")) {
                assertThat(tour.awaitExit(0))
                        .contains("request: HELLO", "send: RECEIPT_LEVEL_DONE", "published: it works")
                        .contains("task: TASK_STATE_SUCCEEDED", "result: 3");
            }

            leaves(agent);
        }
    }

    @Test
    void aShellDoesTasksWithACommand() throws Exception {
        try (Program worker = shell("./worker.sh", "count", "sh", "-c", "wc -w")) {
            TaskHandle task = observer.submit(TaskRequest.forCapability("count").payload("one two\nthree"));

            var outcome = (TaskOutcome.Succeeded) task.result().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

            assertThat(outcome.result().toStringUtf8().strip()).isEqualTo("3");
            leaves(worker);
        }
    }

    @Test
    void aShellsCommandThatFailsFailsItsAttempt() throws Exception {
        try (Program worker = shell("./worker.sh", "fail", "false")) {
            TaskHandle task = observer.submit(TaskRequest.forCapability("fail").retry(1, Duration.ofMillis(1)));

            TaskOutcome outcome = task.result().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            TaskOutcome.Failed.class,
                            failed -> assertThat(failed.error().getMessage()).contains("the command ended with 1"));
            leaves(worker);
        }
    }

    @Test
    void theDoorAloneListsTheCalls() {
        try (Program list = shell("./door")) {
            assertThat(list.awaitExit(0)).contains("Publish", "SubmitTask", "WatchTasks");
        }
    }

    @Test
    void theDoorSaysWhatIsWrongWithItsInput() {
        try (Program call = shell("./door", "Sned", "{}");
                Program field = shell("./door", "Send", "{\"tow\": 1}");
                Program nobody = shell("./door", "Send", "{\"to\": {\"agent\": \"nobody\"}}")) {
            call.awaitExit(2);
            field.awaitExit(2);
            nobody.awaitExit(4);

            assertThat(call.errors()).contains("'Sned' is not a call").contains("Send, SubmitTask");
            assertThat(field.errors()).contains("not a SendRequest").contains("tow");
            assertThat(nobody.errors()).contains("CODE_NO_SUCH_DESTINATION").contains("agent:nobody");
        }
    }

    private static Program shell(String... words) {
        PythonStubs.python();
        return Program.start(List.of(words), Requires.repository().resolve("examples/shell"), mesh.socket("a"));
    }

    /** So that no worker is left for the next test's tasks. */
    private static void leaves(Program agent) {
        agent.interrupt();
        agent.awaitEnd();
    }

    private void awaitPublished(String from, String topic, String text) {
        Await.until(
                () -> topic + " from " + from + " in " + published,
                PATIENCE,
                () -> published.stream()
                        .anyMatch(message -> message.from().equals(from)
                                && message.topic().equals(topic)
                                && message.text().equals(text)));
    }

    private static Program dray(String... words) {
        List<String> command = new ArrayList<>(Program.java("io.dray.cli.Dray"));
        command.addAll(List.of(words));
        return Program.start(command, folder, mesh.socket("a"));
    }

    private static String nameOf(Language language) {
        return "shout-" + language.name().toLowerCase(Locale.ROOT);
    }
}
