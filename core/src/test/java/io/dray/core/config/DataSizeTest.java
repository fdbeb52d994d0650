package io.dray.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DataSizeTest {
    @Test
    void readsUnits() {
        assertThat(DataSize.parse("7B").bytes()).isEqualTo(7);
        assertThat(DataSize.parse("64KiB").bytes()).isEqualTo(65_536);
        assertThat(DataSize.parse(" 1 MiB ").bytes()).isEqualTo(1_048_576);
        assertThat(DataSize.parse("2GiB").bytes()).isEqualTo(2_147_483_648L);
    }

    @Test
    void showsItselfAsItIsRead() {
        for (String text : new String[] {"0B", "7B", "64KiB", "1MiB", "1025B", "2048MiB"}) {
            assertThat(DataSize.parse(text)).hasToString(text);
        }
    }

    @Test
    void refusesOtherTextsWithExamples() {
        for (String text : new String[] {"", "64", "64kb", "-1KiB", "1.5MiB", "9999999999999GiB"}) {
            assertThatThrownBy(() -> DataSize.parse(text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(text)
                    .hasMessageContaining("expected");
        }
    }
}
