package io.dray.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.router.v1.GetTaskRequest;
import io.dray.router.v1.SubmitTaskRequest;
import io.dray.router.v1.TaskServiceGrpc;
import io.dray.router.v1.TaskServiceGrpc.TaskServiceBlockingStub;
import io.dray.router.v1.TaskSpec;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ends a router's process by SIGTERM, as service managers do. */
class RouterSignalTest {
    private static final int TERMINATED = 128 + 15;

    @TempDir
    private Path folder = Path.of("");

    private Process start() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RouterMain.class.getName(),
                        "--set",
                        "listen=127.0.0.1:0",
                        "--set",
                        "admin.listen=127.0.0.1:0",
                        "--set",
                        "store.path=" + folder.resolve("router.db"))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static <R> R ask(Process router, Function<TaskServiceBlockingStub, R> question) throws IOException {
        BufferedReader out = new BufferedReader(new InputStreamReader(router.getInputStream(), StandardCharsets.UTF_8));
        String ready = out.readLine();
        assertThat(ready).startsWith("READY ");
        String listen = ready.replaceFirst(".*\"listen\":\"([^\"]+)\".*", "$1");
        ManagedChannel channel = Grpc.newChannelBuilder(listen, InsecureChannelCredentials.create())
                .build();
        try {
            return question.apply(TaskServiceGrpc.newBlockingStub(channel));
        } finally {
            channel.shutdownNow();
        }
    }

    private static void terminate(Process router) throws InterruptedException {
        router.destroy();
        assertThat(router.waitFor(4, TimeUnit.SECONDS)).as("ended soon").isTrue();
        assertThat(router.exitValue()).isEqualTo(TERMINATED);
    }

    @Test
    @Timeout(60)
    void aRouterThatIsToldToStopClosesItsStoreAndKeepsWhatItAcknowledged() throws Exception {
        Process first = start();
        Process second = null;
        try {
            String id = ask(
                    first,
                    tasks -> tasks.submitTask(SubmitTaskRequest.newBuilder()
                                    .setSpec(TaskSpec.newBuilder().setCapability("digest"))
                                    .build())
                            .getTask()
                            .getTaskId());

            terminate(first);

            // A store that was closed in order has no write-ahead log left.
            assertThat(folder.resolve("router.db-wal")).doesNotExist();
            second = start();
            String found = ask(
                    second,
                    tasks -> tasks.getTask(
                                    GetTaskRequest.newBuilder().setTaskId(id).build())
                            .getTask()
                            .getTaskId());
            assertThat(found).isEqualTo(id);
            terminate(second);
        } finally {
            first.destroyForcibly();
            if (second != null) {
                second.destroyForcibly();
            }
        }
    }
}
