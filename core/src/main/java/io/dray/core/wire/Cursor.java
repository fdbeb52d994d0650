package io.dray.core.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * A place in protobuf bytes that reads forward and never beyond its end. After a failure its position means nothing.
 * Reused; belongs to one thread.
 */
final class Cursor {
    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int LENGTH_DELIMITED = 2;
    static final int FIXED32 = 5;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final byte[] NONE = new byte[0];

    private byte[] bytes = NONE;
    private int position;
    private int end;
    private boolean failed;

    void start(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        this.bytes = bytes;
        this.position = offset;
        this.end = offset + length;
        this.failed = false;
    }

    /** Lets go of the bytes, which would else stay reachable until the next start. */
    void release() {
        bytes = NONE;
        end = position;
    }

    /** Returns the bytes that are read. */
    byte[] bytes() {
        return bytes;
    }

    boolean hasMore() {
        return position < end;
    }

    boolean failed() {
        return failed;
    }

    int position() {
        return position;
    }

    int end() {
        return end;
    }

    /** Narrows to a nested message that starts here; returns the end to go back to. */
    int enter(int length) {
        int outer = end;
        end = position + length;
        return outer;
    }

    /** Widens again after {@link #enter}. */
    void leave(int outer) {
        end = outer;
    }

    /** Returns the next tag; 0 on failure, since no field has the number 0. */
    int tag() {
        if (position < end) {
            byte first = bytes[position];
            if (first > 7) {
                position++;
                return first;
            }
        }
        return longTag();
    }

    private int longTag() {
        long tag = varint(5);
        if (failed || tag > 0xffff_ffffL || tag >>> 3 == 0) {
            failed = true;
            return 0;
        }
        return (int) tag;
    }

    /** Returns the next varint; sets failed when it does not end within 64 bits. */
    long varint() {
        if (position < end && bytes[position] >= 0) {
            return bytes[position++];
        }
        return varint(10);
    }

    private long varint(int maxBytes) {
        long value = 0;
        int stop = Math.min(end, position + maxBytes);
        for (int shift = 0; position < stop; shift += 7) {
            byte next = bytes[position++];
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                // Of the tenth byte one bit is left.
                failed |= shift == 63 && next > 1;
                return value;
            }
        }
        failed = true;
        return 0;
    }

    long fixed64() {
        if (end - position < Long.BYTES) {
            failed = true;
            return 0;
        }
        long value = (long) LONGS.get(bytes, position);
        position += Long.BYTES;
        return value;
    }

    int fixed32() {
        if (end - position < Integer.BYTES) {
            failed = true;
            return 0;
        }
        int value = (int) INTS.get(bytes, position);
        position += Integer.BYTES;
        return value;
    }

    /** Returns the length that stands here and is inside; the position is then at its content. */
    int length() {
        long length = position < end && bytes[position] >= 0 ? bytes[position++] : varint(5);
        if (failed || length > end - position) {
            failed = true;
            return 0;
        }
        return (int) length;
    }

    void skip(int length) {
        position += length;
    }

    /** Goes behind the content of a field; groups fail. */
    void skipContent(int wireType) {
        switch (wireType) {
            case VARINT -> varint();
            case FIXED64 -> fixed64();
            case LENGTH_DELIMITED -> skip(length());
            case FIXED32 -> fixed32();
            default -> failed = true;
        }
    }
}
