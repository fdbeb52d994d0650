package io.dray.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainServersTest {
    @ParameterizedTest
    @ValueSource(strings = {"router", "sidecar", "sidecar --set node=a --insecure", "router --config no.yaml"})
    void wordsOfAServerStartItDirectly(String words) {
        assertThat(PlainServers.server(words.split(" "))).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "version",
                "sidecar --help",
                "sidecar --set",
                "sidecar --set=node=a",
                "sidecar --set node",
                "sidecar --debug",
                "sidecar --config @words",
                "router extra"
            })
    void otherWordsAreLeftToTheCommandLine(String words) {
        assertThat(PlainServers.server(words.split(" "))).isEmpty();
    }

    @Test
    void nothingAtAllIsLeftToTheCommandLine() {
        assertThat(PlainServers.server(new String[0])).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"router", "sidecar"})
    void eachLineOfAServerThatDoesNotStartNamesTheCommand(String server) {
        PrintStream before = System.err;
        var err = new ByteArrayOutputStream();
        System.setErr(new PrintStream(err, true, UTF_8));
        try {
            String[] words = {server, "--set", "transport=pigeon", "--set", "no.such.key=1"};
            assertThat(PlainServers.run(words)).hasValue(2);
        } finally {
            System.setErr(before);
        }
        assertThat(err.toString(UTF_8).lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).startsWith("dray: "));
    }

    @Test
    void aServerStartsWithoutTheClassesThatDescribeTheCommand(@TempDir Path folder) throws Exception {
        Path loaded = folder.resolve("loaded");

        // Refused, so that it ends by itself.
        Process process = start(loaded, "agents.socket=none", "agents.listen=none");

        assertThat(new String(process.getInputStream().readAllBytes(), UTF_8)).startsWith("dray: agents: socket none");
        assertThat(process.waitFor()).isEqualTo(2);
        assertThat(Files.readString(loaded)).contains("SidecarConfig").doesNotContain(" picocli.CommandLine ");
    }

    @Test
    void aSidecarServesWithoutTheClassesOfMetersUntilSomebodyAsksForThem(@TempDir Path folder) throws Exception {
        Path loaded = folder.resolve("loaded");
        Process process = start(
                loaded,
                "data-dir=" + folder.resolve("data"),
                "agents.socket=none",
                "agents.listen=127.0.0.1:0",
                "peers.listen=127.0.0.1:0",
                "admin.listen=127.0.0.1:0",
                "router.endpoints=");
        try (var output = process.inputReader(UTF_8)) {
            String ready = output.lines()
                    .filter(line -> line.startsWith("READY "))
                    .findFirst()
                    .orElseThrow();
            assertThat(Files.readString(loaded))
                    .contains("io.dray.sidecar.SidecarMeters")
                    .doesNotContain(" io.micrometer.", " io.prometheus.");

            assertThat(metrics(ready))
                    .contains("dray_refused_total{code=\"EXPIRED\"} 0.0")
                    .contains("dray_task_leases_lost_total 0.0")
                    .contains("dray_address_cache_hits_total 0.0")
                    .contains("dray_loop_stalls_total ", "dray_agents_attached 0.0", "jvm_memory_used_bytes{");
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static String metrics(String ready) throws Exception {
        var admin = Pattern.compile("\"admin\":\"([^\"]+)\"").matcher(ready);
        assertThat(admin.find()).isTrue();
        try (var page =
                URI.create("http://" + admin.group(1) + "/metrics").toURL().openStream()) {
            return new String(page.readAllBytes(), UTF_8);
        }
    }

    /** A sidecar as the launcher starts it, that notes which classes it loads. */
    private static Process start(Path loaded, String... settings) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Xlog:class+load:file=" + loaded));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Dray.class.getName(), "sidecar"));
        for (String setting : settings) {
            command.addAll(List.of("--set", setting));
        }
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
