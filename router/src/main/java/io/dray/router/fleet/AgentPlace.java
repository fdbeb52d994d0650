package io.dray.router.fleet;

import java.util.List;
import java.util.Map;

/** One attached instance as its node announced it. Immutable. */
public record AgentPlace(
        String instance, String agent, List<String> capabilities, Map<String, String> labels, int taskSlots) {
    public AgentPlace {
        capabilities = List.copyOf(capabilities);
        labels = Map.copyOf(labels);
    }
}
