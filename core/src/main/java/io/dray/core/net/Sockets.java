package io.dray.core.net;

import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/** Which of Netty's channels and addresses serve a transport and an endpoint. Stateless. */
final class Sockets {
    /**
     * Linux does not tune Unix sockets as it does TCP: with its default of 208 KiB, of which a frame takes half as much
     * again, each side waits for the other at every second frame. It grants twice this, or twice net.core.wmem_max.
     */
    static final int UNIX_SEND_BUFFER_BYTES = 1024 * 1024;

    private Sockets() {}

    static ServerChannel newServer(Transport transport, Endpoint endpoint) {
        return switch (transport) {
            case EPOLL -> isUnix(endpoint) ? new EpollServerDomainSocketChannel() : new EpollServerSocketChannel();
            case NIO -> isUnix(endpoint) ? new NioServerDomainSocketChannel() : new NioServerSocketChannel();
        };
    }

    static Channel newClient(Transport transport, Endpoint endpoint) {
        return switch (transport) {
            case EPOLL -> isUnix(endpoint) ? new EpollDomainSocketChannel() : new EpollSocketChannel();
            case NIO -> isUnix(endpoint) ? new NioDomainSocketChannel() : new NioSocketChannel();
        };
    }

    static SocketAddress address(Transport transport, Endpoint endpoint) {
        if (endpoint instanceof Endpoint.Tcp(String host, int port)) {
            return new InetSocketAddress(host, port);
        }
        Path path = ((Endpoint.Unix) endpoint).path();
        return switch (transport) {
            case EPOLL -> new DomainSocketAddress(path.toFile());
            case NIO -> UnixDomainSocketAddress.of(path);
        };
    }

    /** No switch over types: each of them makes a class at each start, which no AOT cache holds. */
    private static boolean isUnix(Endpoint endpoint) {
        return endpoint instanceof Endpoint.Unix;
    }
}
