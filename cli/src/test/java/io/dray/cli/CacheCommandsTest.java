package io.dray.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.agent.v1.ClearReplyCacheRequest;
import io.dray.agent.v1.ClearReplyCacheResponse;
import io.dray.agent.v1.GetStatusRequest;
import io.dray.agent.v1.GetStatusResponse;
import io.dray.agent.v1.StatusServiceGrpc;
import io.dray.core.net.EventLoops;
import io.dray.core.net.Transport;
import io.dray.core.testing.LoopbackServer;
import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CacheCommandsTest {
    private final EventLoops loops = EventLoops.start(Transport.auto(), 1, "cache-door");
    private Server sidecar;

    @BeforeEach
    void start() throws IOException {
        sidecar = LoopbackServer.start(loops, new Sidecar());
    }

    @AfterEach
    void stop() {
        sidecar.shutdownNow();
        loops.close();
    }

    @Test
    void statsNamesTheNode() {
        assertThat(ask("cache stats").lines())
                .satisfiesExactly(
                        heading -> assertThat(heading).startsWith("NODE").contains("HITS"),
                        row -> assertThat(row).matches("node-7 +1,268 .*"));
        assertThat(ask("cache stats --json")).contains("\"node\" : \"node-7\"", "\"hits\" : 1268");
    }

    @Test
    void clearNamesTheNode() {
        assertThat(ask("cache clear")).isEqualTo("node-7: forgot 2 replies\n");
        assertThat(ask("cache clear --json")).contains("\"node\" : \"node-7\"", "\"removed\" : 2");
    }

    private String ask(String words) {
        Outcome outcome = Outcome.of((words + " --sidecar 127.0.0.1:" + sidecar.getPort()).split(" "));
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        return outcome.out();
    }

    private static final class Sidecar extends StatusServiceGrpc.StatusServiceImplBase {
        @Override
        public void getStatus(GetStatusRequest request, StreamObserver<GetStatusResponse> responses) {
            responses.onNext(GetStatusResponse.newBuilder()
                    .setNode("node-7")
                    .putMeters("dray_reply_cache_hits_total", 1_268)
                    .build());
            responses.onCompleted();
        }

        @Override
        public void clearReplyCache(ClearReplyCacheRequest request, StreamObserver<ClearReplyCacheResponse> responses) {
            responses.onNext(ClearReplyCacheResponse.newBuilder().setRemoved(2).build());
            responses.onCompleted();
        }
    }
}
