package io.dray.cli.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.router.v1.AdminServiceGrpc;
import io.dray.router.v1.AdminServiceGrpc.AdminServiceBlockingStub;
import io.dray.router.v1.Agent;
import io.dray.router.v1.ListAgentsRequest;
import io.dray.router.v1.ListAgentsResponse;
import io.dray.router.v1.ListNodesRequest;
import io.dray.router.v1.ListNodesResponse;
import io.dray.router.v1.Node;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PagesTest {
    private final String name = InProcessServerBuilder.generateName();
    private final Server server = InProcessServerBuilder.forName(name)
            .directExecutor()
            .addService(new ThreePages())
            .build();
    private final ManagedChannel channel = InProcessChannelBuilder.forName(name).build();
    private final AdminServiceBlockingStub router = AdminServiceGrpc.newBlockingStub(channel);

    /** Gives one element a page; the token is the number of the next page. */
    private static final class ThreePages extends AdminServiceGrpc.AdminServiceImplBase {
        @Override
        public void listAgents(ListAgentsRequest request, StreamObserver<ListAgentsResponse> answer) {
            int page = page(request.getPageToken());
            String instance = request.getAgent() + "/" + page;
            answer.onNext(ListAgentsResponse.newBuilder()
                    .addAgents(Agent.newBuilder().setInstance(instance))
                    .setNextPageToken(next(page))
                    .build());
            answer.onCompleted();
        }

        @Override
        public void listNodes(ListNodesRequest request, StreamObserver<ListNodesResponse> answer) {
            int page = page(request.getPageToken());
            answer.onNext(ListNodesResponse.newBuilder()
                    .addNodes(Node.newBuilder().setNode("node-" + page))
                    .setNextPageToken(next(page))
                    .build());
            answer.onCompleted();
        }

        private static int page(String token) {
            return token.isEmpty() ? 1 : Integer.parseInt(token);
        }

        private static String next(int page) {
            return page < 3 ? Integer.toString(page + 1) : "";
        }
    }

    @BeforeEach
    void start() throws Exception {
        server.start();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.shutdownNow();
    }

    @Test
    void readsAgentsToTheLastPageOfTheSameQuestion() {
        assertThat(Pages.agents(
                        router, ListAgentsRequest.newBuilder().setAgent("x").build()))
                .extracting(Agent::getInstance)
                .containsExactly("x/1", "x/2", "x/3");
    }

    @Test
    void readsNodesToTheLastPage() {
        assertThat(Pages.nodes(router)).extracting(Node::getNode).containsExactly("node-1", "node-2", "node-3");
    }
}
