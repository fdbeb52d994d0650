package io.dray.agent;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The bytes of one frame from the sidecar, in an array that the next frame uses again after {@link #release}. */
final class InFrame {
    /** Larger frames, which hold one large envelope, are not pooled, so that the envelope need not be copied. */
    static final int POOLED_BYTES = 128 * 1024;

    private static final AtomicReference<byte @Nullable []> SPARE = new AtomicReference<>();

    private final byte[] bytes;
    private final int length;

    private InFrame(byte[] bytes, int length) {
        this.bytes = bytes;
        this.length = length;
    }

    /** Reads a whole message of gRPC, whose {@code available()} is its length. */
    static InFrame read(InputStream message) throws IOException {
        int length = message.available();
        InFrame frame = empty(length);
        int got = message.readNBytes(frame.bytes, 0, length);
        if (got != length) {
            throw new IOException("frame: " + got + " bytes (expected: " + length + ")");
        }
        return frame;
    }

    /** Returns a frame to be filled. */
    static InFrame empty(int length) {
        return new InFrame(length > POOLED_BYTES ? new byte[length] : pooled(), length);
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    boolean isPooled() {
        return length <= POOLED_BYTES;
    }

    /** Gives the array away; the caller must not touch it afterwards. */
    void release() {
        if (isPooled()) {
            SPARE.lazySet(bytes);
        }
    }

    private static byte[] pooled() {
        byte[] spare = SPARE.getAndSet(null);
        return spare == null ? new byte[POOLED_BYTES] : spare;
    }
}
