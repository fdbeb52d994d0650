package io.dray.core.net;

import java.lang.invoke.VarHandle;

/** The end of a ring that writes. For one thread at a time. */
public final class RingWriter {
    /** A smaller frame is as fast through a socket, which carries what stands for it anyway. */
    public static final int LEAST_BYTES = 8 * 1024;

    private final RingMemory memory;
    private long written;

    /** Writes to a ring that nothing was written to. */
    public RingWriter(RingMemory memory) {
        this.memory = memory;
    }

    /** Whether a frame of this size goes through the ring, when there is room. */
    public boolean takes(int length) {
        return length <= memory.capacity() / 4;
    }

    /**
     * Whether there is room for a frame of any size that it takes. If not, the reader tells once half of the ring is
     * free.
     *
     * @throws IllegalStateException when the counter of the other process cannot be
     * @throws InternalError when the other process has cut the file short
     */
    public boolean hasRoom() {
        if (isFree()) {
            return true;
        }
        memory.await(written - memory.capacity() / 2);
        // What was read before the reader saw that somebody waits is not told.
        if (isFree()) {
            memory.await(0);
            memory.settle();
            return true;
        }
        return false;
    }

    /** Appends bytes; there has to be room for them. {@link #settle} follows the last ones of a frame. */
    public void write(byte[] bytes, int offset, int length) {
        memory.copyIn(written, bytes, offset, length);
        written += length;
    }

    /**
     * Ends a frame; the reader may be told of it now.
     *
     * @throws InternalError when the other process has cut the file short
     */
    public void settle() {
        VarHandle.releaseFence();
        memory.settle();
    }

    private boolean isFree() {
        long unread = written - memory.read();
        memory.settle();
        if (unread < 0 || unread > memory.capacity()) {
            throw new IllegalStateException("ring: " + unread + " of " + memory.capacity() + " bytes are unread after "
                    + written + " (expected: 0 to " + memory.capacity() + ")");
        }
        return memory.capacity() - unread >= memory.capacity() / 4;
    }
}
