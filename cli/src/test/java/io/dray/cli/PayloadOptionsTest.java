package io.dray.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
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
    void aFileThatFitsIntoNoMessageIsToldWithItsSizeAndTheLimit() throws IOException {
        Path file = folder.resolve("big");
        try (var big = new RandomAccessFile(file.toFile(), "rw")) {
            big.setLength(9_000_000);
        }

        Outcome outcome = Outcome.of("send", "agent:a", "--file", file.toString());

        assertThat(outcome.exitCode()).isEqualTo(4);
        assertThat(outcome.err()).contains("TOO_LARGE", file.toString(), "9,000,000", "at most 4,128,768 bytes");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFileWithoutAnEndIsNotReadToIt() {
        Outcome outcome = Outcome.of("send", "agent:a", "--file", "/dev/zero");

        assertThat(outcome.exitCode()).isEqualTo(4);
        assertThat(outcome.err()).contains("TOO_LARGE", "/dev/zero: more than 4,128,768 bytes");
    }

    @Test
    void inputThatFitsIntoNoMessageIsNotReadToItsEnd() {
        Outcome outcome = Outcome.withInput("x".repeat(4_128_769), "send", "agent:a", "-");

        assertThat(outcome.exitCode()).isEqualTo(4);
        assertThat(outcome.err()).contains("TOO_LARGE", "standard input", "at most 4,128,768 bytes");
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
