package io.dray.core.net;

import io.dray.core.lifecycle.ListenRefusedException;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.channel.unix.Errors.NativeIoException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Builds gRPC servers on our event loops: Unix sockets or TCP, fixed windows, one-second pings. Stateless. */
public final class GrpcServers {
    private static final int MAX_HEADER_LIST_BYTES = 16 * 1024;
    /** Calls of one connection at a time, streams included; clients keep further ones to themselves until one ends. */
    public static final int MAX_CALLS_PER_CONNECTION = 1024;

    private static final long PERMITTED_PING_MILLIS = 500;

    /** Linux's number for an address that is taken, which Netty does not spell out. */
    private static final int EADDRINUSE = 98;

    private GrpcServers() {}

    /**
     * Prepares a server; the caller adds its services and starts it. A stale socket file is removed, a missing folder
     * is made for the owner alone. All callbacks run on the connection's event loop. A client that leaves a ping
     * unanswered for 5 s is cut off.
     *
     * @throws IOException when the endpoint cannot be served: a live process answers on the socket, the path is no
     *     socket, or the address is beyond loopback and {@code insecure} was not asked for
     */
    public static NettyServerBuilder builder(EventLoops loops, Endpoint endpoint, ServerSettings settings)
            throws IOException {
        check(endpoint, settings);
        NettyServerBuilder builder = NettyServerBuilder.forAddress(Sockets.address(loops.transport(), endpoint))
                .channelFactory(() -> server(loops, endpoint, settings))
                .bossEventLoopGroup(loops.group())
                .workerEventLoopGroup(loops.group())
                .withChildOption(ChannelOption.ALLOCATOR, loops.buffers())
                .directExecutor()
                .flowControlWindow(settings.flowControlWindowBytes())
                .maxInboundMessageSize(settings.maxMessageBytes())
                .maxInboundMetadataSize(MAX_HEADER_LIST_BYTES)
                .maxConcurrentCallsPerConnection(MAX_CALLS_PER_CONNECTION)
                .permitKeepAliveTime(PERMITTED_PING_MILLIS, TimeUnit.MILLISECONDS)
                .permitKeepAliveWithoutCalls(true)
                .addTransportFilter(ConnectionHandler.filter())
                .addStreamTracerFactory(ConnectionHandler.tracers());
        if (endpoint instanceof Endpoint.Unix) {
            asUnixSocket(builder);
        }
        return builder;
    }

    /**
     * Builds and starts a server.
     *
     * @throws IOException when nobody can listen there; it names the endpoint and what to do
     */
    public static Server start(NettyServerBuilder builder, Endpoint endpoint) throws IOException {
        try {
            return builder.build().start();
        } catch (IOException failure) {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            throw new IOException(
                    "cannot listen on " + endpoint + ": " + reason(cause)
                            + " (expected: a free address of this host; stop what listens there or choose another)",
                    failure);
        }
    }

    private static String reason(Throwable cause) {
        boolean isTaken = cause instanceof NativeIoException failure && failure.expectedErr() == -EADDRINUSE;
        return isTaken ? "address already in use" : String.valueOf(cause.getMessage());
    }

    /** Adds the standard health and reflection services; the health of all of it is SERVING at first. */
    public static HealthStatusManager addHealthAndReflection(NettyServerBuilder builder) {
        HealthStatusManager health = new HealthStatusManager();
        builder.addService(health.getHealthService());
        builder.addService(ProtoReflectionServiceV1.newInstance());
        return health;
    }

    private static void check(Endpoint endpoint, ServerSettings settings) throws IOException {
        if (endpoint instanceof Endpoint.Unix unix) {
            UnixSocketFile.prepare(unix.path());
        } else if (endpoint instanceof Endpoint.Tcp tcp && !settings.insecure() && !tcp.isLoopback()) {
            throw new ListenRefusedException("listening on " + tcp + " is beyond loopback without mutual TLS"
                    + " (expected: a loopback address such as 127.0.0.1:" + tcp.port()
                    + ", or --insecure written out)");
        }
    }

    private static ServerChannel server(EventLoops loops, Endpoint endpoint, ServerSettings settings) {
        ServerChannel channel = Sockets.newServer(loops.transport(), endpoint);
        channel.pipeline().addFirst(new AcceptHandler(endpoint, settings.maxConnections(), loops.unfinished()));
        return channel;
    }

    /** gRPC sets keep-alive on every connection, about which a Unix socket warns each time. */
    @SuppressWarnings("NullAway") // Null is how Netty unsets an option.
    private static void asUnixSocket(NettyServerBuilder builder) {
        builder.withChildOption(ChannelOption.SO_KEEPALIVE, null);
        builder.withChildOption(ChannelOption.SO_SNDBUF, Sockets.UNIX_SEND_BUFFER_BYTES);
    }
}
