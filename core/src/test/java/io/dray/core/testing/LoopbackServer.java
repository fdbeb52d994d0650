package io.dray.core.testing;

import io.dray.core.net.Endpoint;
import io.dray.core.net.EventLoops;
import io.dray.core.net.GrpcServers;
import io.dray.core.net.ServerSettings;
import io.grpc.BindableService;
import io.grpc.Server;
import java.io.IOException;

/** Starts a played server for tests of clients, as a sidecar's agent door is served. */
public final class LoopbackServer {
    private LoopbackServer() {}

    /** Serves on a free port of 127.0.0.1; the caller ends the server and the loops. */
    public static Server start(EventLoops loops, BindableService service) throws IOException {
        return GrpcServers.builder(loops, Endpoint.parse("127.0.0.1:0"), ServerSettings.forAgents(false))
                .addService(service)
                .build()
                .start();
    }
}
