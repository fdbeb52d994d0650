package io.dray.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dray.core.config.ConfigException;
import io.dray.core.config.ConfigLoader;
import io.dray.sidecar.frame.FrameLimits;
import io.dray.sidecar.outbound.CompressionPolicy;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SidecarConfigTest {
    @Test
    void batchesWindowsPoolsAndThresholdsHaveTheDefaultsThatAreDocumented() throws Exception {
        SidecarConfig config = load(Map.of());

        assertThat(config.agents().window()).hasToString("256KiB");
        assertThat(config.agents().batch().limits()).isEqualTo(new FrameLimits(120 * 1024, 1_024));
        assertThat(config.peers().window()).hasToString("1MiB");
        assertThat(config.peers().connections()).isEqualTo(1);
        assertThat(config.peers().batch()).isEqualTo(config.agents().batch());
        assertThat(config.compression().settings())
                .isEqualTo(new CompressionPolicy.Settings(CompressionPolicy.Mode.AUTO, 1_024, 1));
        assertThat(config.memory().frames()).hasToString("9MiB");
        assertThat(config.memory().chunk()).hasToString("2MiB");
    }

    @Test
    void eachOfThemCanBeSetAlone() throws Exception {
        SidecarConfig config = load(Map.of(
                "agents.window", "64KiB",
                "agents.batch.bytes", "16KiB",
                "peers.batch.envelopes", "64",
                "peers.connections", "3",
                "compression.level", "3",
                "memory.frames", "0B",
                "memory.rings", "0B",
                "memory.chunk", "256KiB"));

        assertThat(config.agents().window()).hasToString("64KiB");
        assertThat(config.agents().batch().limits()).isEqualTo(new FrameLimits(16 * 1024, 1_024));
        assertThat(config.agents().resume()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.peers().batch().limits()).isEqualTo(new FrameLimits(120 * 1024, 64));
        assertThat(config.peers().connections()).isEqualTo(3);
        assertThat(config.compression().level()).isEqualTo(3);
        assertThat(config.memory().frames().bytes()).isZero();
        assertThat(config.memory().rings().bytes()).isZero();
        assertThat(config.memory().chunk()).hasToString("256KiB");
    }

    @ParameterizedTest
    @CsvSource({
        "agents.window, 32KiB, 64KiB to 16MiB",
        "agents.batch.bytes, 1MiB, 4KiB to 512KiB",
        "agents.batch.envelopes, 1025, 1 to 1024",
        "peers.window, 17MiB, 64KiB to 16MiB",
        "peers.batch.bytes, 1KiB, 4KiB to 512KiB",
        "peers.batch.envelopes, -1, 1 to 1024",
        "peers.connections, 4, 1 to 3",
        "compression.level, 10, 1 to 9",
        "compression.threshold, 3072MiB, 0B to 4MiB",
        "memory.frames, 1024MiB, 0B to 256MiB",
        "memory.rings, 1025MiB, 0B to 1024MiB",
        "memory.chunk, 3MiB, a power of two",
        "memory.chunk, 128KiB, 256KiB to 16MiB",
        "memory.budget, 8MiB, at least 16MiB",
        "memory.mailbox, 0B, 64KiB to 64MiB",
        "memory.mailbox, 65MiB, 64KiB to 64MiB",
        "memory.link, 32KiB, 64KiB to 64MiB",
        "memory.source, 1B, 64KiB to 64MiB",
        "memory.blob, 32KiB, 64KiB to 16MiB",
        "memory.blob, 17MiB, 64KiB to 16MiB",
        "loops, 0, 1 to 1024",
        "compression.level, 0, 1 to 9",
        "peers.connections, 0, 1 to 3",
        "agents.batch.envelopes, 0, 1 to 1024"
    })
    void whatIsOutOfRangeIsRefusedWithItsKeyAndTheRange(String key, String value, String expected) {
        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> load(Map.of(key, value)));

        assertThat(refused.problems())
                .singleElement()
                .asString()
                .startsWith(key + ": " + value)
                .contains(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0:7402", "[::]:7402"})
    void aListenerOnAllAddressesHasToSayWhichOnePeersUse(String listen) throws Exception {
        Map<String, String> alone = Map.of("peers.listen", listen);
        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> load(alone));

        assertThat(refused.problems())
                .singleElement()
                .asString()
                .startsWith("peers.advertise: absent")
                .contains("host:port", listen);
        assertThat(load(Map.of("peers.listen", listen, "peers.advertise", "10.0.0.1:7402"))
                        .peers()
                        .advertise())
                .isEqualTo("10.0.0.1:7402");
    }

    private static SidecarConfig load(Map<String, String> settings) throws ConfigException {
        return ConfigLoader.load(SidecarConfig.class, null, Map.of(), "DRAY_SIDECAR", settings);
    }
}
