package io.dray.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.cli.doctor.Finding.Level;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkChecksTest {
    @TempDir
    private Path root;

    @Test
    void aPortThatIsTakenSaysWhichKeyToSet() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Finding finding = NetworkChecks.port(taken.getLocalPort(), "sidecar: admin.listen");

            assertThat(finding.level()).isEqualTo(Level.NOTE);
            assertThat(finding.fix()).contains("--set admin.listen=");
        }
    }

    @Test
    void aSocketPathThatIsTooLongIsAProblem() {
        Finding finding = named("default socket", Map.of("XDG_RUNTIME_DIR", "/tmp/" + "x".repeat(120)));

        assertThat(finding.level()).isEqualTo(Level.PROBLEM);
        assertThat(finding.fix()).contains("XDG_RUNTIME_DIR");
    }

    @Test
    void kernelSettingsBelowWhatDrayAsksForHaveACommand() throws IOException {
        file("proc/sys/net/core/wmem_max", "212992");
        file("proc/sys/net/core/somaxconn", "4096");
        file("proc/sys/net/ipv4/tcp_slow_start_after_idle", "1");
        Map<String, String> environment = Map.of("XDG_RUNTIME_DIR", root.toString());

        assertThat(named("net.core.wmem_max", environment).fix()).isEqualTo("sysctl -w net.core.wmem_max=1048576");
        assertThat(named("net.core.somaxconn", environment).level()).isEqualTo(Level.OK);
        assertThat(named("net.ipv4.tcp_slow_start_after_idle", environment).level())
                .isEqualTo(Level.NOTE);
        assertThat(named("default socket", environment).seen()).endsWith("no sidecar yet");
    }

    private Finding named(String check, Map<String, String> environment) {
        List<Finding> findings = new NetworkChecks(new SystemFiles(root), environment).look();
        return findings.stream()
                .filter(finding -> finding.check().equals(check))
                .findFirst()
                .orElseThrow();
    }

    private void file(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
