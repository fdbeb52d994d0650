package io.dray.core.net;

import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import java.io.IOException;

/** Builds gRPC servers on our event loops: Unix sockets or TCP, fixed windows, one-second pings. */
@SuppressWarnings("DoNotCallSuggester") // Bodies follow.
public final class GrpcServers {
    private GrpcServers() {}

    /**
     * Prepares a server; the caller adds its services and starts it. A stale socket file is removed, a missing folder
     * is made for the owner alone. All callbacks run on the connection's event loop.
     *
     * @throws IOException when the endpoint cannot be served: a live process answers on the socket, the path is no
     *     socket, or the address is beyond loopback and {@code insecure} was not asked for
     */
    public static NettyServerBuilder builder(EventLoops loops, Endpoint endpoint, ServerSettings settings)
            throws IOException {
        throw new UnsupportedOperationException("not yet");
    }

    /** Adds the standard health and reflection services; the health of all of it is SERVING at first. */
    public static HealthStatusManager addHealthAndReflection(NettyServerBuilder builder) {
        throw new UnsupportedOperationException("not yet");
    }
}
