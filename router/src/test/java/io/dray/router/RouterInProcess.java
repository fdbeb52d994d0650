package io.dray.router;

import io.dray.core.config.ConfigException;
import io.dray.core.config.ConfigLoader;
import io.dray.router.dispatch.Time;
import io.dray.router.store.SqliteStore;
import io.dray.router.store.Store;
import io.dray.router.store.StoreException;
import io.dray.router.v1.AdminServiceGrpc;
import io.dray.router.v1.TaskServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** A whole router on a real file, served in process; closed like a router. */
final class RouterInProcess implements AutoCloseable {
    private final ScheduledExecutorService dispatcher = Executors.newSingleThreadScheduledExecutor();
    private final ScheduledExecutorService directory = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService storeThread = Executors.newSingleThreadExecutor();
    private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
    private final Store store;
    private final Server server;
    private final ManagedChannel channel;

    RouterInProcess(Path file, Map<String, String> settings) throws StoreException, IOException, ConfigException {
        this(SqliteStore.open(file), settings);
    }

    RouterInProcess(Store opened, Map<String, String> settings) throws StoreException, IOException, ConfigException {
        RouterConfig config =
                ConfigLoader.load(RouterConfig.class, null, Map.of("DRAY_ROUTER_NAME", "r"), "DRAY_ROUTER", settings);
        store = opened;
        Doors doors = Doors.open(
                config,
                store,
                new Doors.Threads(dispatcher, directory, storeThread, calls),
                Time.system(),
                new Doors.Telemetry(new SimpleMeterRegistry(), Map::of),
                RouterInProcess::noOther);
        doors.dispatcher().start().join();
        String name = InProcessServerBuilder.generateName();
        InProcessServerBuilder builder = InProcessServerBuilder.forName(name).directExecutor();
        doors.services().forEach(builder::addService);
        server = builder.build().start();
        channel = InProcessChannelBuilder.forName(name).directExecutor().build();
    }

    private static ManagedChannel noOther(String router) {
        throw new IllegalStateException("the file has one router, not " + router);
    }

    ManagedChannel channel() {
        return channel;
    }

    TaskServiceGrpc.TaskServiceBlockingStub tasks() {
        return TaskServiceGrpc.newBlockingStub(channel);
    }

    AdminServiceGrpc.AdminServiceBlockingStub admin() {
        return AdminServiceGrpc.newBlockingStub(channel);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.shutdownNow();
        calls.shutdownNow();
        dispatcher.shutdownNow();
        directory.shutdownNow();
        storeThread.close();
        store.close();
    }
}
