package io.dray.core.wire;

import io.dray.types.v1.Address;
import io.dray.types.v1.Code;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Error;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** What is said of an envelope that the walk refused. Off the hot path; stateless. */
final class Refusals {
    private static final int MAX_SHOWN_BYTES = 32;

    private Refusals() {}

    /** Looks for session and sequence in an envelope whose walk ended early; takes the first of each. */
    static void findId(byte[] bytes, int offset, int length, Header header) {
        FrameWalker walker = new FrameWalker().start(bytes, offset, length);
        while (walker.next() && (header.session() == 0 || header.sequence() == 0)) {
            boolean isSession = walker.field() == Envelope.SESSION_FIELD_NUMBER && header.session() == 0;
            boolean isSequence = walker.field() == Envelope.SEQUENCE_FIELD_NUMBER && header.sequence() == 0;
            if (walker.wireType() == FrameWalker.FIXED64 && (isSession || isSequence)) {
                header.setFixed(walker.field(), walker.number());
            }
        }
    }

    static Error explain(Code code, byte[] bytes, Header header, WireLimits limits) {
        String name = KnownFields.name(header.refusedField());
        return switch (code) {
            case CODE_TOO_LARGE -> size(code, "The envelope", header.envelopeBytes(), limits.maxEnvelopeBytes());
            case CODE_HEADER_TOO_LARGE ->
                size(code, "The envelope without its payload", header.headerBytes(), limits.maxHeaderBytes());
            case CODE_TOO_MANY ->
                MeshError.of(
                        code,
                        "The envelope has too many headers.",
                        "more than " + limits.maxHeaders(),
                        "at most " + limits.maxHeaders());
            case CODE_MISSING_FIELD ->
                MeshError.of(code, "The envelope says not where it goes.", "", "to with exactly one target");
            case CODE_REPEATED_FIELD ->
                MeshError.of(code, "The field " + name + " occurs more than once.", name, "each field at most once");
            case CODE_INVALID_UTF8 ->
                MeshError.of(code, "The field " + name + " is not UTF-8.", text(bytes, header), "valid UTF-8");
            case CODE_BAD_NAME ->
                MeshError.of(code, "The field to has a bad name.", text(bytes, header), nameForm(header));
            case CODE_UNIMPLEMENTED, CODE_UNSUPPORTED_ENCODING ->
                MeshError.of(
                        code,
                        "The field " + name + " has a value that this version does not know.",
                        number(bytes, header),
                        "a value of the contract, or none");
            default -> malformed(code, bytes, header);
        };
    }

    private static Error size(Code code, String what, int bytes, int limit) {
        return MeshError.of(code, what + " is too large.", bytes + " bytes", "at most " + limit + " bytes");
    }

    private static Error malformed(Code code, byte[] bytes, Header header) {
        int at = header.refusedOffset() - header.envelopeOffset();
        int shown = Math.min(MAX_SHOWN_BYTES, header.refusedLength());
        String hex = HexFormat.of().formatHex(bytes, header.refusedOffset(), header.refusedOffset() + shown);
        return MeshError.of(
                code,
                "The bytes from byte " + at + " of the envelope on are no field of it.",
                hex,
                "protobuf Envelope");
    }

    private static String text(byte[] bytes, Header header) {
        int shown = Math.min(MeshError.MAX_VALUE_BYTES, header.refusedLength());
        return new String(bytes, header.refusedOffset(), shown, StandardCharsets.UTF_8);
    }

    private static String number(byte[] bytes, Header header) {
        Cursor cursor = new Cursor();
        cursor.start(bytes, header.refusedOffset(), header.refusedLength());
        return Long.toString(cursor.varint());
    }

    private static String nameForm(Header header) {
        return switch (header.addressKind()) {
            case Address.INSTANCE_FIELD_NUMBER -> InstanceName.FORM;
            case Address.TOPIC_FIELD_NUMBER -> Names.TOPIC_FORM;
            default -> Names.NAME_FORM;
        };
    }
}
