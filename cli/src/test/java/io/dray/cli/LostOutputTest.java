package io.dray.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the command as a process whose standard output cannot be written. */
class LostOutputTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path folder;

    private record End(int exitCode, String err) {}

    @Test
    void outputThatFindsNoRoomIsAFailureInOneLine() throws Exception {
        assertThat(Path.of("/dev/full")).exists();

        End end = shell("\"$@\" > /dev/full", "version");

        assertThat(end.exitCode()).isEqualTo(1);
        assertThat(end.err())
                .startsWith("dray: Standard output could not be written: No space left on device (expected: ");
        assertThat(end.err().lines()).hasSize(1);
    }

    @Test
    void helpThatFindsNoRoomIsAFailureToo() throws Exception {
        assertThat(shell("\"$@\" > /dev/full", "nodes", "--help").exitCode()).isEqualTo(1);
    }

    @Test
    void closedOutputIsAFailure() throws Exception {
        End end = shell("\"$@\" >&-", "version");

        assertThat(end.exitCode()).isEqualTo(1);
        assertThat(end.err()).startsWith("dray: Standard output could not be written: ");
    }

    @Test
    void aReaderThatGoesAwayEarlyIsNotComplainedAbout() throws Exception {
        End end = shell("{ sleep 0.1; \"$@\"; } | true; exit ${PIPESTATUS[0]}", "version");

        assertThat(end).isEqualTo(new End(1, ""));
    }

    private End shell(String script, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("bash", "-c", script, "bash"));
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path")));
        command.add(Dray.class.getName());
        command.addAll(List.of(words));
        File err = folder.resolve("err").toFile();
        Process process = new ProcessBuilder(command).redirectError(err).start();
        int exitCode = process.waitFor();
        return new End(exitCode, Files.readString(err.toPath(), UTF_8));
    }
}
