package io.dray.bench.pressure;

import io.dray.bench.load.LoadAgent;
import io.dray.bench.load.Result;
import io.dray.bench.load.Side;
import io.dray.bench.mesh.Child;
import io.dray.bench.mesh.Jvm;
import io.dray.bench.mesh.LocalMesh;
import io.dray.bench.messaging.Bed;
import io.dray.bench.messaging.Part;
import io.dray.bench.messaging.Scenario;
import io.dray.bench.messaging.SidecarMeters;
import io.dray.bench.report.Contender;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.DoublePredicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Sidecars and the agents of this suite around them, as one bed. Used by one thread. */
final class PressureBed implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration ANSWER = Duration.ofSeconds(20);
    private static final int READINGS = 20;
    private static final long READING_MILLIS = 50;
    private static final long POLL_MILLIS = 20;

    private final Bed bed;
    private final LocalMesh mesh;
    private final List<String> settings;

    private PressureBed(Bed bed, LocalMesh mesh, List<String> settings) {
        this.bed = bed;
        this.mesh = mesh;
        this.settings = settings;
    }

    /** Makes the folder; starts nothing. */
    static PressureBed in(Path folder, Scenario scenario, Contender contender, List<String> settings)
            throws IOException {
        Bed bed = new Bed(scenario, contender, Files.createDirectories(folder));
        return new PressureBed(bed, new LocalMesh(folder, "auto"), settings);
    }

    Bed bed() {
        return bed;
    }

    /** Starts one sidecar that knows of no router. */
    void startAlone(String node) throws IOException {
        startSidecar(node, "router.endpoints=");
        bed.read(new SidecarMeters(List.of(mesh.tcp(node))));
    }

    /** Starts the router; sidecars that are started later join it. */
    void startRouter() throws IOException {
        mesh.startRouter();
        bed.add(Part.jvm("router", mesh.router()), mesh.router());
    }

    void startSidecar(String node, String... extra) throws IOException {
        List<String> words = new ArrayList<>(List.of(extra));
        words.addAll(settings);
        mesh.set(node, words.toArray(String[]::new));
        mesh.startSidecar(node);
        bed.add(Part.jvm("sidecar-" + node, mesh.sidecar(node)), mesh.sidecar(node));
    }

    /** Reads meters of these nodes from now on. */
    void readMeters(String... nodes) {
        bed.read(new SidecarMeters(List.of(nodes).stream().map(mesh::tcp).toList()));
    }

    String socket(String node) {
        return mesh.socket(node);
    }

    /** Where each sidecar serves agents by TCP. */
    List<String> addresses() {
        return mesh.nodes().stream().map(mesh::tcp).toList();
    }

    Child sidecar(String node) {
        return mesh.sidecar(node);
    }

    /** Starts agents of a load of the messaging suite. */
    void startAgents(String role, Side side) throws IOException {
        add(role, LoadAgent.class, side, true);
    }

    /** Starts a child of this suite; one that will be stopped does not tell of its collections. */
    Child start(String role, Class<?> main, Object plan, boolean tells) throws IOException {
        return add(role, main, plan, tells);
    }

    /** Asks consumers what they took in each lane since they were asked last. */
    static List<Result> report(Child consumers) {
        List<Result> lanes = new ArrayList<>();
        for (JsonNode lane : consumers.ask("report", ANSWER).get("lanes")) {
            lanes.add(JSON.treeToValue(lane, Result.class));
        }
        return lanes;
    }

    /** Tells senders to begin or to end; returns what became of each stream since they were told last. */
    static List<Senders.Sent> tell(Child senders, String onOrOff) {
        List<Senders.Sent> streams = new ArrayList<>();
        for (JsonNode stream : senders.ask(onOrOff, ANSWER).get("streams")) {
            streams.add(JSON.treeToValue(stream, Senders.Sent.class));
        }
        return streams;
    }

    static JsonNode ask(Child child, String command) {
        return child.ask(command, ANSWER);
    }

    /** Waits until a meter, summed over all sidecars that are read, is as wanted. */
    void await(String meter, DoublePredicate wanted) throws InterruptedException {
        long giveUp = System.nanoTime() + START.toNanos();
        for (double now = meter(meter); !wanted.test(now); now = meter(meter)) {
            if (System.nanoTime() > giveUp) {
                throw new IllegalStateException(meter + " is still " + now + " after " + START);
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    /** The lowest of some readings of a gauge, read past gRPC so that reading it changes nothing. */
    double lowest(String node, String gauge) throws IOException, InterruptedException {
        URI page = URI.create("http://" + mesh.place(node).get("admin").asString() + "/metrics");
        double lowest = Double.MAX_VALUE;
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (int i = 0; i < READINGS; i++) {
                String text = client.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString())
                        .body();
                lowest = Math.min(
                        lowest,
                        text.lines()
                                .filter(line -> line.startsWith(gauge + " "))
                                .mapToDouble(line -> Double.parseDouble(line.substring(gauge.length())))
                                .findFirst()
                                .orElseThrow(() -> new IOException("no gauge " + gauge + " at " + page)));
                TimeUnit.MILLISECONDS.sleep(READING_MILLIS);
            }
        }
        return lowest;
    }

    /** The sum of a meter over sidecars and tags; one that nobody has is a mistake of the caller and no 0. */
    double meter(String name) {
        Double sum = bed.sidecars().read().get(name);
        if (sum == null) {
            throw new IllegalArgumentException("meter: " + name + " (expected: one that a sidecar has)");
        }
        return sum;
    }

    @Override
    public void close() {
        bed.close();
    }

    private Child add(String role, Class<?> main, Object plan, boolean tells) throws IOException {
        Child child = Jvm.start(role, main, List.of(JSON.writeValueAsString(plan)), bed.folder());
        bed.add(tells ? Part.jvm(role, child) : new Part(role, child, child.pid(), false, false), child);
        var _ = child.ready(START);
        return child;
    }
}
