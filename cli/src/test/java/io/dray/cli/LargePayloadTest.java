package io.dray.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.agent.AgentSpec;
import io.dray.agent.Mesh;
import io.dray.agent.MeshConfig;
import io.dray.agent.Message;
import io.dray.core.config.ConfigException;
import io.dray.sidecar.Sidecar;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Payloads that no call of the unary door takes, through a real sidecar. */
class LargePayloadTest {
    private static final int MIB = 1024 * 1024;

    private final BlockingQueue<Message> received = new LinkedBlockingQueue<>();

    @TempDir
    private Path folder;

    private Sidecar sidecar;
    private String endpoint;
    private Mesh mesh;

    @BeforeEach
    void start() throws ConfigException, IOException {
        endpoint = "unix:" + folder.resolve("a.sock");
        sidecar = Sidecar.start(LoneSidecar.config(folder), false);
        AgentSpec agent = AgentSpec.named("depot")
                .onMessage("store", (message, _) -> received.add(message))
                .onRequest(
                        "size",
                        message -> message.payload().size() + " bytes for "
                                + message.header("whom").orElse(""))
                .onRequest("fetch", message -> new byte[Integer.parseInt(message.text()) * MIB]);
        mesh = Mesh.connect(agent, MeshConfig.defaults().withSidecar(endpoint));
    }

    @AfterEach
    void stop() throws IOException {
        mesh.close();
        sidecar.close();
    }

    @Test
    void aLargeFileIsSent() throws IOException, InterruptedException {
        Outcome outcome = run("send", "depot", "--type", "store", "--wait", "done", "--file", file(9 * MIB));

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).endsWith(" done\n");
        Message message = received.poll(10, TimeUnit.SECONDS);
        assertThat(message).isNotNull();
        assertThat(message.payload().size()).isEqualTo(9 * MIB);
        assertThat(message.from()).startsWith("cli/");
    }

    @Test
    void aLargeFileIsARequestToo() throws IOException {
        Outcome outcome = run("request", "depot", "--type", "size", "--header", "whom=Ada", "--file", file(9 * MIB));

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).isEqualTo("9437184 bytes for Ada");
    }

    @Test
    void aRefusalOfALargeFileIsToldAsAnyOther() throws IOException {
        Outcome outcome = run("send", "nobody", "--timeout", "3s", "--file", file(9 * MIB));

        assertThat(outcome.exitCode()).isEqualTo(4);
        assertThat(outcome.err()).startsWith("dray: NO_SUCH_DESTINATION: ");
    }

    @Test
    void aReplyThatIsTooLargeIsToldAtOnceAndComesWhereItIsExpected() {
        Outcome refused = run("request", "depot", "5", "--type", "fetch", "--timeout", "60s");

        assertThat(refused.exitCode()).isEqualTo(4);
        assertThat(refused.err())
                .startsWith("dray: TOO_LARGE: The reply was refused: ")
                .contains("at most 4128768 B")
                .endsWith("(see --large)\n");

        Outcome whole = run("request", "depot", "5", "--type", "fetch", "--large");
        assertThat(whole.err()).isEmpty();
        assertThat(whole.out()).hasSize(5 * MIB);
    }

    private Outcome run(String... words) {
        String[] all = new String[words.length + 2];
        System.arraycopy(words, 0, all, 0, words.length);
        all[words.length] = "--sidecar";
        all[words.length + 1] = endpoint;
        return Outcome.of(all);
    }

    private String file(int bytes) throws IOException {
        Path file = folder.resolve("payload");
        try (var written = new RandomAccessFile(file.toFile(), "rw")) {
            written.setLength(bytes);
        }
        return file.toString();
    }
}
