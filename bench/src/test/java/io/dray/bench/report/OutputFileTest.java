package io.dray.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFileTest {
    @TempDir
    Path folder;

    @Test
    void aTryLeavesNothingBehind() {
        Path file = folder.resolve("new/of-it/report.json");

        assertThat(new OutputFile("--json", file).problem()).isEmpty();

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aTryLeavesAReportOfBefore() throws Exception {
        Path file = Files.writeString(folder.resolve("report.json"), "of before");

        assertThat(new OutputFile("--json", file).problem()).isEmpty();

        assertThat(file).hasContent("of before");
    }

    @Test
    void namesAFileThatCannotBeWritten() throws Exception {
        Path inTheWay = Files.writeString(folder.resolve("file"), "no folder");
        for (Path file : List.of(folder, inTheWay.resolve("report.json"), Path.of("/proc/nope/report.json"))) {
            assertThat(new OutputFile("--json", file).problem())
                    .hasValueSatisfying(line -> assertThat(line)
                            .startsWith("--json: " + file)
                            .endsWith("(expected: a file that may be written; name another one)")
                            .doesNotContain("\n"));
        }
    }

    @Test
    void writesOverWhatWasThereAndLeavesNoPart() throws Exception {
        Path file = Files.writeString(folder.resolve("report.json"), "of before");

        new OutputFile("--json", file).write("all of it");

        assertThat(file).hasContent("all of it");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void writesThroughALink() throws Exception {
        Path file = Files.writeString(folder.resolve("report.json"), "of before");
        Path link = Files.createSymbolicLink(folder.resolve("link.json"), file);

        new OutputFile("--json", link).write("all of it");

        assertThat(link).isSymbolicLink();
        assertThat(file).hasContent("all of it");
    }
}
