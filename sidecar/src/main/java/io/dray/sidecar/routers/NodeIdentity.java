package io.dray.sidecar.routers;

import java.util.Map;

/**
 * Who this sidecar is, as it tells every router.
 *
 * @param incarnation its start in Unix nanoseconds
 * @param peerAddress where peers reach it: host:port
 * @param adminAddress where its admin server is; empty means nowhere
 * @param mesh name of the mesh; empty means {@code default}
 */
public record NodeIdentity(
        String node,
        long incarnation,
        String peerAddress,
        String adminAddress,
        String mesh,
        Map<String, String> labels) {

    public NodeIdentity {
        labels = Map.copyOf(labels);
    }
}
