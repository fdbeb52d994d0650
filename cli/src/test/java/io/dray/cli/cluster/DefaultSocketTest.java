package io.dray.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dray.cli.output.CommandException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefaultSocketTest {
    @TempDir
    private Path folder;

    @Test
    void linksTheFirstNodeAndCleansUp() throws IOException {
        Path target = folder.resolve("node-1/sidecar.sock");
        Path path = folder.resolve("sidecar.sock");

        try (DefaultSocket socket = DefaultSocket.claim(path, target)) {
            assertThat(Files.readSymbolicLink(socket.path())).isEqualTo(target);
        }

        assertThat(path).doesNotExist();
    }

    @Test
    void replacesWhatADeadMeshLeft() throws IOException {
        Path path = folder.resolve("sidecar.sock");
        Files.createSymbolicLink(path, folder.resolve("gone/sidecar.sock"));

        try (DefaultSocket _ = DefaultSocket.claim(path, folder.resolve("node-1/sidecar.sock"))) {
            assertThat(Files.readSymbolicLink(path)).isEqualTo(folder.resolve("node-1/sidecar.sock"));
        }
    }

    @Test
    void saysWhyAFolderIsNone() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> DefaultSocket.claim(file.resolve("sidecar.sock"), file.resolve("node-1/sidecar.sock")))
                .hasMessageContaining("Not a directory (expected: ");
        assertThatThrownBy(() ->
                        DefaultSocket.claim(Path.of("/proc/x/sidecar.sock"), Path.of("/proc/x/node-1/sidecar.sock")))
                .hasMessageContaining("/proc/x/sidecar.sock: its folder cannot be made (expected: ");
    }

    @Test
    void refusesWhereASidecarAnswers() throws IOException {
        Path path = folder.resolve("sidecar.sock");
        try (ServerSocketChannel live = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            live.bind(UnixDomainSocketAddress.of(path));

            assertThatThrownBy(() -> DefaultSocket.claim(path, folder.resolve("node-1/sidecar.sock")))
                    .isInstanceOf(CommandException.class)
                    .hasMessageContaining(path + ": a sidecar runs there already");
        }
    }
}
