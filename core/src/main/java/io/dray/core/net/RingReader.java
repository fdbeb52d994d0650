package io.dray.core.net;

import java.lang.invoke.VarHandle;

/** The end of a ring that reads. For one thread at a time. */
public final class RingReader {
    private final RingMemory memory;
    private long read;

    /** Reads from a ring that nothing was read from. */
    public RingReader(RingMemory memory) {
        this.memory = memory;
    }

    /** Whether a frame may have this length. */
    public boolean takes(int length) {
        return length > 0 && length <= memory.capacity() / 4;
    }

    /**
     * Reads the next bytes, of which the writer has told.
     *
     * @return whether the writer waits to be told that there is room
     * @throws InternalError when the other process has cut the file short
     */
    public boolean read(byte[] target, int length) {
        VarHandle.acquireFence();
        memory.copyOut(read, target, length);
        read += length;
        memory.read(read);
        long awaited = memory.awaited();
        boolean waits = awaited != 0 && read >= awaited;
        if (waits) {
            memory.await(0);
        }
        memory.settle();
        return waits;
    }
}
