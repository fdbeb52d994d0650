package io.dray.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.sidecar.Sidecar;
import java.nio.file.Path;
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
        try (Sidecar _ = Sidecar.start(LoneSidecar.config(folder), false)) {
            assertThat(new Rehearsal(folder, 4, true).run()).isEqualTo(4 * 64);
        }
    }
}
