package io.dray.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @ParameterizedTest
    @CsvSource({"publish, 4096001, '4,096,000'", "send, 268435457, '268,435,456'", "request, 268435457, '268,435,456'"})
    void aFileThatIsTooLargeIsUsageWithItsSizeAndTheLimit(String command, long size, String limit) throws IOException {
        Path file = folder.resolve("big");
        try (var big = new RandomAccessFile(file.toFile(), "rw")) {
            big.setLength(size);
        }

        Outcome outcome = Outcome.of(command, "a", "--file", file.toString());

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err())
                .contains("too large", file.toString(), "%,d".formatted(size), "at most " + limit + " bytes; ");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFileWithoutAnEndIsNotReadToIt() {
        Outcome outcome = Outcome.of("send", "agent:a", "--file", "/dev/zero");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("too large", "/dev/zero holds more than 4,096,000 bytes");
    }

    @Test
    void inputThatIsTooLargeIsNotReadToItsEnd() {
        Outcome outcome = Outcome.withInput("x".repeat(4_096_001), "send", "agent:a", "-");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("standard input", "at most 4,096,000 bytes", "--file of up to 256 MiB");
    }

    @ParameterizedTest
    @CsvSource({"publish, 3.9 MiB", "task submit, 3.9 MiB", "send, 256 MiB", "request, 256 MiB"})
    void theHelpOfACommandSaysHowLargeItsFileMayBe(String command, String limit) {
        Outcome help = Outcome.of((command + " --help").split(" "));

        assertThat(help.out()).containsPattern("instead of\\s+PAYLOAD,\\s+up\\s+to\\s+" + limit);
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
