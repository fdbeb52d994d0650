package io.dray.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClusterPlanTest {
    private final ClusterPlan plan =
            new ClusterPlan(Path.of("/run/dray"), ClusterPlan.nodeNames(2), 0, 0, List.of("compression.policy=always"));

    @Test
    void nodesAreNumberedAndHaveAFolderEach() {
        assertThat(plan.nodes()).containsExactly("node-1", "node-2");
        assertThat(plan.socket("node-2")).isEqualTo(Path.of("/run/dray/node-2/sidecar.sock"));
    }

    @Test
    void aSidecarIsToldAllByItsWords() {
        Child.Plan child = plan.sidecar(
                "node-2",
                "127.0.0.1:7400",
                new ClusterPlan.Ports(ClusterPlan.ANY_PORT, "127.0.0.1:7402", "127.0.0.1:7481"));

        assertThat(child.words())
                .startsWith("sidecar", "--set", "node=node-2")
                .contains(
                        "agents.socket=/run/dray/node-2/sidecar.sock",
                        "agents.listen=127.0.0.1:0",
                        "peers.listen=127.0.0.1:7402",
                        "admin.listen=127.0.0.1:7481",
                        "router.endpoints=127.0.0.1:7400",
                        "compression.policy=always");
    }

    @Test
    void aChildIsStartedThroughTheMainThatWatchesItsParent() {
        JavaCommand java = new JavaCommand(Path.of("java"), Optional.empty(), List.of(), "x.jar");

        List<String> line =
                plan.router(ClusterPlan.ANY_PORT, ClusterPlan.ANY_PORT).line(java);

        assertThat(line)
                .startsWith("java", "-cp", "x.jar", "io.dray.cli.cluster.WithParent", "io.dray.cli.Dray", "router")
                .contains("listen=127.0.0.1:0", "store.path=/run/dray/router/tasks.db");
    }
}
