package io.dray.core.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Whether bytes are UTF-8 as protobuf parsers take it: shortest form, no surrogates, up to U+10FFFF. Stateless. */
final class Utf8 {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long NOT_ASCII = 0x8080_8080_8080_8080L;

    private Utf8() {}

    static boolean isValid(byte[] bytes, int offset, int length) {
        int end = offset + length;
        int position = offset;
        while (end - position >= Long.BYTES && ((long) LONGS.get(bytes, position) & NOT_ASCII) == 0) {
            position += Long.BYTES;
        }
        while (position < end && bytes[position] >= 0) {
            position++;
        }
        return position == end || isValidFrom(bytes, position, end);
    }

    private static boolean isValidFrom(byte[] bytes, int start, int end) {
        int position = start;
        while (position < end) {
            int size = size(bytes, position, end);
            if (size == 0) {
                return false;
            }
            position += size;
        }
        return true;
    }

    /** Returns the bytes of the character that starts here; 0 when there is none. */
    private static int size(byte[] bytes, int position, int end) {
        int first = bytes[position] & 0xff;
        if (first < 0x80) {
            return 1;
        }
        int size = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
        if (first < 0xc2 || first > 0xf4 || size > end - position) {
            return 0;
        }
        for (int i = 1; i < size; i++) {
            if ((bytes[position + i] & 0xc0) != 0x80) {
                return 0;
            }
        }
        return isSecondAllowed(first, bytes[position + 1] & 0xff) ? size : 0;
    }

    private static boolean isSecondAllowed(int first, int second) {
        return switch (first) {
            case 0xe0 -> second >= 0xa0;
            case 0xed -> second < 0xa0;
            case 0xf0 -> second >= 0x90;
            case 0xf4 -> second < 0x90;
            default -> true;
        };
    }
}
