package io.dray.agent;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * One frame to the sidecar, as bytes. A transport mostly copies them while it is given the frame, which can then be
 * filled anew; else it keeps them and the writer takes another frame. Not thread-safe.
 */
final class OutFrame {
    final WireBuffer buffer;
    private @Nullable Bytes handedOut;

    OutFrame(int room) {
        buffer = new WireBuffer(room);
    }

    /** Returns a frame of one message. */
    static OutFrame of(MessageLite message) {
        var frame = new OutFrame(message.getSerializedSize());
        frame.add(message);
        return frame;
    }

    /** Appends the fields of a message. */
    void add(MessageLite message) {
        int length = message.getSerializedSize();
        int at = buffer.claim(length);
        try {
            message.writeTo(CodedOutputStream.newInstance(buffer.bytes(), at, length));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the transport has copied all bytes, so that they may be overwritten. */
    boolean isCopied() {
        return handedOut != null && handedOut.available() == 0;
    }

    /** Starts over with the same array. */
    void clear() {
        buffer.truncate(0);
        handedOut = null;
    }

    /** Gives the bytes to a transport. */
    InputStream stream() {
        var stream = new Bytes(buffer.bytes(), buffer.size());
        handedOut = stream;
        return stream;
    }

    private static final class Bytes extends ByteArrayInputStream implements Drainable, KnownLength {
        Bytes(byte[] bytes, int length) {
            super(bytes, 0, length);
        }

        @Override
        public int drainTo(OutputStream target) throws IOException {
            int left = count - pos;
            target.write(buf, pos, left);
            pos = count;
            return left;
        }
    }
}
