package io.dray.cli.compose;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One container of the project, as the engine sees it. Immutable.
 *
 * @param name of the service in compose.yaml
 * @param state such as running, paused or exited
 * @param health healthy, unhealthy or starting; none without a health check
 * @param node the node of a sidecar, by its label {@code dray.node}; empty for others
 * @param agent the name of an agent, by its label {@code dray.agent}; empty for others
 * @param ports where the host publishes each port of the container
 */
public record Service(String name, String state, String health, String node, String agent, Map<Integer, String> ports) {
    /** The columns that {@link #parse} reads, for {@code docker ps --format}; the last is never empty. */
    static final String FORMAT = "{{.Label \"com.docker.compose.service\"}}\t{{.Label \"dray.node\"}}"
            + "\t{{.Label \"dray.agent\"}}\t{{.Ports}}\t{{.State}}\t{{.Status}}";

    private static final int COLUMNS = 6;
    private static final Pattern HEALTH = Pattern.compile("\\((?:health: )?(healthy|unhealthy|starting)\\)");
    private static final Pattern PORT = Pattern.compile("([0-9.]+:[0-9]+)->([0-9]+)/tcp");

    public Service {
        ports = Map.copyOf(ports);
    }

    static Service parse(String line) {
        String[] columns = line.split("\t", COLUMNS);
        Map<Integer, String> ports = new TreeMap<>();
        PORT.matcher(columns[3]).results().forEach(port -> ports.put(Integer.valueOf(port.group(2)), port.group(1)));
        Matcher health = HEALTH.matcher(columns[5]);
        return new Service(
                columns[0], columns[4], health.find() ? health.group(1) : "none", columns[1], columns[2], ports);
    }

    /** Whether the engine has nothing to complain of. */
    public boolean isWell() {
        return state.equals("running") && (health.equals("healthy") || health.equals("none"));
    }
}
