package io.dray.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigTextTest {
    enum Mode {
        ALWAYS_ON
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "1us", "1500us", "250ms", "1s", "90s", "2m", "3h", "7d"})
    void timesAreWrittenAsTheyCanBeRead(String text) {
        assertThat(ConfigText.of(ConfigValues.convert(Duration.class, text))).isEqualTo(text);
    }

    @Test
    void otherValuesToo() {
        assertThat(ConfigText.of(null)).isEmpty();
        assertThat(ConfigText.of(DataSize.ofKiB(64))).isEqualTo("64KiB");
        assertThat(ConfigText.of(List.of("a:1", "b:2"))).isEqualTo("a:1,b:2");
        assertThat(ConfigText.of(Map.of("zone", "north", "rack", "7"))).isEqualTo("rack=7,zone=north");
        assertThat(ConfigText.of(Mode.ALWAYS_ON)).isEqualTo("always-on");
    }
}
