package io.dray.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dray.core.config.ConfigLoader;
import io.dray.core.testing.Await;
import io.dray.router.store.StoreException;
import io.dray.router.v1.DirectoryServiceGrpc;
import io.dray.router.v1.GetTaskRequest;
import io.dray.router.v1.JoinRequest;
import io.dray.router.v1.JoinResponse;
import io.dray.router.v1.NodeAnnouncement;
import io.dray.router.v1.TaskServiceGrpc;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class RouterTest {
    @TempDir
    private Path folder = Path.of("");

    private RouterConfig config(Map<String, String> more) throws Exception {
        Map<String, String> settings = new HashMap<>(Map.of(
                "name", "r",
                "listen", "127.0.0.1:0",
                "admin.listen", "127.0.0.1:0",
                "store.path", folder.resolve("router.db").toString(),
                "transport", "nio"));
        settings.putAll(more);
        return ConfigLoader.load(RouterConfig.class, null, Map.of(), "DRAY_ROUTER", settings);
    }

    private static String value(Router router, String key) {
        String json = router.readyJson();
        int start = json.indexOf("\"" + key + "\":\"") + key.length() + 4;
        return json.substring(start, json.indexOf('"', start));
    }

    @Test
    void aConfigurationThatSaysNothingHasTheDefaultsOfTheDesign() throws Exception {
        RouterConfig config = ConfigLoader.load(RouterConfig.class, null, Map.of(), "DRAY_ROUTER");

        assertThat(config.listen()).isEqualTo("127.0.0.1:7400");
        assertThat(config.admin().listen()).isEqualTo("127.0.0.1:7480");
        assertThat(config.pool().lease()).hasSeconds(5);
        assertThat(config.pool().reportInterval()).hasSeconds(1);
        assertThat(config.pool().directoryGrace()).hasSeconds(10);
        assertThat(config.pool().window()).isEqualTo(16);
        assertThat(config.store().retention()).hasDays(7);
    }

    @Test
    void othersReachItWhereItSaysOrListens() throws Exception {
        assertThat(config(Map.of()).reachedAt(7_400)).isEqualTo("127.0.0.1:7400");
        assertThat(config(Map.of("listen", "0.0.0.0:0")).reachedAt(7_400))
                .endsWith(":7400")
                .doesNotContain("0.0.0.0");
        assertThat(config(Map.of("advertise", "router-a:7400")).reachedAt(1)).isEqualTo("router-a:7400");
        assertThatThrownBy(() -> config(Map.of("advertise", "router-a:0")))
                .hasMessageContaining("advertise: router-a:0 (expected: host:port at which others reach this router)");
        assertThatThrownBy(() -> config(Map.of("advertise", "router-a"))).hasMessageContaining("advertise");
    }

    @Test
    void aPostgresTakesThePlaceOfTheFile() throws Exception {
        Map<String, String> url = Map.of("store.url", "jdbc:postgresql://db/tasks", "store.user", "dray");

        assertThat(ConfigLoader.load(RouterConfig.class, null, Map.of(), "DRAY_ROUTER", url)
                        .store()
                        .isPostgres())
                .isTrue();
        assertThatThrownBy(() -> config(url)).hasMessageContaining("expected: not set beside store.url");
        assertThatThrownBy(
                        () -> config(Map.of("store.path", "", "store.url", "jdbc:postgresql://db/t?password=s3cret")))
                .hasMessageContaining("store.url: jdbc:postgresql://db/t carries a user or a password")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void aPasswordFileThatIsNotThereIsNamed() throws Exception {
        Map<String, String> settings =
                Map.of("store.url", "jdbc:postgresql://127.0.0.1:1/tasks", "store.password-file", "/nowhere/password");
        RouterConfig config = ConfigLoader.load(RouterConfig.class, null, Map.of(), "DRAY_ROUTER", settings);

        assertThatThrownBy(() -> Router.start(config, false))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("store.password-file: /nowhere/password cannot be read");
    }

    @Test
    void servesItsAdminPagesAndIsReady() throws Exception {
        try (Router router = Router.start(config(Map.of()), false)) {
            String admin = "http://" + value(router, "admin");

            assertThat(page(admin + "/readyz").statusCode()).isEqualTo(200);
            assertThat(page(admin + "/metrics").body()).contains("dray_tasks{state=\"PENDING\"}");
        }
    }

    @Test
    void aRefusedCallMovesItsCounter() throws Exception {
        try (Router router = Router.start(config(Map.of()), false)) {
            ManagedChannel channel = Grpc.newChannelBuilder(
                            value(router, "listen"), InsecureChannelCredentials.create())
                    .build();
            var request = GetTaskRequest.newBuilder().setTaskId("nothing").build();
            var tasks = TaskServiceGrpc.newBlockingStub(channel);

            assertThatThrownBy(() -> tasks.getTask(request)).hasMessageContaining("NO_SUCH_TASK");

            assertThat(page("http://" + value(router, "admin") + "/metrics").body())
                    .contains("dray_refused_total{code=\"NO_SUCH_TASK\"} 1.0");
            channel.shutdownNow();
        }
    }

    private static HttpResponse<String> page(String uri) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void listeningBeyondLoopbackIsRefusedUnlessItIsWrittenOut() throws Exception {
        RouterConfig open = config(Map.of("listen", "0.0.0.0:0"));

        assertThatThrownBy(() -> Router.start(open, false))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("--insecure");
        Router.start(open, true).close();
    }

    @Test
    void aSecondRouterOnTheSameStoreIsRefused() throws Exception {
        try (Router first = Router.start(config(Map.of()), false)) {
            assertThat(first.readyJson()).contains("\"role\":\"router\"");
            assertThatThrownBy(() -> Router.start(config(Map.of()), false))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("in use by another process");
        }
    }

    @Test
    @Timeout(60)
    void itStopsAtOnceThoughALeaseOfANodeStillRuns() throws Exception {
        Router router = Router.start(config(Map.of("pool.lease", "10m", "pool.directory-grace", "10m")), false);
        ManagedChannel channel = Grpc.newChannelBuilder(value(router, "listen"), InsecureChannelCredentials.create())
                .build();
        AtomicInteger frames = new AtomicInteger();
        StreamObserver<JoinRequest> requests = DirectoryServiceGrpc.newStub(channel)
                .join(new StreamObserver<>() {
                    @Override
                    public void onNext(JoinResponse frame) {
                        frames.incrementAndGet();
                    }

                    @Override
                    public void onError(Throwable failure) {}

                    @Override
                    public void onCompleted() {}
                });
        requests.onNext(JoinRequest.newBuilder()
                .setAnnouncement(NodeAnnouncement.newBuilder()
                        .setVersion(PlayedSidecar.VERSION)
                        .setNode("n")
                        .setIncarnation(1)
                        .setRevision(1))
                .build());
        Await.until("the welcome", () -> frames.get() > 0);
        requests.onCompleted();
        channel.shutdown();
        assertThat(channel.awaitTermination(10, TimeUnit.SECONDS)).isTrue();

        long startNanos = System.nanoTime();
        router.close();

        assertThat(System.nanoTime() - startNanos).isLessThan(TimeUnit.SECONDS.toNanos(4));
    }
}
