package io.dray.bench.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.dray.agent.AgentSpec;
import io.dray.agent.Mesh;
import io.dray.agent.MeshConfig;
import io.dray.agent.MeshException;
import io.dray.agent.Message;
import io.dray.bench.mesh.LocalMesh;
import io.dray.core.testing.Await;
import io.dray.types.v1.Code;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Agents in Python and Node, made of nothing but the contract, and agents of the Java SDK, on two nodes. */
class PlainClientsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final List<String> NODES = List.of("a", "b");
    private static final List<String> AGENTS = List.of("shout-python", "shout-node", "shout-java");

    @TempDir
    static Path folder;

    private static LocalMesh mesh;
    private static Program python;
    private static Program node;
    private static Mesh javaOnA;
    private static Mesh javaOnB;

    @BeforeAll
    static void startMesh() throws IOException {
        mesh = new LocalMesh(folder, "auto");
        mesh.startRouter();
        mesh.startSidecar("a");
        mesh.startSidecar("b");
        python = Language.PYTHON.serve(mesh.socket("a"), "shout-python");
        node = Language.NODE.serve(mesh.tcp("b"), "shout-node");
        javaOnA = connect(AgentSpec.named("asker"), "a");
        javaOnB = connect(
                AgentSpec.named("shout-java")
                        .capability("upper")
                        .onRequest("upper", request -> request.text().toUpperCase(Locale.ROOT)),
                "b");
        assertThat(python.awaitAttached(1)).startsWith("shout-python/").endsWith("@a");
        assertThat(node.awaitAttached(1)).startsWith("shout-node/").endsWith("@b");
        for (String agent : AGENTS) {
            awaitAnswer(javaOnA, agent);
            awaitAnswer(javaOnB, agent);
        }
    }

    @AfterAll
    static void stopMesh() {
        // Null after the start was skipped for want of a language.
        Stream.of(python, node, javaOnA, javaOnB, mesh).filter(Objects::nonNull).forEach(PlainClientsTest::close);
    }

    static Stream<Arguments> requests() {
        return Stream.of(Language.PYTHON, Language.NODE)
                .flatMap(asker ->
                        NODES.stream().flatMap(from -> AGENTS.stream().map(agent -> Arguments.of(asker, from, agent))));
    }

    @ParameterizedTest(name = "{0} on {1} asks {2}")
    @MethodSource("requests")
    void isAnsweredByAgentsOfAllLanguages(Language asker, String from, String agent) {
        try (Program request = asker.ask(mesh.socket(from), agent, "grüße aus %s".formatted(from))) {
            assertThat(request.awaitExit(0)).isEqualTo("GRÜSSE AUS " + from.toUpperCase(Locale.ROOT));
        }
    }

    @ParameterizedTest
    @EnumSource(value = Language.class, mode = EnumSource.Mode.MATCH_ALL, names = Language.PLAIN)
    void asksACapabilityAndAnInstance(Language asker) {
        try (Program capability = asker.ask(mesh.tcp("a"), "capability:upper", "any");
                Program instance = asker.ask(mesh.tcp("a"), "instance:" + javaOnB.instance(), "this one")) {
            assertThat(capability.awaitExit(0)).isEqualTo("ANY");
            assertThat(instance.awaitExit(0)).isEqualTo("THIS ONE");
        }
    }

    @Test
    void answersJavaOnBothNodes() {
        for (Mesh asker : List.of(javaOnA, javaOnB)) {
            for (String agent : AGENTS) {
                assertThat(ask(asker, agent, "upper", ByteString.copyFromUtf8("straße")))
                        .isEqualTo("STRASSE");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("foreignAgents")
    void tellsJavaWhyItsHandlerFailed(String agent) {
        assertThatThrownBy(() -> ask(javaOnA, agent, "upper", ByteString.fromHex("ff")))
                .isInstanceOfSatisfying(MeshException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(Code.CODE_HANDLER_FAILED);
                    assertThat(failure.error().getExpected()).startsWith("UTF-8");
                });
        assertThatThrownBy(() -> ask(javaOnB, agent, "lower", ByteString.EMPTY))
                .isInstanceOfSatisfying(MeshException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(Code.CODE_NO_HANDLER);
                    assertThat(failure.error().getValue()).isEqualTo("lower");
                });
    }

    @ParameterizedTest
    @MethodSource("foreignAgents")
    void takesLargePayloadsWithDefaultOptionsAndSaysWhenItsReplyIsTooLarge(String agent) {
        String fits = "a".repeat(3_900_000);
        // Each of these letters becomes three when it is capitalised, so that no frame can hold the reply.
        String grows = "\u0390".repeat(1_900_000);

        assertThat(ask(javaOnA, agent, "upper", ByteString.copyFromUtf8(fits))).hasSize(fits.length());
        assertThatThrownBy(() -> ask(javaOnB, agent, "upper", ByteString.copyFromUtf8(grows)))
                .isInstanceOfSatisfying(MeshException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(Code.CODE_HANDLER_FAILED);
                    assertThat(failure.getMessage()).contains("bytes");
                });
    }

    static Stream<String> foreignAgents() {
        return Stream.of("shout-python", "shout-node");
    }

    @ParameterizedTest
    @EnumSource(value = Language.class, mode = EnumSource.Mode.MATCH_ALL, names = Language.PLAIN)
    void saysWhatIsWrongWithItsInput(Language language) {
        try (Program nobody = language.ask(mesh.socket("a"), "nobody", "x");
                Program name = language.serve(mesh.socket("a"), "Not A Name");
                Program usage = language.ask(mesh.socket("a"), "shout-java")) {
            nobody.awaitExit(4);
            name.awaitExit(4);
            usage.awaitExit(2);

            assertThat(nobody.errors()).contains("CODE_NO_SUCH_DESTINATION").contains("nobody");
            assertThat(name.errors()).contains("BAD_NAME");
            assertThat(usage.errors()).contains("TO TEXT");
        }
    }

    @ParameterizedTest
    @EnumSource(value = Language.class, mode = EnumSource.Mode.MATCH_ALL, names = Language.PLAIN)
    void leavesWithAGoodbyeWhenItIsInterrupted(Language language) {
        String name = "passing-" + language.name().toLowerCase(Locale.ROOT);
        try (Program agent = language.serve(mesh.socket("a"), name)) {
            agent.awaitAttached(1);

            agent.interrupt();

            agent.awaitExit(130);
            assertThat(agent.errors()).doesNotContain("Traceback").doesNotContain("    at ");
        }
    }

    @Test
    void comesBackToASidecarThatWasKilled() throws IOException {
        mesh.startSidecar("c");
        try (Program shoutPython = Language.PYTHON.serve(mesh.socket("c"), "back-python");
                Program shoutNode = Language.NODE.serve(mesh.tcp("c"), "back-node")) {
            String instance = shoutPython.awaitAttached(1);
            String other = shoutNode.awaitAttached(1);

            mesh.sidecar("c").kill();
            mesh.startSidecar("c");

            assertThat(shoutPython.awaitAttached(2)).isEqualTo(instance);
            assertThat(shoutNode.awaitAttached(2)).isEqualTo(other);
            awaitAnswer(javaOnA, "back-python");
            awaitAnswer(javaOnA, "back-node");
        }
    }

    private static Mesh connect(AgentSpec agent, String at) {
        return Mesh.connect(agent, MeshConfig.defaults().withSidecar(mesh.socket(at)));
    }

    private static String ask(Mesh asker, String agent, String type, ByteString payload) {
        return asker.requestBlocking(Message.to(agent).type(type).payload(payload), PATIENCE)
                .text();
    }

    /** The directory takes a moment to carry a new name to the other node; until then nobody has it. */
    private static void awaitAnswer(Mesh asker, String agent) {
        Await.until(agent + " to answer", PATIENCE, () -> {
            try {
                return ask(asker, agent, "upper", ByteString.copyFromUtf8("x")).equals("X");
            } catch (MeshException e) {
                if (!e.retryable()) {
                    throw e;
                }
                return false;
            }
        });
    }

    private static void close(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
