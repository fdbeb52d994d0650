package io.dray.router;

import io.dray.core.lifecycle.Closer;
import io.dray.core.net.ChannelSettings;
import io.dray.core.net.Endpoint;
import io.dray.core.net.EventLoops;
import io.dray.core.net.GrpcChannels;
import io.dray.core.net.GrpcServers;
import io.dray.core.net.GuardedService;
import io.dray.core.net.ServerSettings;
import io.dray.core.net.Transport;
import io.dray.core.telemetry.AdminServer;
import io.dray.core.telemetry.Meters;
import io.dray.router.dispatch.Dispatcher;
import io.dray.router.dispatch.Time;
import io.dray.router.store.Store;
import io.dray.router.store.StoreException;
import io.dray.types.v1.Error;
import io.grpc.BindableService;
import io.grpc.Server;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running router: started and stopped on one screen. Closing it is safe from any thread, once. */
public final class Router implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Router.class);
    private static final int DRAIN_SECONDS = 5;

    private final Closer closer;
    private final Dispatcher dispatcher;
    private final String readyJson;

    private Router(Closer closer, Dispatcher dispatcher, String readyJson) {
        this.closer = closer;
        this.dispatcher = dispatcher;
        this.readyJson = readyJson;
    }

    /** Starts a router; returns when it serves. */
    public static Router start(RouterConfig config, boolean insecure) throws StoreException, IOException {
        Closer closer = new Closer();
        try {
            return start(config, insecure, closer);
        } catch (StoreException | IOException | RuntimeException failure) {
            closer.close();
            throw failure;
        }
    }

    private static Router start(RouterConfig config, boolean insecure, Closer closer)
            throws StoreException, IOException {
        Meters meters = closer.register(new Meters());
        Store store = closer.register(Stores.open(config));
        Doors.Threads threads = threads(closer);
        EventLoops loops = closer.register(
                EventLoops.start(Transport.parse(config.transport()), EventLoops.defaultLoops(), "router-loop"));
        Doors doors = Doors.open(
                config,
                store,
                threads,
                Time.system(),
                new Doors.Telemetry(meters.registry(), meters::values),
                router -> GrpcChannels.open(loops, Endpoint.parse(router), ChannelSettings.forPeers()));
        closer.register(doors.lines());
        boolean serves = await(doors.dispatcher());

        Endpoint listen = Endpoint.parse("listen", config.listen());
        var builder = GrpcServers.builder(loops, listen, ServerSettings.forPeers(insecure));
        for (BindableService service : doors.services()) {
            builder.addService(GuardedService.of(service, error -> refused(meters, error)));
        }
        var health = GrpcServers.addHealthAndReflection(builder);
        Server server = GrpcServers.start(builder, listen);
        closer.register(() -> stop(server));
        closer.register(health::enterTerminalState);
        // Only now the port is known, and only now somebody answers there.
        doors.leadership().advertise(config.reachedAt(server.getPort()));

        Endpoint.Tcp adminAt = Endpoint.parseTcp("admin.listen", config.admin().listen());
        AdminServer admin = closer.register(
                AdminServer.start(config.name(), adminAt.address(), insecure, meters, () -> whyNotReady(doors)));
        return new Router(closer, doors.dispatcher(), readyJson(config, at(listen, server), admin.address(), serves));
    }

    private static void refused(Meters meters, Error error) {
        String code = error.getCode().name().substring("CODE_".length());
        meters.counter("dray_refused", "Refusals that ended calls", "code", code)
                .increment();
    }

    private static Doors.Threads threads(Closer closer) {
        return new Doors.Threads(
                closeLast(closer, scheduler("router-dispatcher")),
                closeLast(closer, scheduler("router-directory")),
                closeLast(closer, Executors.newSingleThreadExecutor(thread("router-store"))),
                closeLast(closer, Executors.newVirtualThreadPerTaskExecutor()));
    }

    private static ScheduledThreadPoolExecutor scheduler(String name) {
        ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1, thread(name));
        // Else the end of the router waits for the leases of nodes that left.
        scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return scheduler;
    }

    private static ThreadFactory thread(String name) {
        return Thread.ofPlatform().daemon().name(name).factory();
    }

    /** Ends with the closer: what was handed over already is still run, what is scheduled is not. */
    private static <E extends ExecutorService> E closeLast(Closer closer, E executor) {
        closer.register(() -> {
            executor.shutdown();
            if (!executor.awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS)) {
                executor.shutdownNow();
            }
        });
        return executor;
    }

    private static boolean await(Dispatcher dispatcher) throws StoreException {
        try {
            return dispatcher.start().get();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new StoreException("reading the store was interrupted");
        } catch (ExecutionException failure) {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            throw new StoreException("reading the store failed: " + cause.getMessage(), failure);
        }
    }

    private static Optional<String> whyNotReady(Doors doors) {
        if (doors.leadership().elsewhere().isPresent()) {
            // Calls are forwarded there.
            return Optional.empty();
        }
        try {
            return doors.dispatcher().isOpen().get(1, TimeUnit.SECONDS)
                    ? Optional.empty()
                    : Optional.of("the store cannot be read or written, or no router is known to own it");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        } catch (ExecutionException | TimeoutException failure) {
            return Optional.of("the dispatcher does not answer: " + failure);
        }
    }

    private static void stop(Server server) throws InterruptedException {
        server.shutdown();
        if (!server.awaitTermination(2, TimeUnit.SECONDS)) {
            server.shutdownNow();
        }
    }

    private static String at(Endpoint listen, Server server) {
        return listen instanceof Endpoint.Tcp(String host, int _)
                ? new Endpoint.Tcp(host, server.getPort()).toString()
                : listen.toString();
    }

    private static String readyJson(RouterConfig config, String listen, String admin, boolean serves) {
        return "{\"role\":\"router\",\"name\":\"%s\",\"listen\":\"%s\",\"admin\":\"%s\",\"transport\":\"%s\",\"pid\":%d%s}"
                .formatted(
                        config.name(),
                        listen,
                        admin,
                        Transport.parse(config.transport()).word(),
                        ProcessHandle.current().pid(),
                        serves ? "" : ",\"standby\":true");
    }

    /** Returns what the READY line says. */
    public String readyJson() {
        return readyJson;
    }

    /** Lets what is committing finish, then ends all streams and closes everything. */
    @Override
    public void close() throws IOException {
        try {
            dispatcher.drain().get(DRAIN_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException failure) {
            LOGGER.atWarn().setCause(failure).log("Draining did not end in time; what was acknowledged is stored");
        }
        closer.close();
    }
}
