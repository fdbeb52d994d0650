package io.dray.bench.messaging;

import io.dray.bench.mesh.Child;
import io.dray.bench.mesh.LocalMesh;
import io.dray.bench.report.Contender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Starts the bed of any contender.
 *
 * @param settings of all our sidecars, on top of what the contender asks for, such as {@code loops=2}
 */
record Beds(List<String> settings) implements BedStarter {
    static final String METERS_OFF = "dray-meters-off";
    /** Before settings of the sidecar and variables of the agents, which are joined by {@code +}. */
    static final String SET = "dray-set-";

    private static final String OF_AGENTS = "DRAY_AGENT_";

    private static final String LOOPBACK = "127.0.0.1:";
    private static final String ANY_PORT = LOOPBACK + "0";

    Beds {
        settings = List.copyOf(settings);
    }

    @Override
    public Bed start(Scenario scenario, Contender contender, Path folder) throws IOException, InterruptedException {
        Bed bed = new Bed(scenario, contender, Files.createDirectories(folder));
        try {
            switch (contender.system()) {
                case "nats" -> nats(bed);
                case "grpc", "grpc-bidi" -> grpc(bed);
                case "nginx", "haproxy" -> proxy(bed);
                default -> dray(bed);
            }
            return bed;
        } catch (IOException | InterruptedException | RuntimeException e) {
            bed.close();
            throw e;
        }
    }

    private void dray(Bed bed) throws IOException {
        Contender contender = bed.contender();
        boolean remote = contender.path().equals("remote");
        LocalMesh mesh = new LocalMesh(bed.folder(), "auto");
        if (remote) {
            mesh.startRouter();
            bed.add(Part.jvm("router", mesh.router()), mesh.router());
        }
        List<String> nodes = remote ? List.of("a", "b") : List.of("a");
        for (String node : nodes) {
            mesh.set(node, settings(contender, remote));
            mesh.startSidecar(node);
            Child sidecar = mesh.sidecar(node);
            bed.add(Part.jvm("sidecar-" + node, sidecar), sidecar);
        }
        bed.read(new SidecarMeters(nodes.stream().map(mesh::tcp).toList()));
        // Zstd and meters are the sidecar's matter; to its agents this is plain Dray.
        String system = ofSidecar(contender) ? "dray" : contender.system();
        bed.setVariables(variables(contender));
        bed.startSink(system, address(mesh, nodes.getLast(), contender));
        bed.startSource(system, address(mesh, nodes.getFirst(), contender));
    }

    private static boolean ofSidecar(Contender contender) {
        return contender.system().startsWith("dray-zstd")
                || contender.system().startsWith(SET)
                || contender.system().equals(METERS_OFF);
    }

    private String[] settings(Contender contender, boolean remote) {
        String policy = contender.system().startsWith("dray-zstd-")
                ? contender.system().substring("dray-zstd-".length())
                : "auto";
        List<String> words = new ArrayList<>(List.of("compression.policy=" + policy));
        if (contender.system().equals(METERS_OFF)) {
            words.add("meters.hot-path=false");
        }
        if (!remote) {
            // Without a router named, it would join one that happens to run on this machine.
            words.add("router.endpoints=");
        }
        words.addAll(settings);
        words.addAll(changes(contender));
        words.removeIf(word -> word.startsWith(OF_AGENTS));
        return words.toArray(String[]::new);
    }

    private static List<String> changes(Contender contender) {
        return contender.system().startsWith(SET)
                ? List.of(contender.system().substring(SET.length()).split("\\+"))
                : List.of();
    }

    private static Map<String, String> variables(Contender contender) {
        return changes(contender).stream()
                .filter(change -> change.startsWith(OF_AGENTS))
                .map(change -> change.split("=", 2))
                .collect(Collectors.toMap(words -> words[0], words -> words[1]));
    }

    private static String address(LocalMesh mesh, String node, Contender contender) {
        return contender.transport().equals("uds") ? mesh.socket(node) : mesh.tcp(node);
    }

    private static void nats(Bed bed) throws IOException, InterruptedException {
        int port = ServerProgram.freePort();
        List<String> command = List.of(
                OtherSystems.program("nats").toString(), "--addr", "127.0.0.1", "--port", Integer.toString(port));
        String where = "nats://" + start(bed, "nats-server", command, port);
        bed.startSink("nats", where);
        bed.startSource("nats", where);
    }

    private static void grpc(Bed bed) throws IOException {
        String system = bed.contender().system();
        boolean unix = bed.contender().transport().equals("uds");
        String where = bed.startSink(system, unix ? "unix:" + bed.folder().resolve("sink.sock") : ANY_PORT);
        bed.startSource(system, where);
    }

    /** A gRPC proxy between the two agents, unary calls. */
    private static void proxy(Bed bed) throws IOException, InterruptedException {
        String sink = bed.startSink("grpc", ANY_PORT);
        int port = ServerProgram.freePort();
        String name = bed.contender().system();
        Path config = bed.folder().resolve(name + ".conf");
        Files.writeString(
                config,
                name.equals("nginx") ? ProxyConfig.nginx(port, sink, bed.folder()) : ProxyConfig.haproxy(port, sink));
        String program = OtherSystems.program(name).toString();
        List<String> command = name.equals("nginx")
                ? List.of(program, "-p", bed.folder().toString(), "-c", config.toString())
                : List.of(program, "-db", "-f", config.toString());
        bed.startSource("grpc", start(bed, name, command, port));
    }

    private static String start(Bed bed, String name, List<String> command, int port)
            throws IOException, InterruptedException {
        ServerProgram program = ServerProgram.start(name, command, Map.of(), bed.folder());
        bed.add(Part.program(program), program.child());
        program.awaitPort(port);
        return LOOPBACK + port;
    }
}
