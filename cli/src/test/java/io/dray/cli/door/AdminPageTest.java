package io.dray.cli.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dray.core.telemetry.AdminServer;
import io.dray.core.telemetry.Meters;
import io.dray.core.telemetry.Readiness;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdminPageTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final Meters meters = new Meters();
    private AdminServer server;

    @BeforeEach
    void start() throws IOException {
        server = AdminServer.start("a", ANY_PORT, false, meters, Readiness.ALWAYS);
    }

    @AfterEach
    void close() {
        server.close();
        meters.close();
    }

    @Test
    void opensThePageOfTheNode() throws Exception {
        HttpURLConnection page = AdminPage.open("a", server.address(), "/healthz");

        assertThat(page.getDate()).isPositive();
        page.disconnect();
    }

    @Test
    void takesNoOtherNodesPageForIt() {
        assertThatThrownBy(() -> AdminPage.open("b", server.address(), "/healthz"))
                .isInstanceOf(IOException.class)
                .hasMessage("node a answers there");
    }

    @Test
    void saysWhyItCannotBeRead() {
        String address = server.address();
        assertThatThrownBy(() -> AdminPage.open("a", address, "/nothing")).hasMessage("it answers 404");
        assertThatThrownBy(() -> AdminPage.open("a", "0.0.0.0:" + server.port(), "/healthz"))
                .hasMessageContaining("does not say at which address");
        assertThatThrownBy(() -> AdminPage.open("a", "no-such-host.invalid:1", "/healthz"))
                .hasMessageContaining("no host of this name");
        assertThatThrownBy(() -> AdminPage.open("a", "nonsense", "/healthz")).isInstanceOf(IOException.class);
        server.close();
        assertThatThrownBy(() -> AdminPage.open("a", address, "/healthz")).hasMessageContaining("refused");
    }
}
