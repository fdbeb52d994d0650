package io.dray.cli.cluster;

import java.nio.file.Path;

/** A sidecar that runs on this machine and where to reach it. Immutable. */
public record LocalNode(String name, Path socket, String agents, String peers, String admin, Path log) {
    /** As {@code DRAY_SIDECAR} wants it. */
    public String endpoint() {
        return "unix:" + socket;
    }
}
