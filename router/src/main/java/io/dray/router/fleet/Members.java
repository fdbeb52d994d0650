package io.dray.router.fleet;

import java.util.Map;

/** All who answer to an address: instances by node. Immutable. */
public record Members(AddressName address, long generation, Map<String, Integer> instancesByNode) {
    public Members {
        instancesByNode = Map.copyOf(instancesByNode);
    }
}
