package io.dray.core.wire;

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
    public static final int VARINT = Cursor.VARINT;

    /** Wire type of 8-byte numbers. */
    public static final int FIXED64 = Cursor.FIXED64;

    /** Wire type of strings, bytes and messages. */
    public static final int LENGTH_DELIMITED = Cursor.LENGTH_DELIMITED;

    /** Wire type of 4-byte numbers. */
    public static final int FIXED32 = Cursor.FIXED32;

    private final Cursor cursor = new Cursor();
    private boolean refused;
    private int position;
    private int field;
    private int wireType;
    private int fieldStart;
    private int contentStart;
    private long number;

    /** Goes before the first field. */
    public FrameWalker start(byte[] bytes, int offset, int length) {
        cursor.start(bytes, offset, length);
        position = offset;
        refused = false;
        return this;
    }

    /** Goes to the next field; false at the end and when the bytes are refused. */
    public boolean next() {
        if (refused || !cursor.hasMore()) {
            return false;
        }
        fieldStart = position;
        int tag = cursor.tag();
        field = tag >>> 3;
        wireType = tag & 7;
        contentStart = cursor.position();
        number = 0;
        switch (wireType) {
            case VARINT -> number = cursor.varint();
            case FIXED64 -> number = cursor.fixed64();
            case FIXED32 -> number = cursor.fixed32();
            case LENGTH_DELIMITED -> {
                int length = cursor.length();
                contentStart = cursor.position();
                cursor.skip(length);
            }
            default -> cursor.skipContent(wireType);
        }
        refused = cursor.failed();
        position = refused ? fieldStart : cursor.position();
        return !refused;
    }

    /** Lets go of the bytes, which would else stay reachable until the next start. */
    public void release() {
        cursor.release();
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
}
