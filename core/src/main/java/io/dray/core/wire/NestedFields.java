package io.dray.core.wire;

import io.dray.types.v1.Address;
import io.dray.types.v1.Code;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Error;
import org.jspecify.annotations.Nullable;

/** The strict walk over what stands inside an envelope's fields: address, headers, error, texts. Stateless. */
final class NestedFields {
    private static final int MAP_KEY = 1;
    private static final int MAP_VALUE = 2;

    private NestedFields() {}

    /** Goes over a text field whose length was read. */
    static @Nullable Code text(Header header, int field, int length) {
        Cursor cursor = header.cursor;
        int start = cursor.position();
        cursor.skip(length);
        if (Utf8.isValid(cursor.bytes(), start, length)) {
            return null;
        }
        return header.refuse(Code.CODE_INVALID_UTF8, field, start, length);
    }

    /** Goes over the Address in {@code to}: exactly one target with a good name. */
    static @Nullable Code address(Header header, int length) {
        Cursor cursor = header.cursor;
        int outer = cursor.enter(length);
        while (cursor.hasMore()) {
            int start = cursor.position();
            int tag = cursor.tag();
            int field = tag >>> 3;
            if (field < Address.AGENT_FIELD_NUMBER || field > Address.TOPIC_FIELD_NUMBER) {
                cursor.skipContent(tag & 7);
            } else if ((tag & 7) != Cursor.LENGTH_DELIMITED) {
                return malformed(header, Envelope.TO_FIELD_NUMBER, start);
            } else if (header.addressKind() != 0) {
                return header.refuse(Code.CODE_REPEATED_FIELD, Envelope.TO_FIELD_NUMBER, start, cursor.end() - start);
            } else {
                header.setTarget(field, cursor.length(), cursor.position());
                cursor.skip(header.addressLength());
            }
            if (cursor.failed()) {
                return malformed(header, Envelope.TO_FIELD_NUMBER, start);
            }
        }
        cursor.leave(outer);
        return header.addressKind() == 0 ? null : target(header, cursor.bytes());
    }

    private static @Nullable Code target(Header header, byte[] bytes) {
        int offset = header.addressOffset();
        int length = header.addressLength();
        boolean good = switch (header.addressKind()) {
            case Address.INSTANCE_FIELD_NUMBER -> InstanceName.isInstance(bytes, offset, length);
            case Address.TOPIC_FIELD_NUMBER -> Names.isTopic(bytes, offset, length);
            default -> Names.isName(bytes, offset, length);
        };
        if (good) {
            return null;
        }
        Code code = Utf8.isValid(bytes, offset, length) ? Code.CODE_BAD_NAME : Code.CODE_INVALID_UTF8;
        return header.refuse(code, Envelope.TO_FIELD_NUMBER, offset, length);
    }

    /** Goes over one entry of the map of free fields. */
    static @Nullable Code entry(Header header, int length, int maxEntries) {
        Cursor cursor = header.cursor;
        if (header.countEntry() > maxEntries) {
            return header.refuse(Code.CODE_TOO_MANY, Envelope.HEADERS_FIELD_NUMBER, cursor.position(), length);
        }
        int outer = cursor.enter(length);
        int seen = 0;
        while (cursor.hasMore()) {
            int start = cursor.position();
            int tag = cursor.tag();
            int field = tag >>> 3;
            if (field != MAP_KEY && field != MAP_VALUE) {
                cursor.skipContent(tag & 7);
            } else {
                Code code = nestedText(header, Envelope.HEADERS_FIELD_NUMBER, tag, start, seen);
                if (code != null) {
                    return code;
                }
                seen |= 1 << field;
            }
            if (cursor.failed()) {
                return malformed(header, Envelope.HEADERS_FIELD_NUMBER, start);
            }
        }
        cursor.leave(outer);
        return null;
    }

    /** Goes over the Error of a reply. */
    static @Nullable Code error(Header header, int length) {
        Cursor cursor = header.cursor;
        int outer = cursor.enter(length);
        int seen = 0;
        while (cursor.hasMore()) {
            int start = cursor.position();
            int tag = cursor.tag();
            int field = tag >>> 3;
            Code code = null;
            switch (field) {
                case Error.MESSAGE_FIELD_NUMBER, Error.VALUE_FIELD_NUMBER, Error.EXPECTED_FIELD_NUMBER ->
                    code = nestedText(header, Envelope.ERROR_FIELD_NUMBER, tag, start, seen);
                case Error.CODE_FIELD_NUMBER, Error.RETRYABLE_FIELD_NUMBER, Error.RETRY_AFTER_MILLIS_FIELD_NUMBER ->
                    code = nestedNumber(header, tag, start, seen);
                default -> cursor.skipContent(tag & 7);
            }
            if (code != null) {
                return code;
            }
            seen |= field <= Error.EXPECTED_FIELD_NUMBER ? 1 << field : 0;
            if (cursor.failed()) {
                return malformed(header, Envelope.ERROR_FIELD_NUMBER, start);
            }
        }
        cursor.leave(outer);
        return null;
    }

    private static @Nullable Code nestedText(Header header, int outer, int tag, int start, int seen) {
        Code code = single(header, outer, tag, Cursor.LENGTH_DELIMITED, start, seen);
        return code == null ? text(header, outer, header.cursor.length()) : code;
    }

    private static @Nullable Code nestedNumber(Header header, int tag, int start, int seen) {
        Code code = single(header, Envelope.ERROR_FIELD_NUMBER, tag, Cursor.VARINT, start, seen);
        if (code == null && header.cursor.varint() >>> 32 != 0) {
            return malformed(header, Envelope.ERROR_FIELD_NUMBER, start);
        }
        return code;
    }

    private static @Nullable Code single(Header header, int outer, int tag, int wireType, int start, int seen) {
        if ((tag & 7) != wireType) {
            return malformed(header, outer, start);
        }
        if ((seen >>> (tag >>> 3) & 1) != 0) {
            return header.refuse(Code.CODE_REPEATED_FIELD, outer, start, header.cursor.position() - start);
        }
        return null;
    }

    private static Code malformed(Header header, int field, int start) {
        return header.refuse(Code.CODE_MALFORMED_ENVELOPE, field, start, Math.max(0, header.cursor.end() - start));
    }
}
