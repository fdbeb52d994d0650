package io.dray.cli.compose;

import io.dray.cli.door.Door;
import io.dray.cli.door.Pages;
import io.dray.router.v1.Agent;
import io.dray.router.v1.ListAgentsRequest;
import io.dray.router.v1.Node;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Nodes and agents of the project, as its router sees them; none of them when it does not answer. Immutable. */
public record MeshSeen(List<Node> nodes, List<Agent> agents) {
    private static final int ROUTER_PORT = 7400;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    public MeshSeen {
        nodes = List.copyOf(nodes);
        agents = List.copyOf(agents);
    }

    /** Asks the router among these services at the port where the host publishes it. */
    public static MeshSeen of(List<Service> services) {
        return routerOf(services).map(MeshSeen::ask).orElseGet(() -> new MeshSeen(List.of(), List.of()));
    }

    /** Where the router of these services is to be asked from this host. */
    public static Optional<String> routerOf(List<Service> services) {
        return services.stream()
                .filter(service -> service.ports().containsKey(ROUTER_PORT))
                .map(service -> String.valueOf(service.ports().get(ROUTER_PORT)))
                .findFirst();
    }

    private static MeshSeen ask(String router) {
        try (Door door = Door.to(router)) {
            var admin = door.admin(PATIENCE);
            return new MeshSeen(Pages.nodes(admin), Pages.agents(admin, ListAgentsRequest.getDefaultInstance()));
        } catch (StatusRuntimeException _) {
            return new MeshSeen(List.of(), List.of());
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
