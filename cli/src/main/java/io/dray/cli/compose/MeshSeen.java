package io.dray.cli.compose;

import io.dray.cli.door.Door;
import io.dray.cli.door.Pages;
import io.dray.router.v1.Agent;
import io.dray.router.v1.ListAgentsRequest;
import io.dray.router.v1.Node;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;

/** Nodes and agents of the project, as its router sees them; none of them when it does not answer. Immutable. */
public record MeshSeen(List<Node> nodes, List<Agent> agents) {
    /** What is seen while no router answers. */
    static final MeshSeen NOTHING = new MeshSeen(List.of(), List.of());

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    public MeshSeen {
        nodes = List.copyOf(nodes);
        agents = List.copyOf(agents);
    }

    static MeshSeen by(Door router) {
        try {
            var admin = router.admin(PATIENCE);
            return new MeshSeen(Pages.nodes(admin), Pages.agents(admin, ListAgentsRequest.getDefaultInstance()));
        } catch (StatusRuntimeException _) {
            return NOTHING;
        }
    }

    /** Instances of the agent that a service says it is. */
    public List<String> instances(Service service) {
        return agents.stream()
                .filter(agent -> agent.getAgent().equals(service.agent()))
                .map(Agent::getInstance)
                .toList();
    }

    /** Whether the mesh has what the service says it is: a connected node, an attached agent, or neither. */
    public boolean has(Service service) {
        if (!service.node().isEmpty()) {
            return nodes.stream().anyMatch(node -> node.getNode().equals(service.node()) && node.getConnected());
        }
        return service.agent().isEmpty() || !instances(service).isEmpty();
    }
}
