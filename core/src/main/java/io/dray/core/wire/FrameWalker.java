package io.dray.core.wire;

import java.util.Objects;

/**
 * A cursor over the top-level fields of a frame: where each starts and ends, without parsing it. Reused; belongs to
 * one thread. Refuses lengths beyond the frame, groups, field number 0 and varints that are too long.
 *
 * <pre>{@code
 * walker.start(bytes, 0, length);
 * while (walker.next()) { ... walker.field() ... }
 * if (walker.isRefused()) { ... BAD_FRAME ... }
 * }</pre>
 */
public final class FrameWalker {
    /** Wire type of varints. */
    public static final int VARINT = 0;

    /** Wire type of 8-byte numbers. */
    public static final int FIXED64 = 1;

    /** Wire type of strings, bytes and messages. */
    public static final int LENGTH_DELIMITED = 2;

    /** Wire type of 4-byte numbers. */
    public static final int FIXED32 = 5;

    private byte[] bytes = new byte[0];
    private int position;
    private int end;
    private boolean refused;
    private int field;
    private int wireType;
    private int fieldStart;
    private int contentStart;
    private long number;

    /** Goes before the first field. */
    public FrameWalker start(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        this.bytes = bytes;
        this.position = offset;
        this.end = offset + length;
        this.refused = false;
        return this;
    }

    /** Goes to the next field; false at the end and when the bytes are refused. */
    public boolean next() {
        if (refused || position >= end) {
            return false;
        }
        fieldStart = position;
        long tag = varint(5);
        field = (int) (tag >>> 3);
        wireType = (int) tag & 7;
        if (refused || tag > 0xffff_ffffL || field == 0) {
            return refuse();
        }
        contentStart = position;
        number = 0;
        return switch (wireType) {
            case VARINT -> {
                number = varint(10);
                yield refused ? refuse() : true;
            }
            case FIXED64 -> fixed(Long.BYTES);
            case FIXED32 -> fixed(Integer.BYTES);
            case LENGTH_DELIMITED -> content();
            default -> refuse();
        };
    }

    /** Returns whether the walk stopped because the bytes are no frame. */
    public boolean isRefused() {
        return refused;
    }

    /** Returns where the walk is: the end of the current field, or where the refused one starts. */
    public int position() {
        return position;
    }

    /** Returns the number of the current field. */
    public int field() {
        return field;
    }

    /** Returns the wire type of the current field. */
    public int wireType() {
        return wireType;
    }

    /** Returns where the current field starts, with its tag. */
    public int fieldStart() {
        return fieldStart;
    }

    /** Returns where the current field ends. */
    public int fieldEnd() {
        return position;
    }

    /** Returns where the content of the current field starts: after tag and length. */
    public int contentStart() {
        return contentStart;
    }

    /** Returns the bytes of the content of the current field. */
    public int contentLength() {
        return position - contentStart;
    }

    /** Returns the value of a varint or fixed field; 0 for others. */
    public long number() {
        return number;
    }

    private boolean content() {
        long length = varint(5);
        if (refused || length > end - position) {
            return refuse();
        }
        contentStart = position;
        position += (int) length;
        return true;
    }

    private boolean fixed(int size) {
        if (size > end - position) {
            return refuse();
        }
        for (int i = size - 1; i >= 0; i--) {
            number = (number << 8) | (bytes[position + i] & 0xff);
        }
        position += size;
        return true;
    }

    private boolean refuse() {
        refused = true;
        position = fieldStart;
        return false;
    }

    /** Reads a varint; sets refused when it runs out of the frame or over so many bytes. */
    private long varint(int maxBytes) {
        long value = 0;
        for (int i = 0; i < maxBytes; i++) {
            if (position == end) {
                break;
            }
            byte next = bytes[position++];
            value |= (next & 0x7fL) << (7 * i);
            if (next >= 0) {
                return value;
            }
        }
        refused = true;
        return 0;
    }
}
