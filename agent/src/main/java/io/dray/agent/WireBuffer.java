package io.dray.agent;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Protobuf fields written by hand into one growing array; fields of value 0 are left out. Not thread-safe. */
final class WireBuffer {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int MAX_VARINT_BYTES = 10;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED64 = 1;

    private byte[] bytes;
    private int size;

    WireBuffer(int room) {
        bytes = new byte[room];
    }

    byte[] bytes() {
        return bytes;
    }

    int size() {
        return size;
    }

    /** Goes back to a size that it had before; 0 to start over. */
    void truncate(int newSize) {
        size = newSize;
    }

    void integer(int field, long value) {
        if (value != 0) {
            ensure(2 * MAX_VARINT_BYTES);
            varint((long) field << 3);
            varint(value);
        }
    }

    void fixed64(int field, long value) {
        if (value != 0) {
            ensure(MAX_VARINT_BYTES + Long.BYTES);
            varint((long) field << 3 | FIXED64);
            LONGS.set(bytes, size, value);
            size += Long.BYTES;
        }
    }

    /** Writes a field of bytes; empty is left out. */
    void bytes(int field, byte[] value) {
        if (value.length != 0) {
            content(field, value.length);
            append(value, 0, value.length);
        }
    }

    /** Writes tag and length of a field, and makes room for its content, which the caller appends. */
    void content(int field, int length) {
        ensure(2 * MAX_VARINT_BYTES + length);
        varint((long) field << 3 | LENGTH_DELIMITED);
        varint(length);
    }

    /** Appends bytes as they are. */
    void append(byte[] source, int offset, int length) {
        ensure(length);
        System.arraycopy(source, offset, bytes, size, length);
        size += length;
    }

    /** Makes room and returns where to write {@code length} bytes, which count as written. */
    int claim(int length) {
        ensure(length);
        int at = size;
        size += length;
        return at;
    }

    /** Begins a field whose length is not known yet; returns what {@link #end} wants. */
    int begin(int field, int likelyLength) {
        ensure(2 * MAX_VARINT_BYTES);
        varint((long) field << 3 | LENGTH_DELIMITED);
        size += varintBytes(likelyLength);
        return size;
    }

    /** Ends the field that began at {@code start} with the same likely length; returns the bytes of its content. */
    int end(int start, int likelyLength) {
        int length = size - start;
        int reserved = varintBytes(likelyLength);
        int needed = varintBytes(length);
        if (needed != reserved) {
            ensure(MAX_VARINT_BYTES);
            System.arraycopy(bytes, start, bytes, start + needed - reserved, length);
        }
        size = start - reserved;
        varint(length);
        size += length;
        return length;
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[size++] = (byte) ((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    private static int varintBytes(int value) {
        return (38 - Integer.numberOfLeadingZeros(value | 1)) / 7;
    }

    private void ensure(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}
