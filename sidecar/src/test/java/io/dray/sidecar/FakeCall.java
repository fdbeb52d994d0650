package io.dray.sidecar;

import io.dray.core.wire.MeshError;
import io.dray.sidecar.frame.Frame;
import io.dray.sidecar.frame.OutboundFrame;
import io.dray.types.v1.Error;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The server's side of a stream whose client is the test. */
final class FakeCall extends ServerCall<Frame, OutboundFrame> {
    private final List<byte[]> sent = new ArrayList<>();
    private @Nullable Status status;
    private Metadata trailers = new Metadata();
    private int requested;
    boolean ready = true;
    boolean faulty;

    /** Frames that were sent to the client. */
    List<byte[]> sent() {
        return sent;
    }

    /** Frames that were asked for. */
    int requested() {
        return requested;
    }

    boolean isOpen() {
        return status == null;
    }

    /** The error that the stream ended with. */
    Error error() {
        if (status == null) {
            throw new AssertionError("the stream is still up");
        }
        return MeshError.from(status.asRuntimeException(trailers));
    }

    @Override
    public void request(int count) {
        requested += count;
    }

    @Override
    public void sendHeaders(Metadata headers) {
        // Nobody reads them.
    }

    @Override
    public void sendMessage(OutboundFrame frame) {
        if (faulty) {
            throw new IllegalStateException("planted");
        }
        sent.add(frame.toByteArray());
    }

    @Override
    public void close(Status how, Metadata with) {
        if (status != null) {
            throw new IllegalStateException("closed twice");
        }
        status = how;
        trailers = with;
    }

    @Override
    public boolean isReady() {
        return ready;
    }

    @Override
    public boolean isCancelled() {
        return false;
    }

    @Override
    public MethodDescriptor<Frame, OutboundFrame> getMethodDescriptor() {
        throw new UnsupportedOperationException("nobody asks");
    }
}
