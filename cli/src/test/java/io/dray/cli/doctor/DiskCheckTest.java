package io.dray.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.cli.doctor.Finding.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskCheckTest {
    @TempDir
    private Path folder;

    @Test
    void theNearestFolderThatExistsIsMeasuredAndLeftAsItWas() throws IOException {
        var findings = new DiskCheck(folder.resolve("not/yet/there")).look();

        assertThat(findings).extracting(Finding::check).containsExactly("disk room", "disk speed");
        assertThat(findings.getLast().seen()).contains(folder.toString(), "median of 33");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void aFolderThatCannotBeWrittenIsAProblem() {
        assertThat(new DiskCheck(Path.of("/proc/sys")).look().getLast().level()).isEqualTo(Level.PROBLEM);
    }
}
