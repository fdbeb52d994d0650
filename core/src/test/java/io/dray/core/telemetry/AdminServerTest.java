package io.dray.core.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdminServerTest {
    private final Meters meters = new Meters();
    private volatile Optional<String> reason = Optional.empty();
    private final HttpClient client = HttpClient.newHttpClient();
    private AdminServer server;

    @BeforeEach
    void start() throws IOException {
        server = AdminServer.start("127.0.0.1", 0, meters, () -> reason);
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
        meters.close();
    }

    @Test
    void servesMeters() throws Exception {
        meters.counter("dray_things", "Things").increment();

        HttpResponse<String> response = get("/metrics");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("dray_things_total 1.0");
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
    }

    @Test
    void isAliveAlsoWhenItIsNotReady() throws Exception {
        assertThat(get("/readyz").statusCode()).isEqualTo(200);

        reason = Optional.of("no router answers");

        assertThat(get("/readyz").statusCode()).isEqualTo(503);
        assertThat(get("/readyz").body()).isEqualTo("no router answers\n");
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
    }

    @Test
    void refusesOtherPathsAndMethods() throws Exception {
        HttpRequest post = HttpRequest.newBuilder(uri("/metrics"))
                .POST(HttpRequest.BodyPublishers.ofString("x"))
                .build();

        assertThat(get("/metrics/x").statusCode()).isEqualTo(404);
        assertThat(client.send(post, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(405);
    }

    @Test
    void listensBeyondLoopbackOnlyWhenAskedTo() throws Exception {
        assertThatThrownBy(() -> AdminServer.start("0.0.0.0", 0, meters, Readiness.ALWAYS))
                .isInstanceOf(BindException.class)
                .hasMessageContaining("--insecure");

        try (AdminServer open =
                AdminServer.start("node-1", new InetSocketAddress("0.0.0.0", 0), true, meters, Readiness.ALWAYS)) {
            assertThat(open.port()).isPositive();
            URI uri = URI.create("http://127.0.0.1:" + open.port() + "/healthz");
            assertThat(client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                            .headers()
                            .firstValue(AdminServer.NODE_HEADER))
                    .contains("node-1");
        }
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://" + server.address() + path);
    }
}
