package io.dray.sidecar.frame;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * A frame about to be sent: ranges of bytes that others own, in order.
 *
 * <p>Reused by one stream: gRPC copies the bytes while {@code sendMessage} runs, so the owner clears it, and lets go of
 * the ranges, right afterwards. Not thread-safe.
 */
public final class OutboundFrame {
    /** What takes ranges of bytes. */
    public interface Ranges {
        /** Takes one range. */
        void take(byte[] bytes, int offset, int length);
    }

    private static final byte[] EMPTY = new byte[0];

    private byte[][] parts = new byte[16][];
    private int[] offsets = new int[16];
    private int[] lengths = new int[16];
    private int count;
    private int size;

    /** Returns a frame of bytes that nobody changes. */
    public static OutboundFrame of(byte[] bytes) {
        var frame = new OutboundFrame();
        frame.add(bytes, 0, bytes.length);
        return frame;
    }

    /** Appends a range; one that continues the range before it costs nothing when the frame is written. */
    @SuppressWarnings("ReferenceEquality") // the same array is meant, not equal bytes
    public void add(byte[] bytes, int offset, int length) {
        int last = count - 1;
        size += length;
        if (last >= 0 && parts[last] == bytes && offsets[last] + lengths[last] == offset) {
            lengths[last] += length;
            return;
        }
        if (count == parts.length) {
            grow();
        }
        parts[count] = bytes;
        offsets[count] = offset;
        lengths[count++] = length;
    }

    /** Length in bytes. */
    public int size() {
        return size;
    }

    /** Forgets all ranges. */
    public void clear() {
        Arrays.fill(parts, 0, count, EMPTY);
        count = 0;
        size = 0;
    }

    /** Passes all ranges on, in order. */
    public void eachRange(Ranges target) {
        for (int i = 0; i < count; i++) {
            target.take(parts[i], offsets[i], lengths[i]);
        }
    }

    /** Returns the frame as one array. */
    public byte[] toByteArray() {
        byte[] all = new byte[size];
        copyTo(all, 0);
        return all;
    }

    /** Copies the frame to an array that has room for {@link #size()} bytes from the position. */
    public void copyTo(byte[] target, int position) {
        int at = position;
        for (int i = 0; i < count; i++) {
            System.arraycopy(parts[i], offsets[i], target, at, lengths[i]);
            at += lengths[i];
        }
    }

    int writeTo(OutputStream target) throws IOException {
        for (int i = 0; i < count; i++) {
            target.write(parts[i], offsets[i], lengths[i]);
        }
        return size;
    }

    private void grow() {
        parts = Arrays.copyOf(parts, count * 2);
        offsets = Arrays.copyOf(offsets, count * 2);
        lengths = Arrays.copyOf(lengths, count * 2);
    }
}
