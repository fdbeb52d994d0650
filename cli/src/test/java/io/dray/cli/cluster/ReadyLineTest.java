package io.dray.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReadyLineTest {
    @Test
    void readsTheFieldsOfAServerThatServes() {
        var line = ReadyLine.parse("READY {\"role\":\"router\",\"listen\":\"127.0.0.1:7400\",\"pid\":12}");

        assertThat(line).hasValueSatisfying(ready -> {
            assertThat(ready.text("listen")).isEqualTo("127.0.0.1:7400");
            assertThat(ready.text("unknown")).isEmpty();
        });
    }

    @Test
    void otherAndHalfLinesAreNotReady() {
        assertThat(ReadyLine.parse("listening on 7400")).isEmpty();
        assertThat(ReadyLine.parse("READY {\"role\":\"rou")).isEmpty();
    }
}
