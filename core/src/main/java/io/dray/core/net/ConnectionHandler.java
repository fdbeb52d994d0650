package io.dray.core.net;

import io.dray.core.wire.WireLimits;
import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.ServerTransportFilter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * First handler of an accepted channel: stamps its reads, pings a client that is silent for 1 s, and cuts off one that
 * says nothing for 5 s after a ping, or holds most of messages that nobody finishes. Runs on the channel's event
 * loop.
 *
 * <p>gRPC's own pings cannot be more frequent than every 10 s. And gRPC shows its services neither channel nor
 * credentials, but its transport filter runs while the client's SETTINGS are read, inside the read of this handler: a
 * variable of the thread hands the connection over.
 */
final class ConnectionHandler extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionHandler.class);
    private static final ThreadLocal<AtomicReference<ConnectionHandler>> READING =
            ThreadLocal.withInitial(AtomicReference::new);
    private static final long CHECK_MILLIS = 500;
    private static final long PING_AFTER_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long ANSWER_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(2);
    // The number of gRPC's own pings: it warns of answers to others.
    private static final long PING = 0xDEAD;
    private static final int HTTP2_FRAME_BYTES = 16 * 1024;
    private static final ServerStreamTracer NONE = new ServerStreamTracer() {};

    private final Connection connection;
    private final ConnectionUnfinished unfinished;
    private final ConnectionOutflows outflows = new ConnectionOutflows();
    private volatile @Nullable ChannelHandlerContext own;
    private @Nullable ChannelHandlerContext http2;
    private @Nullable Future<?> checks;
    private int excessCalls;
    private long checkedNanos;
    private boolean pinged;
    private long pingedNanos;

    ConnectionHandler(Connection connection, UnfinishedMessages unfinished) {
        this.connection = connection;
        this.unfinished = new ConnectionUnfinished(unfinished, this::cut);
    }

    /** Puts the connection into the attributes of each call of a transport. */
    static ServerTransportFilter filter() {
        return new ServerTransportFilter() {
            @Override
            public Attributes transportReady(Attributes attributes) {
                ConnectionHandler reading = READING.get().get();
                if (reading == null) {
                    LOG.error("a transport became ready outside of a read, so its client stays unknown");
                    return attributes;
                }
                return attributes.toBuilder()
                        .set(Connection.KEY, reading.connection)
                        .build();
            }
        };
    }

    /** Counts the messages of each call that have not come whole. */
    static ServerStreamTracer.Factory tracers() {
        return new ServerStreamTracer.Factory() {
            @Override
            public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
                ConnectionHandler reading = READING.get().get();
                return reading == null ? NONE : reading.tracer();
            }
        };
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
        own = context;
        unfinished.open();
        checkedNanos = System.nanoTime();
        checks = context.executor()
                .scheduleAtFixedRate(() -> check(context), CHECK_MILLIS, CHECK_MILLIS, TimeUnit.MILLISECONDS);
        super.channelActive(context);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        unfinished.reading(message instanceof ByteBuf buffer ? buffer.capacity() : 0, connection.stamp());
        outflows.count();
        AtomicReference<ConnectionHandler> reading = READING.get();
        reading.set(this);
        try {
            super.channelRead(context, message);
        } finally {
            reading.set(null);
        }
        outflows.noteAllowed();
        if (unfinished.hasWhole()) {
            unfinished.endWhole(this::isEnded);
        }
        if (unfinished.excess() != null) {
            endExcessMessages();
        }
        unfinished.tell();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        if (checks != null) {
            checks.cancel(false);
        }
        super.channelInactive(context);
        unfinished.close();
    }

    private void check(ChannelHandlerContext context) {
        long now = System.nanoTime();
        boolean stalled = now - checkedNanos > STALL_NANOS;
        checkedNanos = now;
        long silentNanos = connection.nanosSinceLastRead();
        long sincePingNanos = now - pingedNanos;
        if (silentNanos < PING_AFTER_NANOS) {
            pinged = false;
        } else if (!pinged || stalled || silentNanos < sincePingNanos) {
            // After a stall of this loop the answer may lie unread, so the client gets its time again.
            pinged = true;
            pingedNanos = now;
            ping(context);
        } else if (sincePingNanos >= ANSWER_WITHIN_NANOS) {
            LOG.atInfo().addKeyValue("client", connection).log("cut off: it left a ping unanswered");
            var _ = context.close();
        }
        outflows.count();
        endSlowMessages(now, stalled);
    }

    /** Begins to count what the client takes of a call's answers; any thread. */
    void count(Outflow outflow) {
        onLoop(() -> outflows.add(outflow));
    }

    void countNoMore(Outflow outflow) {
        onLoop(() -> outflows.remove(outflow));
    }

    /** Resets a stream unless it has ended; any thread. */
    void reset(int stream, String why) {
        onLoop(() -> {
            ChannelHandlerContext present = http2;
            if (present == null) {
                return;
            }
            var handler = (Http2ConnectionHandler) present.handler();
            if (handler.connection().stream(stream) != null) {
                reset(stream, handler, present, why);
                present.flush();
            }
        });
    }

    private void endSlowMessages(long now, boolean stalled) {
        unfinished.tell();
        ChannelHandlerContext present = http2;
        if (present == null) {
            return;
        }
        var handler = (Http2ConnectionHandler) present.handler();
        boolean mayGrow = !stalled && hasWindow(handler.connection());
        int ended = 0;
        for (var slow = unfinished.slow(now, mayGrow); slow != null; slow = unfinished.slow(now, mayGrow)) {
            end(slow, handler, present, "the message came too slowly");
            ended++;
        }
        if (ended > 0) {
            present.flush();
        }
        tellEnded(
                ended,
                "its message was begun and grew by less than " + WireLimits.LEAST_BYTES_PER_SECOND + " B a second");
        tellEnded(excessCalls, "the messages that its connection had begun took more than they may");
        excessCalls = 0;
    }

    /** Those that were begun first may go on: so many of an honest client come whole. */
    private void endExcessMessages() {
        ChannelHandlerContext present = http2;
        if (present == null) {
            return;
        }
        var handler = (Http2ConnectionHandler) present.handler();
        for (var excess = unfinished.excess(); excess != null; excess = unfinished.excess()) {
            end(excess, handler, present, "the connection began too much at once");
            excessCalls++;
        }
        present.flush();
    }

    private void end(
            UnfinishedMessage message, Http2ConnectionHandler handler, ChannelHandlerContext context, String why) {
        reset(message.stream(), handler, context, why);
        unfinished.ended(message);
    }

    private static void reset(int stream, Http2ConnectionHandler handler, ChannelHandlerContext context, String why) {
        handler.onError(context, false, Http2Exception.streamError(stream, Http2Error.ENHANCE_YOUR_CALM, why));
    }

    private void tellEnded(int calls, String why) {
        if (calls > 0) {
            LOG.atInfo()
                    .addKeyValue("client", connection)
                    .addKeyValue("calls", calls)
                    .log("calls ended: {}", why);
        }
    }

    /** A call that is not read on takes the window of the whole connection: then nobody else can send either. */
    private static boolean hasWindow(Http2Connection connection) {
        return connection.local().flowController().windowSize(connection.connectionStream()) >= HTTP2_FRAME_BYTES;
    }

    /** Whether the client sends no more on a stream. */
    private boolean isEnded(int id) {
        if (http2 == null) {
            return true;
        }
        Http2Stream stream = ((Http2ConnectionHandler) http2.handler()).connection().stream(id);
        return stream == null || !stream.state().remoteSideOpen();
    }

    /** Called while the headers of a call are read: its stream is the newest. */
    private ServerStreamTracer tracer() {
        ChannelHandlerContext present = http2;
        ChannelHandlerContext context = own;
        if (present == null && context != null) {
            present = context.pipeline().context(Http2ConnectionHandler.class);
            http2 = present;
        }
        if (present == null) {
            return NONE;
        }
        Http2Connection spoken = ((Http2ConnectionHandler) present.handler()).connection();
        outflows.open(spoken);
        return new UnfinishedMessage(
                unfinished, new Outflow(this, spoken.remote().lastStreamCreated()));
    }

    private void cut(String why) {
        ChannelHandlerContext present = own;
        if (present == null) {
            return;
        }
        LOG.atWarn().addKeyValue("client", connection).log("cut off: {}", why);
        onLoop(() -> {
            var _ = present.close();
        });
    }

    private void onLoop(Runnable work) {
        ChannelHandlerContext present = own;
        if (present == null) {
            return;
        }
        if (present.executor().inEventLoop()) {
            work.run();
        } else {
            present.executor().execute(work);
        }
    }

    private static void ping(ChannelHandlerContext context) {
        ChannelHandlerContext http2 = context.pipeline().context(Http2ConnectionHandler.class);
        if (http2 != null) {
            var _ = ((Http2ConnectionHandler) http2.handler())
                    .encoder()
                    .writePing(http2, false, PING, http2.newPromise());
            http2.flush();
        }
    }
}
