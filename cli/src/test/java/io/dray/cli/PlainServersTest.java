package io.dray.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

    @Test
    void aServerStartsWithoutTheClassesThatDescribeTheCommand(@TempDir Path folder) throws Exception {
        Path loaded = folder.resolve("loaded");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Xlog:class+load:file=" + loaded));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Dray.class.getName()));
        // Refused, so that it ends by itself.
        command.addAll(List.of("sidecar", "--set", "agents.socket=none", "--set", "agents.listen=none"));

        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();

        assertThat(new String(process.getInputStream().readAllBytes(), UTF_8)).contains("agents: socket none");
        assertThat(process.waitFor()).isEqualTo(2);
        assertThat(Files.readString(loaded)).contains("SidecarConfig").doesNotContain(" picocli.CommandLine ");
    }
}
