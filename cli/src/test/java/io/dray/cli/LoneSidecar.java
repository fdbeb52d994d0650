package io.dray.cli;

import io.dray.core.config.ConfigException;
import io.dray.core.config.ConfigLoader;
import io.dray.sidecar.SidecarConfig;
import java.nio.file.Path;
import java.util.Map;

/** The configuration of a sidecar without a router, whose socket is {@code a.sock} in a folder. */
final class LoneSidecar {
    private LoneSidecar() {}

    static SidecarConfig config(Path folder) throws ConfigException {
        var settings = Map.of(
                "node", "a",
                "data-dir", folder.resolve("a").toString(),
                "agents.socket", folder.resolve("a.sock").toString(),
                "agents.listen", "none",
                "peers.listen", "127.0.0.1:0",
                "admin.listen", "127.0.0.1:0",
                "router.endpoints", "");
        return ConfigLoader.load(SidecarConfig.class, null, Map.of(), "DRAY_SIDECAR", settings);
    }
}
