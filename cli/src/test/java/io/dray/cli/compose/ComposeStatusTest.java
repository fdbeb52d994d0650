package io.dray.cli.compose;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.router.v1.Agent;
import io.dray.router.v1.Node;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lines as the engine prints them. */
class ComposeStatusTest {
    private static final String SIDECAR =
            "sidecar-a\ta\t\t127.0.0.1:32775->7481/tcp, 9000/tcp\trunning\tUp 5 seconds (healthy)";
    private static final String AGENT = "agent-node\t\tshout-node\t\trunning\tUp 4 seconds";
    private static final MeshSeen ALL = new MeshSeen(
            List.of(Node.newBuilder().setNode("a").setConnected(true).build()),
            List.of(Agent.newBuilder()
                    .setAgent("shout-node")
                    .setInstance("shout-node/x@a")
                    .build()));

    @Test
    void isReadyWhenAllIsHealthyConnectedAndAttached() {
        ComposeStatus status = status(ALL, SIDECAR, AGENT);

        assertThat(status.isReady(List.of("sidecar-a", "agent-node"))).isTrue();
    }

    @Test
    void missesWhatTheMeshDoesNotKnow() {
        ComposeStatus status = status(new MeshSeen(List.of(), List.of()), SIDECAR, AGENT);

        assertThat(status.missing(List.of("sidecar-a", "agent-node"))).containsExactly("sidecar-a", "agent-node");
    }

    @Test
    void missesWhatIsPausedStartingOrNotThere() {
        ComposeStatus status = status(
                ALL,
                SIDECAR.replace("running\tUp 5 seconds (healthy)", "paused\tUp 5 seconds (Paused)"),
                "router\t\t\t\trunning\tUp 1 second (health: starting)");

        assertThat(status.missing(List.of("sidecar-a", "router", "agent-node")))
                .containsExactly("sidecar-a", "router", "agent-node");
    }

    @Test
    void printsWhatTheMeshKnowsAndWhereToAsk() {
        assertThat(printed(status(ALL, SIDECAR, AGENT)))
                .containsExactly(
                        "SERVICE     STATE    HEALTH   IN THE MESH       ON THIS HOST",
                        "sidecar-a   running  healthy  node a connected  admin http://127.0.0.1:32775",
                        "agent-node  running  none     shout-node/x@a    -");
    }

    private static ComposeStatus status(MeshSeen mesh, String... lines) {
        return new ComposeStatus(List.of(lines).stream().map(Service::parse).toList(), mesh);
    }

    private static List<String> printed(ComposeStatus status) {
        var bytes = new ByteArrayOutputStream();
        status.printTable(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
