package io.dray.core.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SidecarPathTest {
    @Test
    void theVariableWinsOverTheDefault() {
        Map<String, String> environment = Map.of("DRAY_SIDECAR", " 127.0.0.1:7401 ", "XDG_RUNTIME_DIR", "/run/me");

        assertThat(SidecarPath.endpoint(environment)).isEqualTo("127.0.0.1:7401");
    }

    @Test
    void theDefaultLiesInTheRuntimeFolder() {
        assertThat(SidecarPath.endpoint(Map.of("XDG_RUNTIME_DIR", "/run/me")))
                .isEqualTo("unix:/run/me/dray/sidecar.sock");
    }

    @Test
    void withoutARuntimeFolderTheNumberOfTheUserTellsUsersApart() {
        assertThat(SidecarPath.endpoint(Map.of("XDG_RUNTIME_DIR", " ")))
                .matches("unix:/tmp/dray-[0-9]+/dray/sidecar.sock");
    }
}
