package io.dray.examples.digest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextFilesTest {
    @TempDir
    private Path folder;

    @Test
    void findsTextFilesInOrderWithNamesRelativeToTheFolder() throws IOException {
        write("b/second.txt", "two");
        write("a.md", "one");
        write("empty", "");

        assertThat(TextFiles.below(folder)).containsExactly("a.md", "b/second.txt", "empty");
    }

    @Test
    void leavesOutBinaryFilesLinksAndFoldersOfTools() throws IOException {
        write("kept.txt", "kept");
        write("zero.bin", "a\0b");
        Files.write(folder.resolve("latin.txt"), "fähre".getBytes(StandardCharsets.ISO_8859_1));
        write(".git/config", "text");
        write("sub/target/out.txt", "text");
        write("node_modules/x.js", "text");
        Files.createSymbolicLink(folder.resolve("link.txt"), folder.resolve("kept.txt"));

        assertThat(TextFiles.below(folder)).containsExactly("kept.txt");
    }

    @Test
    void aNameWithALineBreakIsAName() throws IOException {
        write("two\nlines.txt", "text");

        assertThat(TextFiles.below(folder)).containsExactly("two\nlines.txt");
    }

    @Test
    void leavesOutNamesThatAreNotUtf8() throws Exception {
        write("kept.txt", "kept");
        String create = "printf text > \"$0\"/$'bad\\xff.txt'";
        int exit = new ProcessBuilder("bash", "-c", create, folder.toString())
                .start()
                .waitFor();

        assertThat(exit).isZero();
        assertThat(TextFiles.below(folder)).containsExactly("kept.txt");
    }

    @Test
    void aCharacterAcrossTheEdgeOfTheBufferIsText() throws IOException {
        write("edge.txt", "x".repeat(64 * 1024 - 1) + "ü".repeat(70_000));

        assertThat(TextFiles.isText(folder.resolve("edge.txt"))).isTrue();
    }

    @Test
    void aFileThatEndsInHalfACharacterIsNotText() throws IOException {
        Files.write(folder.resolve("half.txt"), new byte[] {'a', (byte) 0xC3});

        assertThat(TextFiles.isText(folder.resolve("half.txt"))).isFalse();
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
