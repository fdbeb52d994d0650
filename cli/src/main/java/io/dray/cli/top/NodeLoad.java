package io.dray.cli.top;

import io.dray.router.v1.Node;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** One node, and its meters at the two ends of a while. */
public final class NodeLoad {
    private static final double NANOS_PER_SECOND = 1e9;

    private final Node node;
    private final Map<String, Double> before;
    private final Map<String, Double> after;
    private final double seconds;

    NodeLoad(Node node, Map<String, Double> before, Map<String, Double> after, double seconds) {
        this.node = node;
        this.before = before;
        this.after = after;
        this.seconds = seconds;
    }

    /**
     * Reads the meters of nodes, waits, and reads them again. A node whose page cannot be read from here has none.
     *
     * @param nodes as a router lists them
     * @param between how long to wait, on the caller's thread
     */
    public static List<NodeLoad> of(List<Node> nodes, Duration between) throws InterruptedException {
        long began = System.nanoTime();
        Map<String, Map<String, Double>> before = read(nodes);
        Thread.sleep(between);
        double seconds = (System.nanoTime() - began) / NANOS_PER_SECOND;
        Map<String, Map<String, Double>> after = read(nodes);
        List<NodeLoad> loads = new ArrayList<>();
        for (Node node : nodes) {
            loads.add(new NodeLoad(
                    node,
                    before.getOrDefault(node.getNode(), Map.of()),
                    after.getOrDefault(node.getNode(), Map.of()),
                    seconds));
        }
        return loads;
    }

    /** The node as the router knows it. */
    public Node node() {
        return node;
    }

    /** Returns how much a total grew in a second; empty when it could not be read twice or began anew. */
    public OptionalDouble perSecond(String total) {
        Double then = before.get(total);
        Double now = after.get(total);
        return then == null || now == null || now < then
                ? OptionalDouble.empty()
                : OptionalDouble.of((now - then) / seconds);
    }

    /** Returns a gauge as it was last. */
    public OptionalDouble now(String gauge) {
        Double now = after.get(gauge);
        return now == null ? OptionalDouble.empty() : OptionalDouble.of(now);
    }

    private static Map<String, Map<String, Double>> read(List<Node> nodes) {
        Map<String, Map<String, Double>> pages = new HashMap<>();
        for (Node node : nodes) {
            if (node.getConnected() && !node.getAdminAddress().isEmpty()) {
                try {
                    pages.put(node.getNode(), MetricsPage.read(node.getNode(), node.getAdminAddress()));
                } catch (IOException _) {
                    // Its row says so by dashes.
                }
            }
        }
        return pages;
    }
}
