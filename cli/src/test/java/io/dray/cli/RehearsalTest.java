package io.dray.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.config.ConfigLoader;
import io.dray.sidecar.Sidecar;
import io.dray.sidecar.SidecarConfig;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearsalTest {
    @TempDir
    Path folder;

    @Test
    void asksAgentsOfBothNodesAndHasTasksDone() throws Exception {
        int answered = new Rehearsal(folder, 4, false).run();

        assertThat(answered).isEqualTo(4 * 64 + 100);
    }

    @Test
    void asksOnlyAgentsBesideASidecarThatRuns() throws Exception {
        SidecarConfig config = ConfigLoader.load(
                SidecarConfig.class,
                null,
                Map.of(),
                "DRAY_SIDECAR",
                Map.of(
                        "node", "a",
                        "data-dir", folder.resolve("a").toString(),
                        "agents.socket", folder.resolve("a.sock").toString(),
                        "agents.listen", "none",
                        "peers.listen", "127.0.0.1:0",
                        "admin.listen", "127.0.0.1:0",
                        "router.endpoints", ""));

        try (Sidecar _ = Sidecar.start(config, false)) {
            assertThat(new Rehearsal(folder, 4, true).run()).isEqualTo(4 * 64);
        }
    }
}
