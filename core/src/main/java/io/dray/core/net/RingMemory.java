package io.dray.core.net;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A file that two processes of a host map: bytes that one of them writes, round and round, and two counters.
 *
 * <pre>
 *   at 0     8 bytes, little endian: bytes read since the ring was made; by the reader
 *   at 64    8 bytes, little endian: how many have to be read before the writer wants to be told; 0: it does not wait
 *   at 4096  the bytes; the Nth that is written lies at 4096 + N modulo capacity
 * </pre>
 *
 * <p>That there is something to read, and how much, is told by other means, which also order the accesses. For one thread
 * at a time; the other process is not trusted with more than the bytes.
 */
public final class RingMemory implements AutoCloseable {
    static final int HEADER_BYTES = 4096;

    private static final ValueLayout.OfLong COUNTER = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle COUNTERS = COUNTER.varHandle();
    private static final long READ = 0;
    private static final long AWAITED = 64;
    private static final int PIECE_BYTES = 64 * 1024;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;
    private final int capacity;

    private RingMemory(FileChannel channel, int capacity) throws IOException {
        this.capacity = capacity;
        try {
            memory = channel.map(MapMode.READ_WRITE, 0, HEADER_BYTES + (long) capacity, arena);
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /**
     * Makes a file that this user alone may open, with all its memory: what is lacking shows now, not when it is written.
     *
     * @param file one that does not exist
     * @param capacity bytes that may be written ahead of the reader, a power of two
     * @throws IOException when it cannot be made
     */
    public static RingMemory create(Path file, int capacity) throws IOException {
        if (capacity <= 0 || Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity: " + capacity + " (expected: a power of two)");
        }
        var mine = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(file, options, mine)) {
            var zeros = ByteBuffer.allocate(PIECE_BYTES);
            for (long left = HEADER_BYTES + (long) capacity; left > 0; left -= zeros.position()) {
                var _ = zeros.clear().limit((int) Math.min(PIECE_BYTES, left));
                while (zeros.hasRemaining()) {
                    channel.write(zeros);
                }
            }
            return new RingMemory(channel, capacity);
        }
    }

    /**
     * Opens one that another process made.
     *
     * @param capacity as it was made with
     * @throws IOException when it cannot be opened, or is smaller
     */
    public static RingMemory open(Path file, int capacity) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (capacity <= 0 || Integer.bitCount(capacity) != 1 || channel.size() != HEADER_BYTES + (long) capacity) {
                throw new IOException(file + ": " + channel.size() + " bytes (expected: " + HEADER_BYTES + " + "
                        + capacity + ", a power of two)");
            }
            return new RingMemory(channel, capacity);
        }
    }

    @Override
    public void close() {
        arena.close();
    }

    int capacity() {
        return capacity;
    }

    long read() {
        return (long) COUNTERS.getVolatile(memory, READ);
    }

    void read(long count) {
        COUNTERS.setVolatile(memory, READ, count);
    }

    long awaited() {
        return (long) COUNTERS.getVolatile(memory, AWAITED);
    }

    void await(long count) {
        COUNTERS.setVolatile(memory, AWAITED, count);
    }

    /**
     * Throws what the accesses before it met when the file was cut short: the JVM tells a compiled access of that only
     * when its thread comes by a safepoint, which may be in the work of somebody else. A native call is one.
     *
     * @throws InternalError when there was no memory
     */
    void settle() {
        var _ = Thread.holdsLock(this);
    }

    void copyIn(long position, byte[] from, int offset, int length) {
        int at = (int) (position & (capacity - 1));
        int first = Math.min(length, capacity - at);
        MemorySegment.copy(from, offset, memory, ValueLayout.JAVA_BYTE, HEADER_BYTES + (long) at, first);
        MemorySegment.copy(from, offset + first, memory, ValueLayout.JAVA_BYTE, HEADER_BYTES, length - first);
    }

    void copyOut(long position, byte[] to, int length) {
        int at = (int) (position & (capacity - 1));
        int first = Math.min(length, capacity - at);
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, HEADER_BYTES + (long) at, to, 0, first);
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, HEADER_BYTES, to, first, length - first);
    }
}
