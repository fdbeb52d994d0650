package io.dray.sidecar.frame;

import java.util.Arrays;

/**
 * Writes control fields of a frame in protobuf form into one reused array.
 *
 * <p>Only what the hot path needs; everything rare is written by the generated classes and appended as a message field.
 * Not thread-safe.
 */
public final class ProtoWriter {
    private byte[] bytes = new byte[256];
    private int size;

    /** Starts again from the beginning. */
    public void clear() {
        size = 0;
    }

    /** Bytes written so far. */
    public int size() {
        return size;
    }

    /** The array that is written to; replaced when it grows. */
    public byte[] bytes() {
        return bytes;
    }

    /** Writes an integer field; 0 is left out. */
    public void integer(int field, long value) {
        if (value != 0) {
            varint((long) field << 3);
            varint(value);
        }
    }

    /** Writes a fixed64 field; 0 is left out. */
    public void fixed64(int field, long value) {
        if (value == 0) {
            return;
        }
        varint(((long) field << 3) | 1);
        ensure(Long.BYTES);
        for (int i = 0; i < Long.BYTES; i++) {
            bytes[size++] = (byte) (value >>> (8 * i));
        }
    }

    /** Writes a string, bytes or message field from its bytes; empty is left out. */
    public void bytes(int field, byte[] value) {
        if (value.length != 0) {
            message(field, value, 0, value.length);
        }
    }

    /** Writes a field of bytes even if it is empty. */
    public void message(int field, byte[] source, int offset, int length) {
        varint(((long) field << 3) | 2);
        varint(length);
        ensure(length);
        System.arraycopy(source, offset, bytes, size, length);
        size += length;
    }

    /** Writes tag and length of a field whose bytes stand elsewhere. */
    public void begin(int field, int length) {
        varint(((long) field << 3) | 2);
        varint(length);
    }

    private void varint(long value) {
        ensure(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) ((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    private void ensure(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}
