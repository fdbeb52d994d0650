package io.dray.sidecar.local;

import io.dray.sidecar.queue.Destination;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Who is here, for look-ups without a lock. Written under the lock of {@link LocalAgents}: who comes or goes costs the
 * lists of his own names, however many others are here.
 */
public final class AgentTable {
    private final Map<String, LocalAgent> byInstance = new ConcurrentHashMap<>();
    private final CopiedLists<LocalAgent> byAgent = new CopiedLists<>();
    private final CopiedLists<LocalAgent> byCapability = new CopiedLists<>();

    /** Clients of the unary door: found by their instance alone, and not counted among the instances. */
    private final Map<String, LocalAgent> unannounced = new ConcurrentHashMap<>();

    AgentTable() {}

    /** Returns the instances here that answer to a destination other than a topic. */
    public List<LocalAgent> find(Destination destination) {
        return switch (destination.kind()) {
            case Destination.AGENT -> byAgent.get(destination.name());
            case Destination.CAPABILITY -> byCapability.get(destination.name());
            case Destination.INSTANCE -> one(holder(destination.name()));
            default -> List.of();
        };
    }

    /** Returns an announced instance, attached or away. */
    public @Nullable LocalAgent announced(String instance) {
        return byInstance.get(instance);
    }

    /** Returns who is found by name and capability: those that are announced and have not said goodbye. */
    public List<LocalAgent> open() {
        var open = new ArrayList<LocalAgent>();
        byAgent.forEach((_, instances) -> open.addAll(instances));
        return open;
    }

    List<LocalAgent> all() {
        var all = new ArrayList<>(byInstance.values());
        all.addAll(unannounced.values());
        return all;
    }

    @Nullable
    LocalAgent holder(String instance) {
        LocalAgent agent = byInstance.get(instance);
        return agent == null ? unannounced.get(instance) : agent;
    }

    int announcedCount() {
        return byInstance.size();
    }

    void add(LocalAgent agent) {
        (agent.identity().announced() ? byInstance : unannounced).put(agent.instance(), agent);
        show(agent);
    }

    /** Lets it be found by name and capability if it is announced; whether it is. */
    boolean show(LocalAgent agent) {
        Identity identity = agent.identity();
        if (identity.announced()) {
            byAgent.add(identity.instance().agent(), agent);
            identity.capabilities().forEach(capability -> byCapability.add(capability, agent));
        }
        return identity.announced();
    }

    /** Lets it be found by its instance alone. */
    void hide(LocalAgent agent) {
        Identity identity = agent.identity();
        if (identity.announced()) {
            byAgent.remove(identity.instance().agent(), agent);
            identity.capabilities().forEach(capability -> byCapability.remove(capability, agent));
        }
    }

    void remove(LocalAgent agent) {
        unannounced.remove(agent.instance(), agent);
        byInstance.remove(agent.instance(), agent);
        hide(agent);
    }

    private static List<LocalAgent> one(@Nullable LocalAgent agent) {
        return agent == null ? List.of() : agent.alone();
    }
}
