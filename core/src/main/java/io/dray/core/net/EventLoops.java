package io.dray.core.net;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * The event loops of one process, all of one transport, and the pool that their connections take direct memory from.
 * Thread-safe; closing waits for the loops at most two seconds.
 */
public final class EventLoops implements AutoCloseable {
    /** What the pool takes from the system at a time unless told: gRPC's choice, half of Netty's. */
    public static final int DEFAULT_CHUNK_BYTES = 2 * 1024 * 1024;

    private final EventLoopGroup group;
    private final Transport transport;
    private final PooledByteBufAllocator buffers;
    private final UnfinishedMessages unfinished;

    private EventLoops(
            EventLoopGroup group, Transport transport, PooledByteBufAllocator buffers, UnfinishedMessages unfinished) {
        this.group = group;
        this.transport = transport;
        this.buffers = buffers;
        this.unfinished = unfinished;
    }

    /** Starts loops; their threads are daemons called {@code threadName-1-1} and so on. */
    public static EventLoops start(Transport transport, int loops, String threadName) {
        return start(transport, loops, threadName, DEFAULT_CHUNK_BYTES);
    }

    /**
     * Starts loops with a pool of their own.
     *
     * @param chunkBytes what the pool takes from the system at a time and keeps: 8 KiB times a power of two
     */
    public static EventLoops start(Transport transport, int loops, String threadName, int chunkBytes) {
        var unfinished = new UnfinishedMessages(UnfinishedMessages.Limits.ofProcess());
        return start(transport, loops, threadName, chunkBytes, unfinished);
    }

    /**
     * Starts one loop that callers do the work of while it sleeps, where its transport allows: a {@link DeferredDrain}
     * that is asked for seldom runs on the thread that asks, which so writes to the socket itself.
     */
    public static EventLoops startForCallers(Transport transport, String threadName) {
        return startForCallers(transport, threadName, CallerRunsLoop.QUIET_NANOS);
    }

    static EventLoops startForCallers(Transport transport, String threadName, long quietNanos) {
        var unfinished = new UnfinishedMessages(UnfinishedMessages.Limits.ofProcess());
        if (transport != Transport.EPOLL) {
            return start(transport, 1, threadName, DEFAULT_CHUNK_BYTES, unfinished);
        }
        var threads = new DefaultThreadFactory(threadName, true);
        var group = new MultiThreadIoEventLoopGroup(1, threads, EpollIoHandler.newFactory()) {
            @Override
            protected IoEventLoop newChild(Executor executor, IoHandlerFactory handlers, Object... args) {
                return new CallerRunsLoop(this, executor, handlers, quietNanos);
            }
        };
        // One arena: almost all memory is taken in turns, but each thread would choose an arena with chunks of its own.
        return new EventLoops(group, transport, pool(DEFAULT_CHUNK_BYTES, 1, 1), unfinished);
    }

    static EventLoops start(
            Transport transport, int loops, String threadName, int chunkBytes, UnfinishedMessages unfinished) {
        IoHandlerFactory handlers = switch (transport) {
            case EPOLL -> EpollIoHandler.newFactory();
            case NIO -> NioIoHandler.newFactory();
        };
        var threads = new DefaultThreadFactory(threadName, true);
        var group = new MultiThreadIoEventLoopGroup(loops, threads, handlers);
        int heapArenas = PooledByteBufAllocator.defaultNumHeapArena();
        int directArenas = PooledByteBufAllocator.defaultNumDirectArena();
        return new EventLoops(group, transport, pool(chunkBytes, heapArenas, directArenas), unfinished);
    }

    /** Returns how many loops suit this machine: half its cores, at least one. */
    public static int defaultLoops() {
        return loopsFor(Runtime.getRuntime().availableProcessors());
    }

    /** Returns how many loops suit a machine of so many cores: half of them, at least one. */
    public static int loopsFor(int cores) {
        return Math.max(1, cores / 2);
    }

    /** Returns the loops. */
    public EventLoopGroup group() {
        return group;
    }

    /** Returns what their channels are made of. */
    public Transport transport() {
        return transport;
    }

    /** Returns the pool of their connections. */
    public PooledByteBufAllocator buffers() {
        return buffers;
    }

    /** What connections of servers hold of messages that have not come whole. */
    UnfinishedMessages unfinished() {
        return unfinished;
    }

    /** Returns the next loop, in turn. */
    public EventLoop loop() {
        return group.next();
    }

    /** Returns the direct memory that connections hold now; what threads keep for the next buffer is no part of it. */
    public long activeDirectBytes() {
        return buffers.pinnedDirectMemory();
    }

    /** Returns the direct memory that the pool has from the system, in chunks. */
    public long reservedDirectBytes() {
        return buffers.metric().usedDirectMemory();
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
    }

    private static PooledByteBufAllocator pool(int chunkBytes, int heapArenas, int directArenas) {
        int pageBytes = PooledByteBufAllocator.defaultPageSize();
        return new PooledByteBufAllocator(
                true,
                heapArenas,
                directArenas,
                pageBytes,
                Integer.numberOfTrailingZeros(chunkBytes / pageBytes),
                PooledByteBufAllocator.defaultSmallCacheSize(),
                PooledByteBufAllocator.defaultNormalCacheSize(),
                PooledByteBufAllocator.defaultUseCacheForAllThreads());
    }
}
