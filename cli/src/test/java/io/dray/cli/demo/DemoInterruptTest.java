package io.dray.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(90)
class DemoInterruptTest {
    private static final int SIGTERM_EXIT = 143;
    private static final int PROMPT_SECONDS = 10;

    @TempDir
    private Path folder;

    @Test
    void aDemoThatIsToldToStopEndsItsProcessesAndRemovesItsFolder() throws IOException, InterruptedException {
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        Path documents = Files.createDirectory(folder.resolve("docs"));
        for (int i = 0; i < 20; i++) {
            Files.writeString(documents.resolve(i + ".txt"), "document " + i);
        }
        Process demo = start(temporary, documents);
        try (BufferedReader lines = demo.errorReader(StandardCharsets.UTF_8)) {
            readUntil(lines, "beside each are up");
            List<ProcessHandle> children = demo.descendants().toList();
            assertThat(children).as("the mesh").hasSize(7);

            demo.toHandle().destroy(); // the process itself would close its output

            assertThat(demo.waitFor(PROMPT_SECONDS, TimeUnit.SECONDS)).isTrue();
            List<String> said = lines.lines().toList();
            assertThat(demo.exitValue()).isEqualTo(SIGTERM_EXIT);
            assertThat(said).last().asString().startsWith("dray: interrupted; ").endsWith(" is removed");
            assertThat(children).noneMatch(ProcessHandle::isAlive);
            assertThat(temporary.toFile().list((_, name) -> name.startsWith("dray-demo-")))
                    .isEmpty();
        } finally {
            demo.destroyForcibly();
        }
    }

    /** With chaos each attempt takes seconds, so that the demo is in the middle of its work. */
    private static Process start(Path temporary, Path documents) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.dray.cli.Dray",
                        "demo",
                        documents.toString(),
                        "--chaos")
                .start();
    }

    private static void readUntil(BufferedReader lines, String words) throws IOException {
        List<String> read = new ArrayList<>();
        String line;
        do {
            line = lines.readLine();
            assertThat(line).as("a line with '%s' after %s", words, read).isNotNull();
            read.add(line);
        } while (!line.contains(words));
    }
}
