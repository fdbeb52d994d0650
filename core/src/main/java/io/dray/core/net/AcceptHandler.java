package io.dray.core.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * First handler of a server channel: gives each accepted channel its {@link Connection}, a socket file its mode, and
 * closes those that are too many.
 */
final class AcceptHandler extends ChannelDuplexHandler {
    private static final Logger LOG = LoggerFactory.getLogger(AcceptHandler.class);

    private final Endpoint endpoint;
    private final int maxConnections;
    private final UnfinishedMessages unfinished;
    /** Connections end on loops of their own. */
    private final AtomicInteger connections = new AtomicInteger();

    private boolean isFull;

    AcceptHandler(Endpoint endpoint, int maxConnections, UnfinishedMessages unfinished) {
        this.endpoint = endpoint;
        this.maxConnections = maxConnections;
        this.unfinished = unfinished;
    }

    @Override
    public void bind(ChannelHandlerContext context, SocketAddress address, ChannelPromise promise) throws Exception {
        if (endpoint instanceof Endpoint.Unix(Path path)) {
            // Whoever may write the socket may connect: better no server than an open one.
            ChannelPromise bound = context.newPromise();
            super.bind(context, address, bound);
            bound.addListener(_ -> protect(path, bound, promise));
            return;
        }
        super.bind(context, address, promise);
    }

    private static void protect(Path path, ChannelPromise bound, ChannelPromise promise) {
        if (!bound.isSuccess()) {
            promise.setFailure(bound.cause());
            return;
        }
        try {
            UnixSocketFile.protect(path);
            promise.setSuccess();
        } catch (IOException e) {
            promise.setFailure(e);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) throws Exception {
        if (accepted instanceof Channel channel) {
            if (connections.get() >= maxConnections) {
                refuse(channel);
                return;
            }
            isFull = false;
            connections.incrementAndGet();
            channel.closeFuture().addListener(_ -> connections.decrementAndGet());
            channel.pipeline().addFirst(new ConnectionHandler(connection(channel), unfinished));
        }
        super.channelRead(context, accepted);
    }

    private void refuse(Channel channel) {
        if (!isFull) {
            isFull = true;
            LOG.atWarn()
                    .addKeyValue("endpoint", endpoint)
                    .log("connections are closed as they come: over {} (expected: at most that many)", maxConnections);
        }
        // Nobody has registered it with a loop yet.
        channel.unsafe().closeForcibly();
    }

    private static Connection connection(Channel channel) {
        SocketAddress remote = channel.remoteAddress();
        String name = remote == null || remote.toString().isEmpty() ? "unix" : remote.toString();
        return Connection.accepted(PeerCredentialsOf.principal(channel), name);
    }
}
