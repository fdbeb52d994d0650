package io.dray.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dray.cli.output.CommandException;
import io.dray.cli.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportFileTest {
    @TempDir
    private Path folder;

    @Test
    void tryingLeavesNothingAndChangesNothing() throws IOException {
        Path old = Files.writeString(folder.resolve("old.html"), "old");

        new ReportFile("--html", folder.resolve("new.html")).require();
        new ReportFile("--html", old).require();

        assertThat(folder).isDirectoryNotContaining("glob:**new.html");
        assertThat(old).hasContent("old");
    }

    @Test
    void replacesWhatTheFileHeld() throws IOException {
        Path old = Files.writeString(folder.resolve("old.html"), "old and long");

        new ReportFile("--html", old).write("new");

        assertThat(old).hasContent("new");
        assertThat(folder.toFile().list()).containsExactly("old.html");
    }

    @Test
    void leavesAloneWhatLiesBesideTheFile() throws IOException {
        Path victim = Files.writeString(folder.resolve("victim"), "mine");
        Files.createSymbolicLink(folder.resolve("page.html.part"), victim);

        new ReportFile("--html", folder.resolve("page.html")).write("page");

        assertThat(folder.resolve("page.html")).isRegularFile().hasContent("page");
        assertThat(victim).hasContent("mine");
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("page.html", "page.html.part", "victim");
    }

    @Test
    void refusesTheFileOfAnotherReport() {
        var page = new ReportFile("--html", folder.resolve("same"));
        var report = new ReportFile("--json", folder.resolve(".").resolve("same"));

        assertThatThrownBy(() -> page.requireOther(report))
                .isInstanceOfSatisfying(
                        CommandException.class, e -> assertThat(e.code()).isEqualTo(ExitCode.USAGE))
                .hasMessageContaining("is the file of --json too");
        page.requireOther(new ReportFile("--json", folder.resolve("other")));
    }

    @Test
    void refusesAFolderAndAFileInNone() {
        assertRefused(folder, "is a folder");
        assertRefused(folder.resolve("none/page.html"), "its folder does not exist");
    }

    @Test
    void aFullDiskIsOneLine() {
        assertThatThrownBy(() -> new ReportFile("--html", Path.of("/dev/full")).write("page"))
                .isInstanceOfSatisfying(
                        CommandException.class, e -> assertThat(e.code()).isEqualTo(ExitCode.FAILED))
                .hasMessageStartingWith("--html /dev/full: cannot be written: No space left on device (expected: ");
    }

    private static void assertRefused(Path path, String why) {
        assertThatThrownBy(() -> new ReportFile("--html", path).require())
                .isInstanceOfSatisfying(
                        CommandException.class, e -> assertThat(e.code()).isEqualTo(ExitCode.USAGE))
                .hasMessageStartingWith("--html " + path + ": cannot be written: " + why);
    }
}
