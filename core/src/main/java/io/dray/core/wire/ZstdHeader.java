package io.dray.core.wire;

import org.jspecify.annotations.Nullable;

/**
 * What the header of a zstd frame (RFC 8878) asks for.
 *
 * @param contentBytes size of the content; -1 when the frame does not say
 * @param windowBytes memory that a streaming decoder would have to keep
 * @param hasDictionary whether the frame names a dictionary
 */
record ZstdHeader(long contentBytes, long windowBytes, boolean hasDictionary) {
    private static final long MAGIC = 0xFD2F_B528L;
    private static final int FIXED_BYTES = 5;
    private static final int[] DICTIONARY_BYTES = {0, 1, 2, 4};

    /** Returns the header at the start of a range; null when there is none. */
    static @Nullable ZstdHeader parse(byte[] bytes, int offset, int length) {
        if (length < FIXED_BYTES || littleEndian(bytes, offset, 4) != MAGIC) {
            return null;
        }
        int descriptor = bytes[offset + 4] & 0xff;
        boolean single = (descriptor & 0x20) != 0;
        int dictionaryBytes = DICTIONARY_BYTES[descriptor & 3];
        int contentFlag = descriptor >>> 6;
        int contentSize = contentFlag == 0 ? (single ? 1 : 0) : 1 << contentFlag;
        int windowAt = offset + FIXED_BYTES;
        int contentAt = windowAt + (single ? 0 : 1) + dictionaryBytes;
        boolean hasReservedBit = (descriptor & 8) != 0;
        if (hasReservedBit || contentAt + contentSize - offset > length) {
            return null;
        }
        long content = contentSize == 0 ? -1 : littleEndian(bytes, contentAt, contentSize);
        if (contentSize == 2) {
            // Sizes below 256 have the one-byte form.
            content += 256;
        }
        long window = single ? content : window(bytes[windowAt] & 0xff);
        return new ZstdHeader(content, window, dictionaryBytes != 0);
    }

    private static long window(int descriptor) {
        long base = 1L << (10 + (descriptor >>> 3));
        return base + (base / 8) * (descriptor & 7);
    }

    private static long littleEndian(byte[] bytes, int offset, int size) {
        long value = 0;
        for (int i = size - 1; i >= 0; i--) {
            value = (value << 8) | (bytes[offset + i] & 0xff);
        }
        return value;
    }
}
