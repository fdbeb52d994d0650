package io.dray.sidecar.local;

import io.dray.sidecar.queue.Destination;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who is here at one moment, for look-ups without a lock. Immutable; replaced as a whole.
 *
 * @param version grows with each replacement
 * @param byAgent instances by agent name
 * @param byInstance every announced instance
 * @param byCapability instances by capability
 * @param subscribers every subscription of every instance
 */
public record AgentTable(
        long version,
        Map<String, List<LocalAgent>> byAgent,
        Map<String, LocalAgent> byInstance,
        Map<String, List<LocalAgent>> byCapability,
        List<Subscriber> subscribers) {

    /** One instance's wish to receive a pattern, shared within a group unless the group is empty. */
    public record Subscriber(String pattern, String queueGroup, LocalAgent agent) {}

    /** Nobody. */
    public static final AgentTable EMPTY = new AgentTable(0, Map.of(), Map.of(), Map.of(), List.of());

    /** Returns the instances here that answer to a destination other than a topic. */
    public List<LocalAgent> find(Destination destination) {
        return switch (destination.kind()) {
            case Destination.AGENT -> byAgent.getOrDefault(destination.name(), List.of());
            case Destination.CAPABILITY -> byCapability.getOrDefault(destination.name(), List.of());
            case Destination.INSTANCE -> one(byInstance.get(destination.name()));
            default -> List.of();
        };
    }

    private static List<LocalAgent> one(@Nullable LocalAgent agent) {
        return agent == null ? List.of() : agent.alone();
    }
}
