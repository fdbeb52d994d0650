package io.dray.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
    @ParameterizedTest
    @ValueSource(strings = {"unix:/tmp/a.sock", "127.0.0.1:7401", "host.example:0", "[::1]:65535"})
    void readsWhatItShows(String text) {
        assertThat(Endpoint.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "unix:", "host", ":80", "host:", "host:x", "::1:80", "a:b:80"})
    void refusesOtherTextsWithTheForm(String text) {
        assertThatThrownBy(() -> Endpoint.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: unix:/path, host:port or [ipv6]:port");
    }

    @Test
    void refusesWhatCanBeNoHost() {
        assertThatThrownBy(() -> Endpoint.parse("bad host:80"))
                .hasMessageContaining("host: bad host (expected: a name");
    }

    @Test
    void namesTheKeyOfAConfiguration() {
        assertThat(Endpoint.parseTcp("listen", "h:1")).isEqualTo(new Endpoint.Tcp("h", 1));
        assertThatThrownBy(() -> Endpoint.parse("listen", "foo"))
                .hasMessage("listen: foo (expected: unix:/path, host:port or [ipv6]:port)");
        assertThatThrownBy(() -> Endpoint.parseTcp("listen", "unix:/a"))
                .hasMessage("listen: unix:/a (expected: host:port)");
    }

    @Test
    void refusesPortsOutOfRange() {
        assertThatThrownBy(() -> Endpoint.parse("host:65536")).hasMessageContaining("0-65535");
        assertThatThrownBy(() -> Endpoint.parse("host:-1")).hasMessageContaining("0-65535");
    }

    @Test
    void refusesPathsThatTheKernelCannotHold() {
        String longest = "/" + "a".repeat(Endpoint.MAX_PATH_BYTES - 1);

        assertThat(new Endpoint.Unix(Path.of(longest)).path()).hasToString(longest);
        assertThatThrownBy(() -> Endpoint.parse("unix:" + longest + "a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("108 bytes")
                .hasMessageContaining("at most 107");
        // Bytes count, not characters.
        assertThatThrownBy(() -> Endpoint.parse("unix:/" + "ä".repeat(54))).hasMessageContaining("109 bytes");
    }

    @Test
    void knowsLoopback() {
        assertThat(new Endpoint.Tcp("127.0.0.1", 1).isLoopback()).isTrue();
        assertThat(new Endpoint.Tcp("127.8.8.8", 1).isLoopback()).isTrue();
        assertThat(new Endpoint.Tcp("::1", 1).isLoopback()).isTrue();
        assertThat(new Endpoint.Tcp("0.0.0.0", 1).isLoopback()).isFalse();
        assertThat(new Endpoint.Tcp("::", 1).isLoopback()).isFalse();
        assertThat(new Endpoint.Tcp("192.0.2.1", 1).isLoopback()).isFalse();
    }

    @Test
    void knowsTransportsByWord() {
        assertThat(Transport.parse("nio")).isEqualTo(Transport.NIO);
        assertThat(Transport.parse("auto")).isEqualTo(Transport.auto());
        assertThat(Transport.NIO.word()).isEqualTo("nio");
        assertThatThrownBy(() -> Transport.parse("uring")).hasMessageContaining("auto, epoll or nio");
    }
}
