package io.dray.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BuffersTest {
    @Test
    void withoutVariablesTheDefaultsHold() {
        assertThat(Buffers.of(Map.of()))
                .isEqualTo(new Buffers(256L << 20, 1 << 20, 120 * 1024, 1_024, 1 << 20))
                .isEqualTo(Buffers.DEFAULTS);
    }

    @Test
    void eachVariableChangesItsDefaultAlone() {
        var changed = Buffers.of(Map.of(
                "DRAY_AGENT_OUTBOX", "4MiB",
                "DRAY_AGENT_FRAME", "16KiB",
                "DRAY_AGENT_ENVELOPES", "64",
                "DRAY_AGENT_WINDOW", "1MiB"));

        assertThat(changed).isEqualTo(new Buffers(256L << 20, 4 << 20, 16 * 1024, 64, 1 << 20));
        assertThat(changed)
                .isEqualTo(Buffers.DEFAULTS
                        .withOutbox(4 << 20)
                        .withFrame(16 * 1024)
                        .withEnvelopes(64)
                        .withWindow(1 << 20));
    }

    @ParameterizedTest
    @CsvSource({
        "DRAY_AGENT_OUTBOX, 1KiB, 'outbox: 1024 (expected: 65536 to 268435456)'",
        "DRAY_AGENT_FRAME, 1MiB, 'frame: 1048576 (expected: 4096 to 524288)'",
        "DRAY_AGENT_FRAME, 64, DRAY_AGENT_FRAME: 64 (expected: a size with its unit",
        "DRAY_AGENT_ENVELOPES, many, 'DRAY_AGENT_ENVELOPES: many (expected: a number, such as 256)'",
        "DRAY_AGENT_WINDOW, 3GiB, 'DRAY_AGENT_WINDOW: 3GiB (expected: less than 2GiB)'"
    })
    void whatIsOutOfRangeIsRefusedWithTheRange(String variable, String value, String expected) {
        assertThatThrownBy(() -> Buffers.of(Map.of(variable, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(expected);
    }
}
