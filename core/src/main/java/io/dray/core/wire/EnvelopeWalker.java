package io.dray.core.wire;

import static io.dray.types.v1.Envelope.CACHE_TTL_MILLIS_FIELD_NUMBER;
import static io.dray.types.v1.Envelope.DELIVERY_CLASS_FIELD_NUMBER;
import static io.dray.types.v1.Envelope.ERROR_FIELD_NUMBER;
import static io.dray.types.v1.Envelope.FROM_FIELD_NUMBER;
import static io.dray.types.v1.Envelope.HEADERS_FIELD_NUMBER;
import static io.dray.types.v1.Envelope.HOPS_FIELD_NUMBER;
import static io.dray.types.v1.Envelope.KIND_FIELD_NUMBER;
import static io.dray.types.v1.Envelope.ORDERING_KEY_FIELD_NUMBER;
import static io.dray.types.v1.Envelope.ORDINAL_FIELD_NUMBER;
import static io.dray.types.v1.Envelope.PAYLOAD_ENCODING_FIELD_NUMBER;
import static io.dray.types.v1.Envelope.PAYLOAD_FIELD_NUMBER;
import static io.dray.types.v1.Envelope.PRIORITY_FIELD_NUMBER;
import static io.dray.types.v1.Envelope.RECEIPT_FIELD_NUMBER;
import static io.dray.types.v1.Envelope.TO_FIELD_NUMBER;

import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import org.jspecify.annotations.Nullable;

/**
 * The strict walk over one envelope at the door: what it accepts, every protobuf parser reads in the same way.
 *
 * <p>It refuses lengths beyond the envelope, groups, over-long varints, known fields of another wire type, singular
 * fields that occur twice, strings that are not UTF-8, values that no version of the contract defines, sizes over the
 * limits, and an address without exactly one good name. Unknown fields are passed over. Thread-safe: all state is in
 * the header.
 */
public final class EnvelopeWalker {
    private static final int PAYLOAD_BIT = 63;

    private final WireLimits limits;

    /** Makes a walker with limits. */
    public EnvelopeWalker(WireLimits limits) {
        this.limits = limits;
    }

    /**
     * Fills a header from the bytes of an envelope (without tag and length). Allocates nothing. Sender, session,
     * sequence, deadline and hops are read but not judged.
     *
     * @return why the envelope is refused, or null when it is good; also when refused, session and sequence are in the
     *     header if they could be read, so that a receipt can name it
     */
    public @Nullable Code walk(byte[] bytes, int offset, int length, Header header) {
        if (header.repeat(bytes, offset, length, limits)) {
            return null;
        }
        header.start(bytes, offset, length);
        Code code = length > limits.maxEnvelopeBytes() ? Code.CODE_TOO_LARGE : fields(header);
        if (code == null) {
            code = whole(header);
        }
        if (code == null) {
            header.memo.keep(bytes, header);
        } else {
            Refusals.findId(bytes, offset, length, header);
        }
        header.cursor.release();
        return code;
    }

    /** Returns the error of a walk that was just refused, with value and expectation; the bytes are the same. */
    public Error explain(Code code, byte[] bytes, Header header) {
        return Refusals.explain(code, bytes, header, limits);
    }

    private @Nullable Code fields(Header header) {
        Cursor cursor = header.cursor;
        long seen = 0;
        while (cursor.hasMore()) {
            int start = cursor.position();
            int tag = cursor.tag();
            int field = tag >>> 3;
            int expected = KnownFields.wireType(field);
            if (expected != KnownFields.UNKNOWN) {
                long bit = 1L << (field == PAYLOAD_FIELD_NUMBER ? PAYLOAD_BIT : field);
                if (expected != (tag & 7)) {
                    return header.refuse(Code.CODE_MALFORMED_ENVELOPE, field, start, cursor.position() - start);
                }
                if ((seen & bit) != 0 && field != HEADERS_FIELD_NUMBER) {
                    return header.refuse(Code.CODE_REPEATED_FIELD, field, start, cursor.position() - start);
                }
                seen |= bit;
            }
            Code code = field(field, tag & 7, expected, header);
            if (code != null) {
                return code;
            }
            if (cursor.failed()) {
                return header.refuse(Code.CODE_MALFORMED_ENVELOPE, field, start, cursor.end() - start);
            }
        }
        return null;
    }

    private @Nullable Code field(int field, int wireType, int known, Header header) {
        Cursor cursor = header.cursor;
        if (known == KnownFields.UNKNOWN) {
            cursor.skipContent(wireType);
            return null;
        }
        return switch (wireType) {
            case Cursor.FIXED64 -> {
                header.memo.number(field, cursor.position(), Long.BYTES);
                header.setFixed(field, cursor.fixed64());
                yield null;
            }
            case Cursor.VARINT -> number(field, header);
            default -> content(field, header);
        };
    }

    private @Nullable Code number(int field, Header header) {
        Cursor cursor = header.cursor;
        int start = cursor.position();
        long value = cursor.varint();
        long max = switch (field) {
            case PRIORITY_FIELD_NUMBER, KIND_FIELD_NUMBER -> 4;
            case DELIVERY_CLASS_FIELD_NUMBER -> 3;
            case RECEIPT_FIELD_NUMBER -> 5;
            case PAYLOAD_ENCODING_FIELD_NUMBER -> 2;
            case HOPS_FIELD_NUMBER, CACHE_TTL_MILLIS_FIELD_NUMBER -> 0xffff_ffffL;
            default -> -1;
        };
        if (Long.compareUnsigned(value, max) > 0) {
            return header.refuse(KnownFields.codeOutOfRange(field), field, start, cursor.position() - start);
        }
        header.setNumber(field, value);
        if (field == ORDINAL_FIELD_NUMBER) {
            header.memo.number(field, start, cursor.position() - start);
        }
        return null;
    }

    private @Nullable Code content(int field, Header header) {
        Cursor cursor = header.cursor;
        int length = cursor.length();
        if (cursor.failed()) {
            return null;
        }
        int start = cursor.position();
        switch (field) {
            case PAYLOAD_FIELD_NUMBER -> {
                header.setPayload(start, length);
                cursor.skip(length);
                return null;
            }
            case TO_FIELD_NUMBER -> {
                header.setTo(start, length);
                return NestedFields.address(header, length);
            }
            case ERROR_FIELD_NUMBER -> {
                return NestedFields.error(header, length);
            }
            case HEADERS_FIELD_NUMBER -> {
                return NestedFields.entry(header, length, limits.maxHeaders());
            }
            case FROM_FIELD_NUMBER -> header.setFrom(start, length);
            case ORDERING_KEY_FIELD_NUMBER -> header.setOrderingKey(start, length);
            default -> {}
        }
        return NestedFields.text(header, field, length);
    }

    private @Nullable Code whole(Header header) {
        if (header.addressKind() == 0) {
            return header.refuse(Code.CODE_MISSING_FIELD, TO_FIELD_NUMBER, header.toOffset(), header.toLength());
        }
        if (header.headerBytes() > limits.maxHeaderBytes()) {
            return Code.CODE_HEADER_TOO_LARGE;
        }
        return null;
    }
}
