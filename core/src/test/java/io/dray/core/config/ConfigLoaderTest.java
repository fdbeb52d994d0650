package io.dray.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
    private static final String PREFIX = "DRAY_TEST";

    @TempDir
    Path folder;

    @Test
    void putsDefaultsWhereNothingIsSaid() throws Exception {
        Whole whole = ConfigLoader.load(Whole.class, null, Map.of(), PREFIX);

        assertThat(whole)
                .isEqualTo(new Whole(
                        "anybody",
                        new Peers("127.0.0.1:7402", DataSize.ofKiB(64)),
                        Duration.ofSeconds(5),
                        Mode.AUTO,
                        0,
                        false,
                        List.of(),
                        Map.of(),
                        Path.of("/var")));
    }

    @Test
    void readsEveryKindOfValueFromAFile() throws Exception {
        Path file = write("""
                node: alpha
                peers:
                  listen: 0.0.0.0:1
                  queue-size: 2MiB
                lease: 500ms
                mode: always-on
                loops: 3
                fsync: true
                endpoints: [a:1, "b:2"]
                labels: {zone: north, rack: 7}
                data-dir: /data
                """);

        Whole whole = ConfigLoader.load(Whole.class, file, Map.of(), PREFIX);

        assertThat(whole)
                .isEqualTo(new Whole(
                        "alpha",
                        new Peers("0.0.0.0:1", DataSize.ofMiB(2)),
                        Duration.ofMillis(500),
                        Mode.ALWAYS_ON,
                        3,
                        true,
                        List.of("a:1", "b:2"),
                        Map.of("zone", "north", "rack", "7"),
                        Path.of("/data")));
    }

    @Test
    void takesVariablesOverTheFileAndSettingsOverVariables() throws Exception {
        Path file = write("node: file\npeers.listen: file\nlease: 1s\n");
        Map<String, String> environment = Map.of(
                "DRAY_TEST_PEERS_LISTEN", "variable",
                "DRAY_TEST_LEASE", "2m",
                "DRAY_TEST_ENDPOINTS", "a:1, b:2",
                "DRAY_TEST_LABELS", "zone=north,rack=7",
                "DRAY_TEST", "not a key",
                "DRAY_TESTER_NODE", "of somebody else");

        Whole whole = ConfigLoader.load(Whole.class, file, environment, PREFIX, Map.of("lease", "3m"));

        assertThat(whole.node()).isEqualTo("file");
        assertThat(whole.peers().listen()).isEqualTo("variable");
        assertThat(whole.lease()).isEqualTo(Duration.ofMinutes(3));
        assertThat(whole.endpoints()).containsExactly("a:1", "b:2");
        assertThat(whole.labels()).isEqualTo(Map.of("zone", "north", "rack", "7"));
    }

    @Test
    void aPresetWinsOverTheDefaultAlone() throws Exception {
        Path file = write("node: file\n");
        Presets presets = written -> List.of(
                new Preset("node", "chosen", "profile small", "a reason"),
                new Preset("loops", written.apply("node").equals(Optional.of("file")) ? "7" : "1", "tier", "a figure"));

        Loaded<Whole> loaded = ConfigLoader.read(Whole.class, file, Map.of(), PREFIX, Map.of(), presets);

        assertThat(loaded.config().node()).isEqualTo("file");
        assertThat(loaded.config().loops()).isEqualTo(7);
        assertThat(loaded.settings())
                .contains(new Setting("loops", "7", "tier", "a figure"))
                .contains(new Setting("node", "file", file.toString(), ""))
                .contains(new Setting("lease", "5s", Setting.DEFAULT, ""))
                .filteredOn(Setting::isPreset)
                .hasSize(1);
    }

    @Test
    void aWordThatIsNearlyOneOfAFewIsGuessed() throws Exception {
        assertThat(problems(write("# nothing\n"), Map.of(), Map.of("mode", "always-onn")))
                .containsExactly("mode: always-onn (expected: one of auto, always-on; did you mean always-on?)");
    }

    @Test
    void reportsAllProblemsAtOnce() throws Exception {
        Path file = write("""
                nod: alpha
                lease: 5
                mode: sometimes
                loops: many
                fsync: yes please
                peers:
                  queue-size: 64
                  lisen: x
                """);

        List<String> problems =
                problems(file, Map.of("DRAY_TEST_DATADIR", "/x", "DRAY_TEST_LABELS", "oops"), Map.of("peers", "x"));

        assertThat(problems)
                .anySatisfy(line -> assertThat(line).contains("unknown key nod", "did you mean node?"))
                .anySatisfy(line -> assertThat(line).contains("lease", ": 5 (expected", "500ms"))
                .anySatisfy(line -> assertThat(line).contains("mode", "sometimes", "auto, always-on"))
                .anySatisfy(line -> assertThat(line).contains("loops", "many", "whole number"))
                .anySatisfy(line -> assertThat(line).contains("fsync", "true or false"))
                .anySatisfy(line -> assertThat(line).contains("peers.queue-size", "64 (expected", "64KiB"))
                .anySatisfy(line -> assertThat(line).contains("peers.lisen", "did you mean peers.listen?"))
                .anySatisfy(line -> assertThat(line).contains("DRAY_TEST_DATADIR", "DRAY_TEST_DATA_DIR?"))
                .anySatisfy(line -> assertThat(line).contains("labels in DRAY_TEST_LABELS: oops"))
                .anySatisfy(line -> assertThat(line).contains("peers is a section"))
                .hasSize(10);
    }

    @Test
    void reportsWhatTheRecordItselfRefuses() throws Exception {
        assertThat(problems(write("loops: -1\n"), Map.of(), Map.of())).containsExactly("loops: -1 (expected: >= 0)");
    }

    @Test
    void reportsWhatRecordsRefuseBesideAllOtherProblems() throws Exception {
        Path file = write("""
                nod: alpha
                node: A!
                loops: -1
                lease: 5
                peers:
                  queue-size: 64
                """);

        assertThat(problems(file, Map.of("DRAY_TEST_PEERS_LISTEN", ""), Map.of()))
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line).contains("unknown key nod"),
                        line -> assertThat(line).isEqualTo("node: A! (expected: a name)"),
                        line -> assertThat(line).isEqualTo("loops: -1 (expected: >= 0)"),
                        line -> assertThat(line).contains("lease", ": 5 (expected"),
                        line -> assertThat(line).contains("peers.queue-size", "64 (expected"),
                        line -> assertThat(line).isEqualTo("peers.listen: empty (expected: host:port)"));
    }

    @Test
    void suggestsSectionsAndKeysOfOtherLevelsButOnlyWhatIsNear() throws Exception {
        assertThat(unknown("peres: {listen: x}")).contains("unknown key peres in", "(did you mean peers?)");
        assertThat(unknown("listen: x")).contains("(did you mean peers.listen?)");
        assertThat(unknown("peers: {labls: x}")).contains("unknown key peers.labls", "(did you mean labels?)");
        assertThat(unknown("compression: {policy: x}"))
                .contains("(expected: one of data-dir, endpoints, fsync, labels, lease, loops, mode, node, peers)");
        assertThat(unknown("peers: {colour: x}")).contains("(expected: one of peers.listen, peers.queue-size)");
        assertThat(problems(write(""), Map.of("DRAY_TEST_COMPRESSION", "x"), Map.of()))
                .singleElement()
                .asString()
                .contains("unknown variable DRAY_TEST_COMPRESSION (expected: DRAY_TEST_", "DRAY_TEST_DATA_DIR")
                .doesNotContain("did you mean");
    }

    @Test
    void refusesATimeOfMoreThanAHundredYears() throws Exception {
        assertThat(problems(write("lease: 99999999999d"), Map.of(), Map.of()))
                .singleElement()
                .asString()
                .contains("lease", "99999999999d (expected: at most 36500d)");
    }

    @Test
    void printsNoControlCharacters() throws Exception {
        assertThat(problems(write("lease: \"\\e[31m\""), Map.of(), Map.of()))
                .singleElement()
                .asString()
                .contains("\uFFFD[31m");
    }

    @Test
    void saysWhereAFileIsNoYaml() throws Exception {
        assertThat(problems(write("node: [a\nb: :"), Map.of(), Map.of()))
                .singleElement()
                .asString()
                .contains("is no YAML", "line 2")
                .doesNotContain("\n");
        assertThat(problems(write("node: a\nnode: b\n"), Map.of(), Map.of()))
                .singleElement()
                .asString()
                .contains("node");
        assertThat(problems(folder.resolve("absent.yaml"), Map.of(), Map.of()))
                .singleElement()
                .asString()
                .contains("absent.yaml is not there");
    }

    @Test
    void readsNoFileThatIsFarTooLarge() throws Exception {
        assertThat(problems(write("node: " + "y".repeat(1 << 20)), Map.of(), Map.of()))
                .singleElement()
                .asString()
                .contains(" has 1048582 bytes (expected: a YAML file of at most 1 MiB)");
    }

    @Test
    void takesAnEmptyFileForDefaults() throws Exception {
        Whole whole = ConfigLoader.load(Whole.class, write("# nothing\npeers:\n"), Map.of(), PREFIX);

        assertThat(whole.node()).isEqualTo("anybody");
    }

    @Test
    void listsItsKeys() {
        assertThat(ConfigLoader.keys(Whole.class))
                .containsExactly(
                        "node",
                        "peers.listen",
                        "peers.queue-size",
                        "lease",
                        "mode",
                        "loops",
                        "fsync",
                        "endpoints",
                        "labels",
                        "data-dir");
    }

    private String unknown(String yaml) throws IOException {
        List<String> problems = problems(write(yaml), Map.of(), Map.of());
        assertThat(problems).hasSize(1);
        return problems.getFirst();
    }

    private static List<String> problems(Path file, Map<String, String> environment, Map<String, String> settings) {
        ConfigException refused = catchThrowableOfType(
                ConfigException.class, () -> ConfigLoader.load(Whole.class, file, environment, PREFIX, settings));
        assertThat(refused).hasMessage(String.join("\n", refused.problems()));
        return refused.problems();
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(folder.resolve("config.yaml"), yaml);
    }

    /** How something is done. */
    enum Mode {
        AUTO,
        ALWAYS_ON
    }

    /** A section. */
    record Peers(@Nullable String listen, @Nullable DataSize queueSize) {
        Peers {
            listen = listen == null ? "127.0.0.1:7402" : listen;
            queueSize = queueSize == null ? DataSize.ofKiB(64) : queueSize;
            if (listen.isEmpty()) {
                throw new IllegalArgumentException("listen: empty (expected: host:port)");
            }
        }
    }

    /** A configuration with every kind of value. */
    record Whole(
            @Nullable String node,
            Peers peers,
            @Nullable Duration lease,
            @Nullable Mode mode,
            int loops,
            boolean fsync,
            @Nullable List<String> endpoints,
            @Nullable Map<String, String> labels,
            @Nullable Path dataDir) {
        Whole {
            node = node == null ? "anybody" : node;
            lease = lease == null ? Duration.ofSeconds(5) : lease;
            mode = mode == null ? Mode.AUTO : mode;
            endpoints = endpoints == null ? List.of() : endpoints;
            labels = labels == null ? Map.of() : labels;
            dataDir = dataDir == null ? Path.of("/var") : dataDir;
            if (!node.matches("[a-z]+")) {
                throw new IllegalArgumentException("node: " + node + " (expected: a name)");
            }
            if (loops < 0) {
                throw new IllegalArgumentException("loops: " + loops + " (expected: >= 0)");
            }
        }
    }
}
