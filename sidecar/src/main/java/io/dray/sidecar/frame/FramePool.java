package io.dray.sidecar.frame;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Byte arrays for received frames, in classes of 4 to 256 KiB; larger frames are not pooled.
 *
 * <p>Without it each routed envelope costs garbage of its own size. Thread-safe; a class may keep all that the pool may,
 * since a flood has frames of one size, and those that are not kept grow old in the heap before they are garbage. When
 * sizes change, the class that holds most makes room.
 */
public final class FramePool {
    private static final int SMALLEST_SHIFT = 12;
    private static final int CLASSES = 7;

    /** Bytes that are kept unless told: what a link and some agents have in flight at a time. */
    public static final int DEFAULT_BYTES = 9 << 20;

    private final byte[][][] free = new byte[CLASSES][][];
    private final int[] counts = new int[CLASSES];
    private final int mostBytes;
    private int keptBytes;

    /** Creates an empty pool of the default size. */
    public FramePool() {
        this(DEFAULT_BYTES);
    }

    /**
     * Creates an empty pool.
     *
     * @param mostBytes what it keeps at most, over all classes; 0 keeps nothing
     */
    public FramePool(int mostBytes) {
        this.mostBytes = mostBytes;
        for (int sizeClass = 0; sizeClass < CLASSES; sizeClass++) {
            free[sizeClass] = new byte[mostBytes >> (SMALLEST_SHIFT + sizeClass)][];
        }
    }

    /**
     * Reads a whole message.
     *
     * @param message a stream whose {@code available()} is its length, as gRPC gives it
     * @return a frame with one holder: the caller
     */
    public Frame read(InputStream message) throws IOException {
        int length = message.available();
        Frame frame = empty(length, System.nanoTime());
        int got = message.readNBytes(frame.bytes(), 0, length);
        if (got != length) {
            throw new IOException("frame: " + got + " bytes (expected: " + length + ")");
        }
        return frame;
    }

    /**
     * Returns a frame to be filled by the caller, its one holder; not pooled if larger than 256 KiB.
     *
     * @param arrivedNanos when what is put in was received
     */
    public Frame empty(int length, long arrivedNanos) {
        int sizeClass = classOf(length);
        return sizeClass < CLASSES
                ? new Frame(take(sizeClass), length, arrivedNanos, this)
                : Frame.of(new byte[length], arrivedNanos);
    }

    /**
     * Returns a frame of the given length to copy ranges to, with one holder: the caller.
     *
     * @param length at most 256 KiB
     */
    public Frame empty(int length) {
        return new Frame(take(classOf(length)), length, 0, this);
    }

    void give(byte[] bytes) {
        int sizeClass = classOf(bytes.length);
        synchronized (this) {
            if (bytes.length <= mostBytes - keptBytes || makeRoom(sizeClass)) {
                free[sizeClass][counts[sizeClass]++] = bytes;
                keptBytes += bytes.length;
            }
        }
    }

    private byte[] take(int sizeClass) {
        byte[] bytes = pooled(sizeClass);
        return bytes != null ? bytes : new byte[1 << (SMALLEST_SHIFT + sizeClass)];
    }

    private synchronized byte @Nullable [] pooled(int sizeClass) {
        if (counts[sizeClass] == 0) {
            return null;
        }
        return last(sizeClass);
    }

    /** Drops arrays of the class that holds most until one of another class fits; false when that one holds as much. */
    private boolean makeRoom(int sizeClass) {
        int wanted = 1 << (SMALLEST_SHIFT + sizeClass);
        while (wanted > mostBytes - keptBytes) {
            int fullest = sizeClass;
            for (int other = 0; other < CLASSES; other++) {
                fullest = keptBytes(other) > keptBytes(fullest) ? other : fullest;
            }
            if (fullest == sizeClass) {
                return false;
            }
            var _ = last(fullest);
        }
        return true;
    }

    private int keptBytes(int sizeClass) {
        return counts[sizeClass] << (SMALLEST_SHIFT + sizeClass);
    }

    private byte[] last(int sizeClass) {
        byte[][] arrays = free[sizeClass];
        int index = --counts[sizeClass];
        byte[] bytes = arrays[index];
        // A pool that still refers to what it does not count keeps more than it may.
        arrays[index] = null;
        keptBytes -= bytes.length;
        return bytes;
    }

    private static int classOf(int length) {
        int shift = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(1, length) - 1);
        return Math.max(0, shift - SMALLEST_SHIFT);
    }
}
