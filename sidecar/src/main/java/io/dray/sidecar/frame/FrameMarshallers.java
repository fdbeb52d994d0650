package io.dray.sidecar.frame;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Lets gRPC carry frames as bytes, without parsing them. Thread-safe. */
public final class FrameMarshallers {
    private FrameMarshallers() {}

    /**
     * Returns a server's view of a streaming method: it receives frames and sends outbound ones.
     *
     * @param method the generated descriptor, for its name and type
     */
    public static MethodDescriptor<Frame, OutboundFrame> server(MethodDescriptor<?, ?> method, FramePool pool) {
        return method.toBuilder(new Inbound(pool), new Outbound()).build();
    }

    /** Returns a client's view of a streaming method: it sends outbound frames and receives frames. */
    public static MethodDescriptor<OutboundFrame, Frame> client(MethodDescriptor<?, ?> method, FramePool pool) {
        return method.toBuilder(new Outbound(), new Inbound(pool)).build();
    }

    private record Inbound(FramePool pool) implements Marshaller<Frame> {
        @Override
        public InputStream stream(Frame value) {
            throw new UnsupportedOperationException("received frames are not sent as they are");
        }

        @Override
        public Frame parse(InputStream stream) {
            try {
                return pool.read(stream);
            } catch (IOException e) {
                throw Status.INTERNAL
                        .withDescription("frame not readable")
                        .withCause(e)
                        .asRuntimeException();
            }
        }
    }

    private record Outbound() implements Marshaller<OutboundFrame> {
        @Override
        public InputStream stream(OutboundFrame value) {
            return new FrameStream(value);
        }

        @Override
        public OutboundFrame parse(InputStream stream) {
            throw new UnsupportedOperationException("outbound frames are not received");
        }
    }

    /** Hands the ranges to gRPC's buffer in one go. */
    private static final class FrameStream extends InputStream implements KnownLength, Drainable {
        private final OutboundFrame frame;

        FrameStream(OutboundFrame frame) {
            this.frame = frame;
        }

        @Override
        public int drainTo(OutputStream target) throws IOException {
            return frame.writeTo(target);
        }

        @Override
        public int available() {
            return frame.size();
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException("frames are drained, not read");
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            return read();
        }
    }
}
