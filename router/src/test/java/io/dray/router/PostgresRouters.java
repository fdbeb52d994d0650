package io.dray.router;

import io.dray.core.config.ConfigLoader;
import io.dray.core.testing.Await;
import io.dray.router.store.PostgresForTests;
import io.dray.router.v1.AdminServiceGrpc;
import io.dray.router.v1.AdminServiceGrpc.AdminServiceBlockingStub;
import io.dray.router.v1.GetStatusRequest;
import io.dray.router.v1.PoolOwner;
import io.dray.router.v1.SubmitTaskRequest;
import io.dray.router.v1.TaskServiceGrpc;
import io.dray.router.v1.TaskServiceGrpc.TaskServiceBlockingStub;
import io.dray.router.v1.TaskSpec;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Routers that share one PostgreSQL, in this process or another, and the ways to them. */
final class PostgresRouters implements AutoCloseable {
    private final PostgresForTests database = new PostgresForTests();
    private final List<Router> routers = new ArrayList<>();
    private final List<Process> processes = new ArrayList<>();
    private final List<ManagedChannel> channels = new ArrayList<>();

    PostgresForTests database() {
        return database;
    }

    private static Map<String, String> settings(String name, String url) {
        return Map.of(
                "name", name,
                "listen", "127.0.0.1:0",
                "admin.listen", "127.0.0.1:0",
                "store.url", url,
                "store.user", "postgres",
                "transport", "nio");
    }

    Router start(String name) throws Exception {
        return start(name, database.url());
    }

    /** Starts a router that finds the database at another URL. */
    Router start(String name, String url) throws Exception {
        Router router = Router.start(
                ConfigLoader.load(RouterConfig.class, null, Map.of(), "DRAY_ROUTER", settings(name, url)), false);
        routers.add(router);
        return router;
    }

    /** Starts a router as a process of its own; returns what its READY line says. */
    String startProcess(String name) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                RouterMain.class.getName()));
        settings(name, database.url()).forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        processes.add(process);
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        return String.valueOf(out.readLine());
    }

    /** Kills the process that was started last, without a word. */
    void kill() throws InterruptedException {
        Process process = processes.getLast();
        process.destroyForcibly();
        process.waitFor();
    }

    static String listen(String readyJson) {
        return readyJson.replaceFirst(".*\"listen\":\"([^\"]*)\".*", "$1");
    }

    ManagedChannel channel(Router router) {
        return channel(listen(router.readyJson()));
    }

    ManagedChannel channel(String listen) {
        ManagedChannel channel = Grpc.newChannelBuilder(listen, InsecureChannelCredentials.create())
                .build();
        channels.add(channel);
        return channel;
    }

    TaskServiceBlockingStub tasks(Router router) {
        return TaskServiceGrpc.newBlockingStub(channel(router));
    }

    AdminServiceBlockingStub admin(Router router) {
        return AdminServiceGrpc.newBlockingStub(channel(router));
    }

    /** Writes into the pool's row that another router has taken it, for an hour. */
    void ownedBy(String router, String address) throws SQLException {
        database.sql("UPDATE pool SET owner = '" + router + "/1', address = '" + address
                + "', epoch = epoch + 1, expires = now() + interval '1 hour'");
    }

    /** Waits until a router has noticed who owns the pool. */
    void awaitOwner(Router router, String owner) {
        AdminServiceBlockingStub admin = admin(router);
        Await.until("the owner " + owner, () -> owner(admin).getRouter().equals(owner));
    }

    static PoolOwner owner(AdminServiceBlockingStub admin) {
        return admin.getStatus(GetStatusRequest.getDefaultInstance()).getOwner();
    }

    static SubmitTaskRequest request(String key) {
        return SubmitTaskRequest.newBuilder()
                .setSpec(TaskSpec.newBuilder().setCapability("digest").setIdempotencyKey(key))
                .build();
    }

    static String submit(TaskServiceBlockingStub tasks, String key) {
        return tasks.submitTask(request(key)).getTask().getTaskId();
    }

    /** Returns whether a router answers a submission with this id. */
    static boolean isServed(TaskServiceBlockingStub tasks, String key, String id) {
        try {
            return submit(tasks, key).equals(id);
        } catch (StatusRuntimeException _) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        channels.forEach(ManagedChannel::shutdownNow);
        processes.forEach(Process::destroyForcibly);
        for (Router router : routers) {
            router.close();
        }
    }
}
