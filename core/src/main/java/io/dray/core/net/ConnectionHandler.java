package io.dray.core.net;

import io.grpc.Attributes;
import io.grpc.ServerTransportFilter;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * First handler of an accepted channel: stamps its reads, pings a client that is silent for 1 s, and cuts off one that
 * says nothing for 5 s after a ping. Runs on the channel's event loop.
 *
 * <p>gRPC's own pings cannot be more frequent than every 10 s. And gRPC shows its services neither channel nor
 * credentials, but its transport filter runs while the client's SETTINGS are read, inside the read of this handler: a
 * variable of the thread hands the connection over.
 */
final class ConnectionHandler extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionHandler.class);
    private static final ThreadLocal<AtomicReference<Connection>> READING =
            ThreadLocal.withInitial(AtomicReference::new);
    private static final long CHECK_MILLIS = 500;
    private static final long PING_AFTER_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long ANSWER_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(2);
    // The number of gRPC's own pings: it warns of answers to others.
    private static final long PING = 0xDEAD;

    private final Connection connection;
    private @Nullable Future<?> checks;
    private long checkedNanos;
    private boolean pinged;
    private long pingedNanos;

    ConnectionHandler(Connection connection) {
        this.connection = connection;
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
    public void channelActive(ChannelHandlerContext context) throws Exception {
        checkedNanos = System.nanoTime();
        checks = context.executor()
                .scheduleAtFixedRate(() -> check(context), CHECK_MILLIS, CHECK_MILLIS, TimeUnit.MILLISECONDS);
        super.channelActive(context);
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

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        if (checks != null) {
            checks.cancel(false);
        }
        super.channelInactive(context);
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
