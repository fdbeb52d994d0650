package io.dray.cli.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a mesh on this machine consists of. Immutable.
 *
 * @param folder where data, logs and sockets lie
 * @param nodes names of the nodes
 * @param routerPort 0 takes a free one
 * @param agentPort of the first node, for agents over TCP; 0 takes a free one, as all other nodes do
 * @param settings of every sidecar, each {@code key=value}
 */
public record ClusterPlan(Path folder, List<String> nodes, int routerPort, int agentPort, List<String> settings) {
    /** Name of the router among the processes. */
    public static final String ROUTER = "router";

    /** A free one. */
    static final String ANY_PORT = "127.0.0.1:0";

    private static final String MAIN = "io.dray.cli.Dray";

    /** Copies the lists. */
    public ClusterPlan {
        nodes = List.copyOf(nodes);
        settings = List.copyOf(settings);
    }

    /** Where a sidecar listens for agents, for peers and for readers of its admin pages: each host:port. */
    record Ports(String agents, String peers, String admin) {}

    /** {@code count} nodes that are called node-1, node-2 and so on. */
    public static List<String> nodeNames(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> "node-" + i).toList();
    }

    /** Where the agents of a node find its sidecar. */
    public Path socket(String node) {
        return folder.resolve(node).resolve("sidecar.sock");
    }

    Child.Plan router(String listen, String adminListen) {
        List<String> words = List.of(
                "router",
                "--set",
                "name=" + ROUTER,
                "--set",
                "listen=" + listen,
                "--set",
                "admin.listen=" + adminListen,
                "--set",
                "store.path=" + folder.resolve(ROUTER).resolve("tasks.db"));
        return child(ROUTER, words);
    }

    Child.Plan sidecar(String node, String routerAddress, Ports ports) {
        List<String> words = new ArrayList<>(List.of("sidecar"));
        List<String> all = new ArrayList<>(List.of(
                "node=" + node,
                "data-dir=" + folder.resolve(node),
                "agents.socket=" + socket(node),
                "agents.listen=" + ports.agents(),
                "peers.listen=" + ports.peers(),
                "admin.listen=" + ports.admin(),
                "router.endpoints=" + routerAddress));
        all.addAll(settings);
        for (String setting : all) {
            words.add("--set");
            words.add(setting);
        }
        return child(node, words);
    }

    private Child.Plan child(String name, List<String> words) {
        return new Child.Plan(name, MAIN, words, java.util.Map.of(), folder);
    }
}
