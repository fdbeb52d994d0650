package io.dray.bench.pressure;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;

/** The first bytes of a payload of this suite: when the message was due, and its lane. */
final class Stamp {
    static final int BYTES = Long.BYTES + 1;

    private Stamp() {}

    /**
     * Makes a payload.
     *
     * @param dueNanos as {@code System.nanoTime()}, the same in all processes of a machine
     * @param lane 0 (CRITICAL) to 3 (LOW)
     * @param payloadBytes at least {@link #BYTES}
     */
    static byte[] payload(long dueNanos, int lane, int payloadBytes) {
        byte[] payload = new byte[payloadBytes];
        ByteBuffer.wrap(payload).putLong(dueNanos).put((byte) lane);
        return payload;
    }

    static long dueNanos(ByteString payload) {
        return payload.asReadOnlyByteBuffer().getLong();
    }

    static int lane(ByteString payload) {
        return payload.byteAt(Long.BYTES);
    }
}
