package io.dray.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.agent.v1.AgentServiceGrpc;
import io.dray.agent.v1.SubscribeRequest;
import io.dray.agent.v1.SubscribeResponse;
import io.dray.core.net.EventLoops;
import io.dray.core.net.Transport;
import io.dray.core.testing.LoopbackServer;
import io.dray.types.v1.Address;
import io.dray.types.v1.Envelope;
import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SubscribeCommandTest {
    private final EventLoops loops = EventLoops.start(Transport.auto(), 1, "played-topics");
    private Server server;

    /** Publishes once and then stays silent. */
    private static final class PlayedTopics extends AgentServiceGrpc.AgentServiceImplBase {
        @Override
        public void subscribe(SubscribeRequest request, StreamObserver<SubscribeResponse> observer) {
            observer.onNext(SubscribeResponse.newBuilder()
                    .setSubscribed(true)
                    .addEnvelopes(Envelope.newBuilder()
                            .setTo(Address.newBuilder().setTopic("news"))
                            .putHeaders("lang", "fr"))
                    .build());
        }
    }

    @BeforeEach
    void serve() throws IOException {
        server = LoopbackServer.start(loops, new PlayedTopics());
    }

    @AfterEach
    void stop() {
        server.shutdownNow();
        loops.close();
    }

    @Test
    void jsonHasTheHeaders() {
        assertThat(subscribe("--count", "1", "--json").out()).contains("\"headers\":{\"lang\":\"fr\"}");
    }

    @Test
    void timeThatIsOverIsToldAsThatAndNotAsASidecarThatIsSilent() {
        Outcome outcome = subscribe("--timeout", "2s");

        assertThat(outcome.exitCode()).isEqualTo(5);
        assertThat(outcome.err()).contains("dray: EXPIRED: The time of 2.0 s is over (expected: ");
    }

    private Outcome subscribe(String option, String value, String... more) {
        String[] words = {"subscribe", "news", option, value, "--sidecar", "127.0.0.1:" + server.getPort()};
        return Outcome.of(Stream.of(words, more).flatMap(Arrays::stream).toArray(String[]::new));
    }
}
