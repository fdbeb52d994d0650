package io.dray.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dray.agent.v1.AgentServiceGrpc;
import io.dray.core.net.EventLoops;
import io.dray.core.net.Transport;
import io.dray.core.testing.LoopbackServer;
import io.dray.peer.v1.PeerServiceGrpc;
import io.grpc.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands whose endpoint is answered by something else, or not in time. */
class WrongEndpointTest {
    private static final String SEND = "request agent:a hello --sidecar ";
    private static final String NODES = "nodes --router ";

    private final EventLoops loops = EventLoops.start(Transport.auto(), 1, "wrong-door");

    @AfterEach
    void stop() {
        loops.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {SEND, "task list --sidecar "})
    void aPeerPortIsNoSidecar(String words) throws IOException {
        Server peer = LoopbackServer.start(loops, new PeerServiceGrpc.PeerServiceImplBase() {});
        try {
            expectNone(words, peer.getPort(), "sidecar", "--sidecar");
        } finally {
            peer.shutdownNow();
        }
    }

    @Test
    void aSidecarIsNoRouter() throws IOException {
        Server sidecar = LoopbackServer.start(loops, new AgentServiceGrpc.AgentServiceImplBase() {});
        try {
            expectNone(NODES, sidecar.getPort(), "router", "--router");
        } finally {
            sidecar.shutdownNow();
        }
    }

    @Test
    void aMethodThatTheRightServiceRefusesKeepsItsWords() throws IOException {
        Server sidecar = LoopbackServer.start(loops, new AgentServiceGrpc.AgentServiceImplBase() {});
        try {
            Outcome outcome = Outcome.of((SEND + "127.0.0.1:" + sidecar.getPort()).split(" "));

            assertThat(outcome.exitCode()).isEqualTo(4);
            assertThat(outcome.err()).contains("is unimplemented");
        } finally {
            sidecar.shutdownNow();
        }
    }

    @Test
    void anHttpPortIsNeither() throws IOException {
        try (ServerSocket web = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answerAsHttp(web));
            expectNone(SEND, web.getLocalPort(), "sidecar", "--sidecar");
            expectNone(NODES, web.getLocalPort(), "router", "--router");
        }
    }

    @Test
    void aServerThatNeverSpeaksIsToldInOwnWordsWhenTheTimeIsOver() throws IOException {
        try (ServerSocket mute = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            String endpoint = "127.0.0.1:" + mute.getLocalPort();

            Outcome outcome = Outcome.of((SEND + endpoint + " --timeout 1ms").split(" "));

            assertThat(outcome.exitCode()).isEqualTo(5);
            assertThat(outcome.err())
                    .startsWith(
                            "dray: EXPIRED: No connection to " + endpoint + " came about within 2.001 s (expected: ")
                    .contains("--timeout")
                    .doesNotContain("CallOptions");
            assertThat(outcome.err().lines()).hasSize(1);
        }
    }

    private static void expectNone(String words, int port, String kind, String option) {
        String endpoint = "127.0.0.1:" + port;

        Outcome outcome = Outcome.of((words + endpoint).split(" "));

        assertThat(outcome.err())
                .startsWith("dray: UNREACHABLE: What answers at " + endpoint + " is no " + kind + " (expected: ")
                .contains(option);
        assertThat(outcome.err().lines()).hasSize(1);
        assertThat(outcome.exitCode()).isEqualTo(3);
    }

    private static void answerAsHttp(ServerSocket web) {
        while (!web.isClosed()) {
            try (Socket client = web.accept()) {
                client.getInputStream().read(new byte[64]);
                client.getOutputStream().write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".getBytes(UTF_8));
            } catch (IOException _) {
                // The client or the test is gone.
            }
        }
    }
}
