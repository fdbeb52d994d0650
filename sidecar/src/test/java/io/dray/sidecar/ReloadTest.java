package io.dray.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.config.StartOptions;
import io.dray.core.telemetry.LogLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadTest {
    private final List<SidecarConfig> changes = new ArrayList<>();

    @TempDir
    private Path folder;

    private Path file = Path.of("");

    @BeforeEach
    void write() throws IOException {
        file = write("node: a\nlanes: {high-budget: 100ms}\n");
    }

    @Test
    void whatCanChangeDoesAndIsSaid() throws Exception {
        Reload reload = started(Map.of());

        write("node: a\nlanes: {high-budget: 250ms}\nlog: {level: debug}\nagents: {resume: 9s}\n");
        List<Reload.Line> lines = reload.again();

        assertThat(changes).singleElement().satisfies(config -> {
            assertThat(config.lanes().highBudget()).isEqualTo(Duration.ofMillis(250));
            assertThat(config.log().level()).isEqualTo(LogLevel.DEBUG);
        });
        assertThat(lines).noneMatch(Reload.Line::isWarning);
        assertThat(lines)
                .extracting(Reload.Line::text)
                .contains(
                        "reloaded " + file,
                        "lanes.high-budget: 100ms is now 250ms (" + file + ")",
                        "agents.resume: 5s is now 9s (" + file + ")")
                .anyMatch(line -> line.endsWith("is now debug (" + file + ")"));
        assertThat(reload.again().getLast().text()).isEqualTo("nothing differs from what is in force");
    }

    @Test
    void aFileThatAnEditorIsWritingChangesNothing() throws Exception {
        Reload reload = started(Map.of());

        write("");

        assertThat(reload.again())
                .containsExactly(new Reload.Line(true, "not reloaded, nothing changed: " + file + " is empty"));
        assertThat(changes).isEmpty();
    }

    @Test
    void aPipeInPlaceOfTheFileIsNotWaitedFor() throws Exception {
        Reload reload = started(Map.of());

        Files.delete(file);
        assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor())
                .isZero();

        assertThat(reload.again())
                .singleElement()
                .satisfies(line -> assertThat(line.text())
                        .contains(file + " is a pipe or a device (expected: a YAML file of at most 1 MiB)"));
    }

    @Test
    void whatCannotChangeIsSaidEachTimeUntilARestart() throws Exception {
        Reload reload = started(Map.of());

        write("node: b\nmemory: {mailbox: 1MiB}\n");

        for (int i = 0; i < 2; i++) {
            assertThat(reload.again())
                    .filteredOn(Reload.Line::isWarning)
                    .extracting(Reload.Line::text)
                    .contains(
                            "node: a stays until a restart, which would make it b (" + file + ")",
                            "memory.mailbox: 4MiB stays until a restart, which would make it 1MiB (" + file + ")");
        }
    }

    @Test
    void aBrokenFileChangesNothingAndSaysWhyInOneLine() throws Exception {
        Reload reload = started(Map.of());

        write("lanes: {high-budget: 250}\nprofile: latncy\nbogus: 1\n");

        assertThat(reload.again()).singleElement().satisfies(line -> {
            assertThat(line.isWarning()).isTrue();
            assertThat(line.text())
                    .startsWith("not reloaded, nothing changed: ")
                    .contains("lanes.high-budget", "250", "did you mean latency?", "unknown key bogus")
                    .doesNotContain("\n");
        });
        assertThat(changes).isEmpty();
    }

    @Test
    void aValueOfTheCommandLineStaysWhateverTheFileSays() throws Exception {
        Reload reload = started(Map.of("lanes.high-budget", "50ms"));

        write("node: a\nlanes: {high-budget: 250ms}\n");

        assertThat(reload.again().getLast().text()).isEqualTo("nothing differs from what is in force");
    }

    @Test
    void withoutAFileThereIsNothingToReload() throws Exception {
        var options = new StartOptions(null, Map.of(), false);
        var reload = new Reload(
                options, Map.of(), SidecarConfig.read(null, Map.of(), Map.of()).settings(), changes::add);

        assertThat(reload.again())
                .singleElement()
                .satisfies(line -> assertThat(line.text()).contains("nothing to reload", "--config FILE"));
    }

    private Reload started(Map<String, String> settings) throws Exception {
        var options = new StartOptions(file, settings, false);
        return new Reload(
                options, Map.of(), SidecarConfig.read(file, Map.of(), settings).settings(), changes::add);
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(folder.resolve("sidecar.yaml"), yaml);
    }
}
