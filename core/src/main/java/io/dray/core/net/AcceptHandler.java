package io.dray.core.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;

/** First handler of a server channel: gives each accepted channel its {@link Connection}, a socket file its mode. */
final class AcceptHandler extends ChannelDuplexHandler {
    private final Endpoint endpoint;

    AcceptHandler(Endpoint endpoint) {
        this.endpoint = endpoint;
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
            channel.pipeline().addFirst(new ConnectionHandler(connection(channel)));
        }
        super.channelRead(context, accepted);
    }

    private static Connection connection(Channel channel) {
        SocketAddress remote = channel.remoteAddress();
        String name = remote == null || remote.toString().isEmpty() ? "unix" : remote.toString();
        return Connection.accepted(PeerCredentialsOf.principal(channel), name);
    }
}
