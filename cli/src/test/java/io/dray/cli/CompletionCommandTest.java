package io.dray.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionCommandTest {
    @TempDir
    private Path folder;

    @Test
    void bashCompletesVerbsAndOptionsByIt() throws IOException, InterruptedException {
        Path script = Files.writeString(
                folder.resolve("dray.bash"), Outcome.of("completion").out());

        assertThat(completed(script, "dray", "conf")).contains("config");
        assertThat(completed(script, "dray", "config", "s")).contains("show", "schema");
        assertThat(completed(script, "dray", "nodes", "--js")).contains("--json");
        assertThat(completed(script, "dray", "queue", "l")).contains("list", "limit");
        assertThat(completed(script, "dray", "queue", "limit", "--max")).contains("--max-running");
        assertThat(completed(script, "dray", "send", "--priority", "")).contains("critical", "low");
        assertThat(completed(script, "dray", "send", "--wait", "")).contains("delivered");
        assertThat(completed(script, "dray", "config", "show", "--role", "")).contains("router");
    }

    @Test
    void theScriptSaysHowThisCommandIsInstalled() {
        assertThat(Outcome.of("completion").out())
                .contains("# Installation: dray completion --help", "# Documentation")
                .doesNotContain("$YOUR_APP_HOME");
    }

    /** What bash offers after these words, the last of which is begun. */
    private static String completed(Path script, String... words) throws IOException, InterruptedException {
        String line = "source " + script + "; COMP_WORDS=(" + String.join(" ", words) + "); COMP_CWORD="
                + (words.length - 1) + "; _complete_dray; printf '%s\\n' \"${COMPREPLY[@]}\"";
        Process bash =
                new ProcessBuilder("bash", "-c", line).redirectErrorStream(true).start();
        String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).as(said).isZero();
        return said;
    }
}
