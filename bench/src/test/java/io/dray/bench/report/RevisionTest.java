package io.dray.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RevisionTest {
    @TempDir
    Path folder;

    @BeforeEach
    void commit() throws Exception {
        Files.createDirectories(folder.resolve("bench/results/profiles"));
        for (String file : List.of("Source.java", "bench/PROFILES.md", "bench/results/profiles/one.json")) {
            Files.writeString(folder.resolve(file), "before");
        }
        git("init", "--quiet");
        git("add", ".");
        git("-c", "user.name=test", "-c", "user.email=test@localhost", "commit", "--quiet", "--message", "first");
    }

    @Test
    void whatTheBenchWritesMakesNoRevisionDirty() throws IOException {
        Files.writeString(folder.resolve("bench/PROFILES.md"), "after");
        Files.writeString(folder.resolve("bench/results/profiles/one.json"), "after");

        assertThat(Revision.of(folder)).hasSize(40).doesNotContain("dirty");
    }

    @Test
    void aChangedSourceDoes() throws IOException {
        Files.writeString(folder.resolve("Source.java"), "after");

        assertThat(Revision.of(folder)).endsWith("-dirty");
    }

    @Test
    void aFolderWithoutGitHasNone() {
        assertThat(Revision.of(folder.resolve("missing"))).isEqualTo("unknown");
    }

    private void git(String... words) throws IOException, InterruptedException {
        List<String> command = Stream.concat(Stream.of("git", "-C", folder.toString()), Arrays.stream(words))
                .toList();
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }
}
