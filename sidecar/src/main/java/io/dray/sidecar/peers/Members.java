package io.dray.sidecar.peers;

import java.util.List;

/**
 * The other nodes that answer to an address; never this node.
 *
 * @param generation grows with each change of what this sidecar knows of the address
 * @param nodes sorted by name; empty means nobody elsewhere
 */
public record Members(long generation, List<Member> nodes) {
    public static final Members NOBODY = new Members(0, List.of());

    public Members {
        nodes = List.copyOf(nodes);
    }

    public boolean isEmpty() {
        return nodes.isEmpty();
    }
}
