package io.dray.core.net;

import io.grpc.Context;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * The message of one call that has not come whole, or is the only one and its client has not said so. gRPC says each piece
 * when it takes it out of a DATA frame, behind the five bytes of its prefix, and the whole when it has it; both on the
 * connection's loop, which owns this. It is gRPC's only word with a call, so it hands over the call's outflow too.
 */
final class UnfinishedMessage extends ServerStreamTracer {
    private final ConnectionUnfinished connection;
    private final Outflow outflow;

    @Nullable
    UnfinishedMessage previous;

    @Nullable
    UnfinishedMessage next;

    /** What its pieces count; 0 while there is none. */
    long charged;

    /** What has come since it was looked at. */
    long grownBytes;

    long checkedNanos;

    /** It has come whole, but gRPC keeps it until its client sends no more. */
    boolean isWhole;

    private boolean isOnlyOne;

    UnfinishedMessage(ConnectionUnfinished connection, Outflow outflow) {
        this.connection = connection;
        this.outflow = outflow;
    }

    int stream() {
        return outflow.stream();
    }

    @Override
    public Context filterContext(Context context) {
        return outflow.in(context);
    }

    @Override
    public void serverCallStarted(ServerCallInfo<?, ?> call) {
        isOnlyOne = call.getMethodDescriptor().getType().clientSendsOneMessage();
    }

    @Override
    public void inboundWireSize(long bytes) {
        connection.grown(this, bytes);
    }

    @Override
    public void inboundMessageRead(int number, long wireBytes, long bytes) {
        if (isOnlyOne) {
            connection.whole(this);
        } else {
            connection.ended(this);
        }
    }

    @Override
    public void streamClosed(Status status) {
        connection.ended(this);
        outflow.closed();
    }
}
