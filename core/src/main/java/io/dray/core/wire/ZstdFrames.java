package io.dray.core.wire;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;

/**
 * Zstandard over whole frames with contexts that are reused. Belongs to one thread; event loops take theirs from
 * {@link #ofThread}.
 */
public final class ZstdFrames implements AutoCloseable {
    /** Raw bytes per compressed byte that are believed at most. */
    public static final int MAX_RATIO = 1000;

    /** Bytes of the largest window that a frame may ask for. */
    public static final long MAX_WINDOW_BYTES = 8L * 1024 * 1024;

    /** Level unless told otherwise: higher ones shrink text by little more for much more time. */
    public static final int DEFAULT_LEVEL = 1;

    private static final FastThreadLocal<ZstdFrames> OF_THREAD = new FastThreadLocal<>() {
        @Override
        protected ZstdFrames initialValue() {
            return new ZstdFrames();
        }

        @Override
        protected void onRemoval(ZstdFrames frames) {
            frames.close();
        }
    };

    private final ZstdCompressCtx compressor = new ZstdCompressCtx();
    private final ZstdDecompressCtx decompressor = new ZstdDecompressCtx();
    private int level = DEFAULT_LEVEL;

    /** Makes an instance with native contexts of its own; the caller closes it. */
    public ZstdFrames() {
        compressor.setLevel(level).setContentSize(true).setChecksum(false).setDictID(false);
    }

    /** Returns the instance of the calling event loop; it is closed when the loop's thread ends. */
    public static ZstdFrames ofThread() {
        return OF_THREAD.get();
    }

    /** Compresses at another level from now on; returns this. */
    public ZstdFrames atLevel(int wanted) {
        if (wanted != level) {
            level = wanted;
            compressor.setLevel(wanted);
        }
        return this;
    }

    /** Returns how much room {@link #compress} needs for so many raw bytes. */
    public static int maxCompressedLength(int rawBytes) {
        return Math.toIntExact(Zstd.compressBound(rawBytes));
    }

    /**
     * Compresses a range.
     *
     * @return bytes written to the destination; -1 when the range must travel raw, since it shrinks by more than
     *     {@link #MAX_RATIO} and would be refused
     */
    public int compress(byte[] source, int offset, int length, byte[] destination, int destinationOffset) {
        int written = compressor.compressByteArray(
                destination, destinationOffset, destination.length - destinationOffset, source, offset, length);
        return length > (long) written * MAX_RATIO ? -1 : written;
    }

    /**
     * Returns why compressed bytes are not to be decompressed, from their header alone; null when they may be. Takes
     * no memory.
     *
     * @param declaredRawBytes what the sender says beside them
     * @param maxRawBytes the receiver's limit
     */
    public static @Nullable Error check(byte[] source, int offset, int length, int declaredRawBytes, int maxRawBytes) {
        if (declaredRawBytes <= 0 || declaredRawBytes > maxRawBytes) {
            return refuse(
                    "The raw size is out of range.",
                    Integer.toUnsignedString(declaredRawBytes) + " bytes",
                    "1-" + maxRawBytes + " bytes");
        }
        if (declaredRawBytes > (long) length * MAX_RATIO) {
            return refuse(
                    "The ratio is too high to be believed.",
                    declaredRawBytes + " of " + length + " bytes",
                    "at most " + MAX_RATIO + " to 1");
        }
        ZstdHeader header = ZstdHeader.parse(source, offset, length);
        if (header == null) {
            return refuse("The bytes are no zstd frame.", length + " bytes", "one zstd frame with its content size");
        }
        if (header.hasDictionary()) {
            return refuse("The zstd frame wants a dictionary.", "", "no dictionary");
        }
        if (header.contentBytes() != declaredRawBytes) {
            return refuse(
                    "The raw size is not that of the zstd frame.",
                    declaredRawBytes + " bytes",
                    header.contentBytes() < 0 ? "a frame with its content size" : header.contentBytes() + " bytes");
        }
        if (header.windowBytes() > MAX_WINDOW_BYTES) {
            return refuse(
                    "The zstd frame wants a window that is too large.",
                    header.windowBytes() + " bytes",
                    "at most " + MAX_WINDOW_BYTES + " bytes");
        }
        if (!isFrameAlone(source, offset, length)) {
            return refuse("The bytes are more or less than a zstd frame.", length + " bytes", "one zstd frame alone");
        }
        return null;
    }

    /**
     * Decompresses what {@link #check} let through.
     *
     * @return bytes written, or -1 when the content is corrupt or longer than the room from the offset on
     */
    public int decompress(byte[] source, int offset, int length, byte[] destination, int destinationOffset) {
        try {
            return decompressor.decompressByteArray(
                    destination, destinationOffset, destination.length - destinationOffset, source, offset, length);
        } catch (ZstdException _) {
            return -1;
        }
    }

    @Override
    public void close() {
        compressor.close();
        decompressor.close();
    }

    private static boolean isFrameAlone(byte[] source, int offset, int length) {
        try {
            return Zstd.findFrameCompressedSize(source, offset, length) == length;
        } catch (ZstdException _) {
            return false;
        }
    }

    private static Error refuse(String message, String value, String expected) {
        return MeshError.of(Code.CODE_BAD_COMPRESSION, message, value, expected);
    }
}
