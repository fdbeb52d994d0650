package io.dray.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.config.ConfigException;
import io.dray.core.config.ConfigLoader;
import io.dray.core.testing.Requires;
import io.dray.router.RouterConfig;
import io.dray.sidecar.SidecarConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of the example are what a server takes, and fit together. */
class SeveralHostsTest {
    private static final Path FOLDER = Requires.repository().resolve("examples/hosts");

    @ParameterizedTest
    @ValueSource(strings = {"router.yaml", "sidecar-one.yaml", "sidecar-two.yaml"})
    void eachFileIsValid(String file) {
        Outcome outcome = Outcome.of("config", "check", FOLDER.resolve(file).toString());

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).contains("valid for a " + file.replaceFirst("[-.].*", ""));
    }

    @Test
    void theHostsFindTheRouterAndEachOther() throws ConfigException {
        RouterConfig router = load(RouterConfig.class, "router.yaml", "DRAY_ROUTER");
        SidecarConfig one = load(SidecarConfig.class, "sidecar-one.yaml", "DRAY_SIDECAR");
        SidecarConfig two = load(SidecarConfig.class, "sidecar-two.yaml", "DRAY_SIDECAR");

        assertThat(List.of(one.router().endpoints(), two.router().endpoints())).containsOnly(List.of(router.listen()));
        assertThat(one.node()).isNotEqualTo(two.node());
        assertThat(one.peers().advertise()).isNotEqualTo(two.peers().advertise());
        assertThat(one.labels()).containsEntry("zone", "west");
        assertThat(List.of(one.agents().listen(), two.agents().listen())).containsOnly("127.0.0.1:7401");
    }

    @Test
    void theHelpOfAServerNamesTheKeysThatHostsNeed() {
        assertThat(ConfigLoader.keys(SidecarConfig.class)).containsAll(keysInHelp("sidecar"));
        assertThat(ConfigLoader.keys(RouterConfig.class)).containsAll(keysInHelp("router"));
        assertThat(keysInHelp("sidecar")).contains("node", "peers.advertise", "router.endpoints", "admin.listen");
        assertThat(keysInHelp("router")).contains("listen", "store.path");
    }

    private static List<String> keysInHelp(String command) {
        return Outcome.of(command, "--help")
                .out()
                .lines()
                .dropWhile(line -> !line.startsWith("Keys (more") && !line.startsWith("Keys (several"))
                .skip(1)
                .takeWhile(line -> !line.isBlank())
                .map(line -> line.strip().replaceFirst(" .*", ""))
                .toList();
    }

    private static <R extends Record> R load(Class<R> type, String file, String prefix) throws ConfigException {
        return ConfigLoader.load(type, FOLDER.resolve(file), Map.of(), prefix);
    }
}
