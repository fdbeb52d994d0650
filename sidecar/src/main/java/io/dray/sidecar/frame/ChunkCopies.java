package io.dray.sidecar.frame;

import org.jspecify.annotations.Nullable;

/**
 * Copies ranges of up to 32 KiB one behind the other into pooled chunks, so that keeping them costs neither an array each,
 * which would grow old in the heap before it is garbage, nor the frames they came in. Larger ones get arrays.
 *
 * <p>A chunk goes back to its pool when all its copies are released: meant for queues, whose oldest ranges leave first.
 * Not thread-safe.
 */
public final class ChunkCopies {
    private static final int FIRST_CHUNK_BYTES = 4 * 1024;
    private static final int CHUNK_BYTES = 32 * 1024;
    private static final int LARGE_CHUNK_BYTES = 128 * 1024;
    /** A full chunk wastes less than a quarter of itself. */
    private static final int LEAST_IN_CHUNK = 4;

    private final FramePool pool;
    private @Nullable Frame chunk;
    private int used;
    private int position;

    /** Creates a copier that holds no chunk yet. */
    public ChunkCopies(FramePool pool) {
        this.pool = pool;
    }

    /**
     * Copies one range.
     *
     * @return the frame that holds the copy at {@link #position()}, with a count for the caller
     */
    public Frame copy(Frame frame, int offset, int length) {
        if (length > LARGE_CHUNK_BYTES / LEAST_IN_CHUNK) {
            position = 0;
            return frame.copyOf(offset, length);
        }
        Frame target = chunkFor(length);
        System.arraycopy(frame.bytes(), offset, target.bytes(), used, length);
        target.retain();
        position = used;
        used += length;
        return target;
    }

    /** Where the last copy starts in its frame. */
    public int position() {
        return position;
    }

    /** Lets go of the chunk in use; the next copy starts another, small one. */
    public void rest() {
        if (chunk != null) {
            chunk.release();
            chunk = null;
        }
    }

    private Frame chunkFor(int length) {
        Frame present = chunk;
        if (present != null && used + length <= present.length()) {
            return present;
        }
        // One waiting envelope holds little; a queue that fills takes larger steps.
        int most = length > CHUNK_BYTES / LEAST_IN_CHUNK ? LARGE_CHUNK_BYTES : CHUNK_BYTES;
        int wanted = present == null ? FIRST_CHUNK_BYTES : Math.min(LEAST_IN_CHUNK * present.length(), most);
        int size = Math.max(wanted, powerOfTwoFrom(length));
        rest();
        used = 0;
        Frame next = pool.empty(size);
        chunk = next;
        return next;
    }

    private static int powerOfTwoFrom(int length) {
        return Integer.highestOneBit(Math.max(1, length - 1)) << 1;
    }
}
