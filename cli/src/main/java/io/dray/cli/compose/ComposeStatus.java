package io.dray.cli.compose;

import io.dray.cli.output.Json;
import io.dray.cli.output.Table;
import java.io.PrintStream;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The containers of a project, and what the mesh in them makes of each. Immutable. */
public record ComposeStatus(List<Service> services, MeshSeen mesh) {
    private static final int ADMIN_OF_ROUTER = 7480;
    private static final int ADMIN_OF_SIDECAR = 7481;
    private static final String NONE = "-";

    public ComposeStatus {
        services = List.copyOf(services);
    }

    /** Whether no container is there. */
    public boolean isEmpty() {
        return services.isEmpty();
    }

    /** Whether each of these services runs, is healthy, and is what its labels say to the mesh. */
    public boolean isReady(List<String> names) {
        return missing(names).isEmpty();
    }

    /** How many of these services are ready. */
    public int ready(List<String> names) {
        return names.size() - missing(names).size();
    }

    /** The names among these of services that are not ready. */
    public List<String> missing(List<String> names) {
        return names.stream().filter(name -> !isReady(name)).toList();
    }

    private boolean isReady(String name) {
        List<Service> containers =
                services.stream().filter(service -> service.name().equals(name)).toList();
        return !containers.isEmpty() && containers.stream().allMatch(service -> service.isWell() && mesh.has(service));
    }

    /** Prints it for people. */
    public void printTable(PrintStream out) {
        Table table = new Table("SERVICE", "STATE", "HEALTH", "IN THE MESH", "ON THIS HOST");
        for (Service service : services) {
            table.row(service.name(), service.state(), service.health(), inMesh(service), published(service));
        }
        table.print(out);
    }

    /** Prints it for programs. */
    public void printJson(PrintStream out) {
        var array = Json.array();
        for (Service service : services) {
            var object = array.addObject()
                    .put("service", service.name())
                    .put("state", service.state())
                    .put("health", service.health())
                    .put("node", service.node())
                    .put("agent", service.agent())
                    .put("ready", isReady(service.name()));
            var instances = object.putArray("instances");
            mesh.instances(service).forEach(instances::add);
            var ports = object.putObject("ports");
            new TreeMap<>(service.ports()).forEach((port, address) -> ports.put(String.valueOf(port), address));
        }
        Json.print(out, array);
    }

    /** Prints what somebody may do with a mesh that is ready. */
    public void printWhatNext(PrintStream out, String compose) {
        out.println();
        RouterWatch.endpointOf(services).ifPresent(router -> out.println("export DRAY_ROUTER=" + router));
        out.println(compose + " exec -T sidecar-a dray request shout-node hello --type upper");
        out.println("dray compose status | logs | down");
    }

    private String inMesh(Service service) {
        if (!service.node().isEmpty()) {
            return "node " + service.node() + (mesh.has(service) ? " connected" : " away");
        }
        if (service.agent().isEmpty()) {
            return NONE;
        }
        List<String> instances = mesh.instances(service);
        return instances.isEmpty() ? service.agent() + " not attached" : String.join(",", instances);
    }

    private static String published(Service service) {
        String ports = new TreeMap<>(service.ports())
                .entrySet().stream()
                        .map(port -> isAdmin(port.getKey())
                                ? "admin http://" + port.getValue()
                                : port.getKey() + " at " + port.getValue())
                        .collect(Collectors.joining(", "));
        return ports.isEmpty() ? NONE : ports;
    }

    private static boolean isAdmin(int port) {
        return port == ADMIN_OF_ROUTER || port == ADMIN_OF_SIDECAR;
    }
}
