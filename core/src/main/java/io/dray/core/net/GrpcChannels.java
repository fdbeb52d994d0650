package io.dray.core.net;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;

/** Opens gRPC channels on our event loops, each pinned to one loop. Stateless. */
public final class GrpcChannels {
    private static final int MAX_HEADER_LIST_BYTES = 16 * 1024;
    // The shortest that gRPC allows to clients; servers ping more often by themselves.
    private static final long PING_AFTER_IDLE_SECONDS = 10;
    private static final long PING_TIMEOUT_SECONDS = 5;

    private GrpcChannels() {}

    /**
     * Opens a channel that connects on first use, with fixed windows and no retries of its own. All callbacks run on
     * the channel's event loop. The caller shuts it down.
     */
    public static ManagedChannel open(EventLoops loops, Endpoint endpoint, ChannelSettings settings) {
        return open(loops, loops.loop(), endpoint, settings);
    }

    /** Opens a channel like {@link #open(EventLoops, Endpoint, ChannelSettings)} on a loop of the caller's choice. */
    public static ManagedChannel open(EventLoops loops, EventLoop loop, Endpoint endpoint, ChannelSettings settings) {
        NettyChannelBuilder builder = builder(loops.transport(), endpoint)
                .channelFactory(() -> Sockets.newClient(loops.transport(), endpoint))
                .eventLoopGroup(loop)
                .withOption(ChannelOption.ALLOCATOR, loops.buffers())
                .directExecutor()
                .usePlaintext()
                .disableRetry()
                // A proxy of the environment must not come between host and host.
                .proxyDetector(_ -> null)
                .flowControlWindow(settings.flowControlWindowBytes())
                .maxInboundMessageSize(settings.maxMessageBytes())
                .maxInboundMetadataSize(MAX_HEADER_LIST_BYTES)
                .keepAliveTime(PING_AFTER_IDLE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(PING_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        if (endpoint instanceof Endpoint.Unix) {
            asUnixSocket(builder);
        }
        return builder.build();
    }

    private static NettyChannelBuilder builder(Transport transport, Endpoint endpoint) {
        return switch (endpoint) {
            case Endpoint.Unix unix ->
                NettyChannelBuilder.forAddress(Sockets.address(transport, unix)).overrideAuthority("localhost");
            // By name, so that each attempt asks for its address again.
            case Endpoint.Tcp tcp -> NettyChannelBuilder.forAddress(tcp.host(), tcp.port());
        };
    }

    /** gRPC sets keep-alive on every connection, about which a Unix socket warns each time. */
    @SuppressWarnings("NullAway") // Null is how Netty unsets an option.
    private static void asUnixSocket(NettyChannelBuilder builder) {
        builder.withOption(ChannelOption.SO_KEEPALIVE, null);
        builder.withOption(ChannelOption.SO_SNDBUF, Sockets.UNIX_SEND_BUFFER_BYTES);
    }
}
