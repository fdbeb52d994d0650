package io.dray.router;

import io.dray.core.lifecycle.Closer;
import io.dray.core.net.Endpoint;
import io.dray.core.net.EventLoops;
import io.dray.core.net.GrpcServers;
import io.dray.core.net.ServerSettings;
import io.dray.core.net.Transport;
import io.dray.core.telemetry.AdminServer;
import io.dray.core.telemetry.Meters;
import io.dray.core.telemetry.Readiness;
import io.dray.router.store.StoreException;
import io.grpc.Server;
import java.io.IOException;

/** A running router: started and stopped on one screen. Closing it is safe from any thread, once. */
public final class Router implements AutoCloseable {
    private final RouterConfig config;
    private final Closer closer;
    private final Server server;
    private final AdminServer admin;

    private Router(RouterConfig config, Closer closer, Server server, AdminServer admin) {
        this.config = config;
        this.closer = closer;
        this.server = server;
        this.admin = admin;
    }

    /** Starts to serve; returns when it does. */
    public static Router start(RouterConfig config, boolean insecure) throws StoreException, IOException {
        Closer closer = new Closer();
        Meters meters = closer.register(new Meters());
        EventLoops loops = closer.register(EventLoops.start(
                Transport.parse(config.transport()), EventLoops.defaultLoops(), "router-loop"));
        var builder = GrpcServers.builder(loops, Endpoint.parse(config.listen()), ServerSettings.forPeers(insecure));
        GrpcServers.addHealthAndReflection(builder);
        Server server = builder.build().start();
        closer.register(server::shutdownNow);
        var adminAt = (Endpoint.Tcp) Endpoint.parse(config.admin().listen());
        AdminServer admin =
                closer.register(AdminServer.start(adminAt.host(), adminAt.port(), meters, Readiness.ALWAYS));
        return new Router(config, closer, server, admin);
    }

    /** Returns what the READY line says. */
    String readyJson() {
        var listen = (Endpoint.Tcp) Endpoint.parse(config.listen());
        return "{\"role\":\"router\",\"name\":\"%s\",\"listen\":\"%s\",\"admin\":\"%s\",\"pid\":%d}"
                .formatted(
                        config.name(),
                        new Endpoint.Tcp(listen.host(), server.getPort()),
                        admin.address(),
                        ProcessHandle.current().pid());
    }

    @Override
    public void close() throws IOException {
        closer.close();
    }
}
