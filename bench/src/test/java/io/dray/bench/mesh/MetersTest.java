package io.dray.bench.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.bench.report.MarkedPart;
import io.dray.core.net.Transport;
import io.dray.core.testing.Await;
import io.dray.core.testing.Requires;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The documented meters are those of a real mesh, and a real Prometheus can be asked for each. */
class MetersTest {
    @RegisterExtension
    static final MeshFixture MESH = new MeshFixture(Transport.EPOLL, true, "a", "b");

    private static final MarkedPart MARKS = new MarkedPart(
            "<!-- begin: written by MetersTest; edits here are lost -->", "<!-- end: written by MetersTest -->");
    private static final Path DOCUMENT = Requires.repository().resolve("sidecar/METERS.md");
    private static final Path SCRAPED = Requires.repository().resolve("compose/prometheus.yml");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    @Test
    void theTableIsWhatAMeshShows() throws Exception {
        MeterTable table = table();

        assertThat(table.meters()).hasSizeGreaterThan(40);
        assertThat(table.meters())
                .allSatisfy((name, meter) -> assertThat(meter.help()).as(name).isNotEmpty());
        String written = Files.readString(DOCUMENT);
        String made = MARKS.in(written).with(table.markdown());
        if (Boolean.getBoolean("dray.write")) {
            Files.writeString(DOCUMENT, made);
        } else {
            assertThat(written)
                    .as("%s (run this test with -Ddray.write=true to write it)", DOCUMENT)
                    .isEqualTo(made);
        }
    }

    @Test
    void prometheusScrapesTheMeshAndKnowsEveryMeterOfTheTable() throws Exception {
        Path program = Requires.tool("prometheus", "prometheus");
        MeterTable table = table();

        try (Prometheus prometheus = Prometheus.start(program, config(), folder)) {
            Await.until(
                    "three targets that are up",
                    PATIENCE,
                    () -> prometheus.ask("up == 1").size() == 3);
            Set<String> unknown = table.meters().entrySet().stream()
                    .map(entry -> entry.getValue().query(entry.getKey()))
                    .collect(Collectors.toCollection(HashSet::new));
            // A target is up before all of its first scrape can be asked for.
            Await.until(() -> "known are all but " + unknown, PATIENCE, () -> {
                unknown.removeIf(query -> !prometheus.ask(query).isEmpty());
                return unknown.isEmpty();
            });

            assertThat(prometheus.ask("sum by (job) (dray_directory_peers)"))
                    .singleElement()
                    .satisfies(
                            sum -> assertThat(sum.at("/metric/job").asString()).isEqualTo("dray-sidecar"));
        }
    }

    private static MeterTable table() throws IOException, InterruptedException {
        // The router has no meter of refusals before the first.
        MESH.askRouterForNoTask();
        MeterTable table = new MeterTable();
        table.add("router", get("http://" + MESH.processes().routerAdmin() + "/metrics"));
        for (String node : List.of("a", "b")) {
            table.add("sidecar", get("http://" + admin(node) + "/metrics"));
        }
        return table;
    }

    /** The committed file, with the targets of this mesh and no patience. */
    private Path config() throws IOException {
        String text = Files.readString(SCRAPED)
                .replace("scrape_interval: 5s", "scrape_interval: 200ms")
                .replace("\"router:7480\"", "\"" + MESH.processes().routerAdmin() + "\"")
                .replace("\"sidecar-a:7481\"", "\"" + admin("a") + "\"")
                .replace("\"sidecar-b:7481\"", "\"" + admin("b") + "\"");
        return Files.writeString(folder.resolve("prometheus.yml"), text);
    }

    private static String admin(String node) {
        return MESH.processes().place(node).get("admin").asString();
    }

    private static String get(String address) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString())
                    .body();
        }
    }

    /** A Prometheus that ends with this test, under a shell that ends it when this process is gone. */
    private record Prometheus(Child shell, String address) implements AutoCloseable {
        private static final String SCRIPT =
                "trap : INT TERM HUP; \"$@\" >&2 & server=$!;" + " echo 'READY {}'; cat >/dev/null; kill -9 $server";

        static Prometheus start(Path program, Path config, Path folder) throws IOException {
            String address = "127.0.0.1:" + freePort();
            List<String> command = List.of(
                    "/bin/sh",
                    "-c",
                    SCRIPT,
                    "sh",
                    program.toString(),
                    "--config.file=" + config,
                    "--storage.tsdb.path=" + folder.resolve("data"),
                    "--web.listen-address=" + address,
                    "--log.level=warn");
            Child shell = Child.start("prometheus", command, Map.of(), folder.resolve("prometheus.log"));
            shell.ready(PATIENCE);
            return new Prometheus(shell, address);
        }

        private static int freePort() throws IOException {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            }
        }

        /** The answer's vector; empty while nobody answers. */
        List<JsonNode> ask(String query) {
            try {
                String words = URLEncoder.encode(query, StandardCharsets.UTF_8);
                JsonNode answer = JSON.readTree(get("http://" + address + "/api/v1/query?query=" + words));
                return answer.at("/data/result").valueStream().toList();
            } catch (IOException | JacksonException _) {
                return List.of();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            shell.close();
        }
    }
}
