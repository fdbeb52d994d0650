package io.dray.core.wire;

import io.dray.types.v1.Error;
import org.jspecify.annotations.Nullable;

/**
 * Zstandard over whole frames, level 1, with contexts of its own that are reused. Belongs to one thread; event loops
 * take theirs from {@link #ofThread}.
 */
@SuppressWarnings("DoNotCallSuggester") // Bodies follow.
public final class ZstdFrames implements AutoCloseable {
    /** Raw bytes per compressed byte that are believed at most. */
    public static final int MAX_RATIO = 1000;

    /** Bytes of the largest window that a frame may ask for. */
    public static final long MAX_WINDOW_BYTES = 8L * 1024 * 1024;

    /** Returns the instance of the calling event loop; it is closed when the loop's thread ends. */
    public static ZstdFrames ofThread() {
        throw new UnsupportedOperationException("not yet");
    }

    /** Returns how much room {@link #compress} needs for so many raw bytes. */
    public static int maxCompressedLength(int rawBytes) {
        throw new UnsupportedOperationException("not yet");
    }

    /**
     * Compresses a range.
     *
     * @return bytes written to the destination; -1 when the range must travel raw, since it shrinks by more than
     *     {@link #MAX_RATIO} and would be refused
     */
    public int compress(byte[] source, int offset, int length, byte[] destination, int destinationOffset) {
        throw new UnsupportedOperationException("not yet");
    }

    /** Returns why compressed bytes are not to be decompressed, from their header alone; null when they may be. */
    public static @Nullable Error check(byte[] source, int offset, int length, int declaredRawBytes, int maxRawBytes) {
        throw new UnsupportedOperationException("not yet");
    }

    /**
     * Decompresses what {@link #check} let through.
     *
     * @return bytes written, or -1 when the content is corrupt or longer than the room from the offset on
     */
    public int decompress(byte[] source, int offset, int length, byte[] destination, int destinationOffset) {
        throw new UnsupportedOperationException("not yet");
    }

    @Override
    public void close() {}
}
