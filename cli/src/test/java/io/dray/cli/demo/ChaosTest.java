package io.dray.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChaosTest {
    @Test
    void attemptsLastLongInASmallFolderAndShortInALargeOne() {
        assertThat(Chaos.lingerMillis(1)).isEqualTo(3_000);
        assertThat(Chaos.lingerMillis(600)).isEqualTo(300);
        assertThat(Chaos.lingerMillis(100_000)).isEqualTo(100);
    }
}
