package io.dray.cli;

import io.dray.cli.door.Door;
import io.dray.cli.door.LargeDoor;
import io.dray.core.net.SidecarPath;
import picocli.CommandLine.Option;

/** {@code --sidecar}: which sidecar's door a command uses. */
final class SidecarOption {
    @Option(
            names = "--sidecar",
            paramLabel = "ENDPOINT",
            description = "unix:/path or host:port; else DRAY_SIDECAR, else the default socket of this user.")
    private String sidecar = "";

    Door open() {
        return Door.to(endpoint());
    }

    /** The same sidecar, for payloads that no call takes. */
    LargeDoor attach() {
        return LargeDoor.to(endpoint());
    }

    private String endpoint() {
        return sidecar.isEmpty() ? SidecarPath.endpoint(System.getenv()) : sidecar;
    }
}
