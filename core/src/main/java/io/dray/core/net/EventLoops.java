package io.dray.core.net;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/** The event loops of one process, all of one transport. Thread-safe; closing waits for them at most two seconds. */
public record EventLoops(EventLoopGroup group, Transport transport) implements AutoCloseable {
    /** Starts loops; their threads are daemons called {@code threadName-1-1} and so on. */
    public static EventLoops start(Transport transport, int loops, String threadName) {
        IoHandlerFactory handlers = switch (transport) {
            case EPOLL -> EpollIoHandler.newFactory();
            case NIO -> NioIoHandler.newFactory();
        };
        var threads = new DefaultThreadFactory(threadName, true);
        return new EventLoops(new MultiThreadIoEventLoopGroup(loops, threads, handlers), transport);
    }

    /** Returns how many loops suit this machine: half its cores, at least one. */
    public static int defaultLoops() {
        return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    }

    /** Returns the next loop, in turn. */
    public EventLoop loop() {
        return group.next();
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
    }
}
