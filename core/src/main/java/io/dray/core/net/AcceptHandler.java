package io.dray.core.net;

import io.grpc.Attributes;
import io.grpc.ServerTransportFilter;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * First handler of a server channel: gives each accepted channel its {@link Connection}, and a socket file its mode.
 *
 * <p>gRPC shows its services neither channel nor credentials. But its transport filter runs while the client's
 * SETTINGS are read, inside the read of the handler that is added here; a variable of the thread hands the connection
 * over.
 */
final class AcceptHandler extends ChannelDuplexHandler {
    private static final Logger LOG = LoggerFactory.getLogger(AcceptHandler.class);
    private static final ThreadLocal<AtomicReference<Connection>> READING =
            ThreadLocal.withInitial(AtomicReference::new);

    private final Endpoint endpoint;

    AcceptHandler(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** Puts the connection into the attributes of each call of a transport. */
    static ServerTransportFilter filter() {
        return new ServerTransportFilter() {
            @Override
            public Attributes transportReady(Attributes attributes) {
                Connection connection = READING.get().get();
                if (connection == null) {
                    LOG.error("a transport became ready outside of a read, so its client stays unknown");
                    return attributes;
                }
                return attributes.toBuilder().set(Connection.KEY, connection).build();
            }
        };
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
            channel.pipeline().addFirst(new Reads(connection(channel)));
        }
        super.channelRead(context, accepted);
    }

    private static Connection connection(Channel channel) {
        SocketAddress remote = channel.remoteAddress();
        String name = remote == null || remote.toString().isEmpty() ? "unix" : remote.toString();
        return Connection.accepted(PeerCredentialsOf.principal(channel), name);
    }

    /** First handler of an accepted channel; runs on its event loop. */
    private static final class Reads extends ChannelInboundHandlerAdapter {
        private final Connection connection;

        Reads(Connection connection) {
            this.connection = connection;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
            connection.stamp();
            AtomicReference<Connection> reading = READING.get();
            reading.set(connection);
            try {
                super.channelRead(context, message);
            } finally {
                reading.set(null);
            }
        }
    }
}
