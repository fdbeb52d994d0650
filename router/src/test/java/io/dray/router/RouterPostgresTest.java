package io.dray.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dray.core.config.ConfigLoader;
import io.dray.core.testing.Await;
import io.dray.router.store.PostgresForTests;
import io.dray.router.v1.GetTaskRequest;
import io.dray.router.v1.SubmitTaskRequest;
import io.dray.router.v1.TaskServiceGrpc;
import io.dray.router.v1.TaskServiceGrpc.TaskServiceBlockingStub;
import io.dray.router.v1.TaskSpec;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whole routers on one PostgreSQL. */
class RouterPostgresTest {
    private final PostgresForTests database = new PostgresForTests();
    private final List<ManagedChannel> channels = new ArrayList<>();

    @AfterEach
    void closeChannels() {
        channels.forEach(ManagedChannel::shutdownNow);
    }

    private Router start(String name) throws Exception {
        Map<String, String> settings = Map.of(
                "name", name,
                "listen", "127.0.0.1:0",
                "admin.listen", "127.0.0.1:0",
                "store.url", database.url(),
                "store.user", "postgres",
                "transport", "nio");
        return Router.start(ConfigLoader.load(RouterConfig.class, null, Map.of(), "DRAY_ROUTER", settings), false);
    }

    private TaskServiceBlockingStub tasks(Router router) {
        String listen = router.readyJson().replaceFirst(".*\"listen\":\"([^\"]*)\".*", "$1");
        ManagedChannel channel = Grpc.newChannelBuilder(listen, InsecureChannelCredentials.create())
                .build();
        channels.add(channel);
        return TaskServiceGrpc.newBlockingStub(channel);
    }

    private static String submit(TaskServiceBlockingStub tasks, String key) {
        return tasks.submitTask(SubmitTaskRequest.newBuilder()
                        .setSpec(TaskSpec.newBuilder().setCapability("digest").setIdempotencyKey(key))
                        .build())
                .getTask()
                .getTaskId();
    }

    private static boolean isServed(TaskServiceBlockingStub tasks, String key, String id) {
        try {
            return submit(tasks, key).equals(id);
        } catch (StatusRuntimeException _) {
            return false;
        }
    }

    @Test
    void aSecondRouterStandsByAndServesTheSameTasksWhenTheFirstIsGone() throws Exception {
        Router first = start("a");
        String id = submit(tasks(first), "k");
        try (Router second = start("b")) {
            assertThat(first.readyJson()).doesNotContain("standby");
            assertThat(second.readyJson()).contains("\"standby\":true");
            TaskServiceBlockingStub tasks = tasks(second);
            assertThatThrownBy(() -> submit(tasks, "other")).hasMessageContaining("belongs to router a");

            first.close();

            Await.until("the second serves", () -> isServed(tasks, "k", id));
            assertThat(tasks.getTask(GetTaskRequest.newBuilder().setTaskId(id).build())
                            .getTask()
                            .getSpec()
                            .getIdempotencyKey())
                    .isEqualTo("k");
        }
    }

    @Test
    void aRouterWhosePoolWasTakenTakesNothing() throws Exception {
        try (Router router = start("a")) {
            TaskServiceBlockingStub tasks = tasks(router);
            submit(tasks, "k");

            database.sql("UPDATE pool SET owner = 'c/1', epoch = epoch + 1, expires = now() + interval '1 hour'");

            assertThatThrownBy(() -> submit(tasks, "other")).hasMessageContaining("STORE_FAILED");
            assertThat(database.sql("SELECT count(*) FROM task")).isEqualTo("1");
        }
    }

    @Test
    void itServesOnWhenTheDatabaseHasEndedItsConnections() throws Exception {
        try (Router router = start("a")) {
            TaskServiceBlockingStub tasks = tasks(router);
            String id = submit(tasks, "k");

            database.endConnections();

            Await.until("it serves again", () -> isServed(tasks, "k", id));
            assertThat(submit(tasks, "new")).isNotEqualTo(id);
        }
    }
}
