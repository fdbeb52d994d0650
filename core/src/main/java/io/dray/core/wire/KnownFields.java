package io.dray.core.wire;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.dray.types.v1.Code;
import io.dray.types.v1.Envelope;
import java.util.Arrays;

/** The fields of an envelope by number, with their wire types, as the contract has them. Immutable. */
final class KnownFields {
    static final int UNKNOWN = -1;

    private static final byte[] WIRE_TYPES = wireTypes();

    private KnownFields() {}

    /** Returns the wire type of a field; UNKNOWN for a number that the contract does not know. */
    static int wireType(int field) {
        return field < WIRE_TYPES.length ? WIRE_TYPES[field] : UNKNOWN;
    }

    /** Returns the code for a number that its field does not take. */
    static Code codeOutOfRange(int field) {
        return switch (field) {
            case Envelope.PAYLOAD_ENCODING_FIELD_NUMBER -> Code.CODE_UNSUPPORTED_ENCODING;
            case Envelope.HOPS_FIELD_NUMBER, Envelope.CACHE_TTL_MILLIS_FIELD_NUMBER -> Code.CODE_MALFORMED_ENVELOPE;
            default -> Code.CODE_UNIMPLEMENTED;
        };
    }

    /** Returns the name of a field; the number for one that is unknown. */
    static String name(int field) {
        FieldDescriptor descriptor = Envelope.getDescriptor().findFieldByNumber(field);
        return descriptor == null ? Integer.toString(field) : descriptor.getName();
    }

    private static byte[] wireTypes() {
        byte[] types = new byte[Envelope.PAYLOAD_FIELD_NUMBER + 1];
        Arrays.fill(types, (byte) UNKNOWN);
        for (FieldDescriptor field : Envelope.getDescriptor().getFields()) {
            types[field.getNumber()] = (byte) field.getLiteType().getWireType();
        }
        return types;
    }
}
