package io.dray.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dray.cli.output.CommandException;
import io.dray.cli.output.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlainWalkTest {
    @TempDir
    private Path folder;

    @Test
    void namesAndHashesEveryTextFile() throws IOException {
        write("a.txt", "abc\n");
        write("sub/two\nlines.txt", "");

        assertThat(PlainWalk.of(folder).files())
                .containsEntry(
                        "a.txt",
                        new PlainFile("edeaaff3f1774ad2888673770c6d64097e391bc362d7d6fb34982ddf0efd18cb", 4, 1))
                .containsEntry(
                        "sub/two\nlines.txt",
                        new PlainFile("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 0, 0))
                .hasSize(2);
    }

    @Test
    void countsWhatIsNotText() throws IOException {
        write("a.txt", "x".repeat(64 * 1024 - 1) + "ü");
        write("zero", "a\0");
        Files.write(folder.resolve("half"), new byte[] {(byte) 0xC3});
        write(".git/HEAD", "text");
        write("target/log", "text");
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("a.txt"));

        PlainWalk walk = PlainWalk.of(folder);

        assertThat(walk.files()).containsOnlyKeys("a.txt");
        assertThat(walk.leftOut()).isEqualTo(" (2 not UTF-8 text, 0 unreadable)");
    }

    @Test
    void refusesAFolderThatDoesNotExist() {
        assertRefused(folder.resolve("none"), "does not exist");
    }

    @Test
    void refusesAFile() throws IOException {
        write("a.txt", "text");

        assertRefused(folder.resolve("a.txt"), "is not a folder");
    }

    @Test
    void refusesAFolderWithoutTextFiles() throws IOException {
        write("zero", "\0");

        assertRefused(folder, "nothing to digest: no text files (1 not UTF-8 text, 0 unreadable)");
    }

    private static void assertRefused(Path path, String why) {
        assertThatThrownBy(() -> PlainWalk.of(path))
                .isInstanceOfSatisfying(
                        CommandException.class, e -> assertThat(e.code()).isEqualTo(ExitCode.USAGE))
                .hasMessageContaining(path + ": " + why);
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    }
}
