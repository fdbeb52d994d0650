package io.dray.cli.demo;

import io.dray.cli.cluster.LocalCluster;
import io.dray.cli.cluster.LocalNode;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Where the mesh of a demo is reached. Immutable.
 *
 * @param router host:port
 * @param sidecars where agents find them, by the name of their node
 */
record MeshAddresses(String router, SortedMap<String, String> sidecars) {
    static MeshAddresses of(LocalCluster cluster) {
        return new MeshAddresses(
                cluster.router(),
                cluster.nodes().stream()
                        .collect(
                                Collectors.toMap(LocalNode::name, LocalNode::endpoint, (one, _) -> one, TreeMap::new)));
    }

    String sidecar(String node) {
        String endpoint = sidecars.get(node);
        if (endpoint == null) {
            throw new IllegalArgumentException(node + ": no such node (expected: one of " + sidecars.keySet() + ")");
        }
        return endpoint;
    }
}
