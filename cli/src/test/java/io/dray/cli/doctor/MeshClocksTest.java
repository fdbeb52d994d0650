package io.dray.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.dray.cli.doctor.Finding.Level;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.Test;

class MeshClocksTest {
    @Test
    void aClockThatIsAheadIsAWarningAndOneThatAgreesIsNone() throws IOException {
        assertThat(clockThatIs(Duration.ZERO).level()).isEqualTo(Level.OK);

        Finding ahead = clockThatIs(Duration.ofMinutes(5));
        assertThat(ahead.level()).isEqualTo(Level.WARNING);
        assertThat(ahead.seen()).matches("(299|300)\\.\\d s from here.*");
    }

    @Test
    void aPageThatNobodyServesIsANote() throws IOException {
        HttpServer gone = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        int port = gone.getAddress().getPort();
        gone.stop(0);

        assertThat(MeshClocks.look("b", "127.0.0.1:" + port).level()).isEqualTo(Level.NOTE);
    }

    /** Answers by hand: the server of the JDK writes its own date. */
    private static Finding clockThatIs(Duration ahead) throws IOException {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answer(server, ahead));
            return MeshClocks.look("b", "127.0.0.1:" + server.getLocalPort());
        }
    }

    private static void answer(ServerSocket server, Duration ahead) {
        try (var socket = server.accept()) {
            var _ = socket.getInputStream().read(new byte[4096]);
            String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                    Instant.now().plus(ahead).atZone(ZoneOffset.UTC));
            socket.getOutputStream()
                    .write(("HTTP/1.1 200 OK\r\nDate: " + date + "\r\nContent-Length: 0\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
