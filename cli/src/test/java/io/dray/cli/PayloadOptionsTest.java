package io.dray.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PayloadOptionsTest {
    @TempDir
    private Path folder;

    @Test
    void aFileThatCannotBeReadIsUsageAndNamed() {
        String file = folder.resolve("none.txt").toString();

        Outcome outcome = Outcome.of("send", "agent:a", "--file", file);

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).isEqualTo("dray: --file: cannot read " + file + ": there is no such file\n");
    }

    @Test
    void payloadAndFileTogetherAreUsage() {
        Outcome outcome = Outcome.of("send", "agent:a", "text", "--file", "x");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("leave one out");
    }

    @Test
    void aTopicIsNoDestinationOfSend() {
        Outcome outcome = Outcome.of("send", "topic:a.b", "text");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("'topic:a.b'").contains("for topics use publish");
    }
}
