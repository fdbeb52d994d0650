package io.dray.sidecar.frame;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one received gRPC message, shared by the envelopes cut out of it.
 *
 * <p>Counted: whoever keeps a range retains the frame and releases it once; the last release gives pooled bytes back.
 * A range is written once, before it is published, so any thread may read it while it holds a count.
 */
public final class Frame {
    private final byte[] bytes;
    private final int length;
    private final long arrivedNanos;
    private final @Nullable FramePool pool;
    private final AtomicInteger holders = new AtomicInteger(1);

    Frame(byte[] bytes, int length, long arrivedNanos, @Nullable FramePool pool) {
        this.bytes = bytes;
        this.length = length;
        this.arrivedNanos = arrivedNanos;
        this.pool = pool;
    }

    /** Wraps bytes that belong to nobody else; never pooled. */
    public static Frame of(byte[] bytes, long arrivedNanos) {
        return new Frame(bytes, bytes.length, arrivedNanos, null);
    }

    /** The array behind the frame; only {@code [0, length())} is the frame's. */
    public byte[] bytes() {
        return bytes;
    }

    /** Length of the frame in bytes. */
    public int length() {
        return length;
    }

    /** When it was received, on the scale of {@link System#nanoTime()}. */
    public long arrivedNanos() {
        return arrivedNanos;
    }

    /** Whether the bytes go back to a pool, so that a small range must not hold them for long. */
    public boolean pooled() {
        return pool != null;
    }

    /** Adds a holder. */
    public void retain() {
        holders.incrementAndGet();
    }

    /** Removes a holder; the caller must not touch the bytes afterwards. */
    public void release() {
        int left = holders.decrementAndGet();
        if (left == 0 && pool != null) {
            pool.give(bytes);
        }
        if (left < 0) {
            throw new IllegalStateException("holders: " + left + " (expected: >= 0); a frame was released twice");
        }
    }

    /** Returns an unpooled frame with a copy of one range, as old as this one. */
    public Frame copyOf(int offset, int count) {
        byte[] copy = new byte[count];
        System.arraycopy(bytes, offset, copy, 0, count);
        return new Frame(copy, count, arrivedNanos, null);
    }
}
