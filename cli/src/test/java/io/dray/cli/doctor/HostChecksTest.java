package io.dray.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.cli.doctor.Finding.Level;
import io.dray.cli.doctor.HostChecks.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostChecksTest {
    private static final Machine GOOD = new Machine("Linux", "amd64", 25, "25.0.3", 2, 24L << 30);

    @TempDir
    private Path root;

    @Test
    void aGoodMachineHasNothingToMend() throws IOException {
        file("proc/self/limits", limits("1048576"));
        file("sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never");
        file("proc/sys/vm/overcommit_memory", "0");
        file("run/systemd/timesync/synchronized", "");
        Files.createDirectories(root.resolve("dev/shm"));

        assertThat(look(GOOD)).extracting(Finding::level).containsOnly(Level.OK);
        assertThat(look(GOOD)).extracting(Finding::fix).containsOnly("");
    }

    @Test
    void whatKeepsDrayFromRunningIsAProblem() {
        assertThat(named("system", new Machine("Mac OS X", "aarch64", 25, "25", 8, 8L << 30))
                        .level())
                .isEqualTo(Level.PROBLEM);
        assertThat(named("java", new Machine("Linux", "amd64", 17, "17.0.15", 2, 8L << 30))
                        .seen())
                .contains("17.0.15", "expected: 25");
    }

    @Test
    void fewFilesAreAWarningAndNoLimitIsFine() throws IOException {
        file("proc/self/limits", limits("1024"));
        assertThat(named("open files", GOOD).level()).isEqualTo(Level.WARNING);
        assertThat(named("open files", GOOD).fix()).contains("LimitNOFILE");

        file("proc/self/limits", limits("unlimited"));
        assertThat(named("open files", GOOD).seen()).isEqualTo("no limit");
    }

    @Test
    void hugePagesThatAreAlwaysGivenAndStrictOvercommitAreTold() throws IOException {
        file("sys/kernel/mm/transparent_hugepage/enabled", "[always] madvise never");
        file("proc/sys/vm/overcommit_memory", "2");

        assertThat(named("huge pages", GOOD).fix()).contains("echo madvise");
        assertThat(named("overcommit", GOOD).level()).isEqualTo(Level.WARNING);
    }

    @Test
    void withoutSharedMemoryLargeFramesGoOnThroughSockets() {
        assertThat(named("shared memory", GOOD).level()).isEqualTo(Level.NOTE);
        assertThat(named("shared memory", GOOD).seen()).contains("through sockets");
    }

    @Test
    void filesThatTellNothingAreNoFinding() throws IOException {
        file("proc/sys/vm/overcommit_memory", "?");
        file("proc/self/limits", "nothing of the kind");

        assertThat(look(GOOD)).extracting(Finding::check).doesNotContain("overcommit", "open files", "huge pages");
    }

    @Test
    void allDigitsOfARealSettingAreRead() {
        assertThat(new SystemFiles(Path.of("/")).sysctl("kernel.pid_max").getAsLong())
                .isGreaterThan(100);
    }

    private List<Finding> look(Machine machine) {
        return new HostChecks(new SystemFiles(root), machine).look();
    }

    private Finding named(String check, Machine machine) {
        return look(machine).stream()
                .filter(finding -> finding.check().equals(check))
                .findFirst()
                .orElseThrow();
    }

    private void file(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static String limits(String hard) {
        return "Limit                     Soft Limit           Hard Limit           Units\n"
                + "Max open files            1024                 " + hard + "                files\n";
    }
}
