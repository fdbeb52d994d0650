package io.dray.agent;

import com.google.protobuf.ByteString;
import io.dray.agent.v1.AttachRequest;
import io.dray.types.v1.Envelope;

/** Writes outgoing messages as envelopes of a frame, by hand and each byte once. Belongs to the loop. */
final class EnvelopeWriter {
    /** What most envelopes have beside type, payload and the rest of their head. */
    private static final int LIKELY_ADDED_BYTES = 64;

    /** Bit by field: those below 64 that are written here, one by one, since they change from message to message. */
    private static final long WRITTEN = bits(
            Envelope.TO_FIELD_NUMBER,
            Envelope.FROM_FIELD_NUMBER,
            Envelope.SESSION_FIELD_NUMBER,
            Envelope.SEQUENCE_FIELD_NUMBER,
            Envelope.DEADLINE_UNIX_MICROS_FIELD_NUMBER,
            Envelope.PRIORITY_FIELD_NUMBER,
            Envelope.RECEIPT_FIELD_NUMBER,
            Envelope.HOPS_FIELD_NUMBER,
            Envelope.KIND_FIELD_NUMBER,
            Envelope.ORDINAL_FIELD_NUMBER,
            Envelope.TYPE_FIELD_NUMBER,
            Envelope.CONTENT_TYPE_FIELD_NUMBER,
            Envelope.CONVERSATION_ID_FIELD_NUMBER,
            Envelope.CAUSE_SESSION_FIELD_NUMBER,
            Envelope.CAUSE_SEQUENCE_FIELD_NUMBER,
            Envelope.BLOB_FIELD_NUMBER,
            Envelope.BLOB_BYTES_FIELD_NUMBER);

    private final TextMemo texts = new TextMemo();

    /** Whether a field is written here and so belongs to no template's rest. */
    static boolean writes(int field) {
        return field == Envelope.PAYLOAD_FIELD_NUMBER || (field < Long.SIZE && (WRITTEN & 1L << field) != 0);
    }

    /** Appends one envelope with the numbers that it has; returns its bytes without tag and length. */
    int write(Outgoing message, byte[] from, WireBuffer out) {
        Template.Prepared head = message.head;
        OutgoingBlob large = message.large;
        int likely = (large == null ? message.payload.size() : 0) + head.rest().size() + LIKELY_ADDED_BYTES;
        int start = out.begin(AttachRequest.ENVELOPES_FIELD_NUMBER, likely);
        out.bytes(Envelope.TO_FIELD_NUMBER, message.to.bytes());
        out.bytes(Envelope.FROM_FIELD_NUMBER, from);
        out.fixed64(Envelope.SESSION_FIELD_NUMBER, message.session);
        out.fixed64(Envelope.SEQUENCE_FIELD_NUMBER, message.sequence());
        out.fixed64(Envelope.DEADLINE_UNIX_MICROS_FIELD_NUMBER, message.deadlineMicros);
        out.integer(Envelope.PRIORITY_FIELD_NUMBER, message.priority);
        out.integer(Envelope.RECEIPT_FIELD_NUMBER, message.receipt);
        out.integer(Envelope.KIND_FIELD_NUMBER, message.kind);
        out.integer(Envelope.ORDINAL_FIELD_NUMBER, message.ordinal);
        append(head.rest(), out);
        out.bytes(Envelope.TYPE_FIELD_NUMBER, texts.bytes(message.type));
        out.bytes(Envelope.CONTENT_TYPE_FIELD_NUMBER, texts.bytes(message.contentType));
        links(message.links, out);
        if (large == null) {
            payload(message, out);
        } else {
            out.fixed64(Envelope.BLOB_FIELD_NUMBER, large.id);
            out.integer(Envelope.BLOB_BYTES_FIELD_NUMBER, large.size);
        }
        return out.end(start, likely);
    }

    private static void links(Links links, WireBuffer out) {
        if (links.equals(Links.NONE)) {
            return;
        }
        out.integer(Envelope.HOPS_FIELD_NUMBER, links.hops());
        if (!links.conversation().isEmpty()) {
            out.content(
                    Envelope.CONVERSATION_ID_FIELD_NUMBER, links.conversation().size());
            append(links.conversation(), out);
        }
        out.fixed64(Envelope.CAUSE_SESSION_FIELD_NUMBER, links.causeSession());
        out.fixed64(Envelope.CAUSE_SEQUENCE_FIELD_NUMBER, links.causeSequence());
    }

    private static void payload(Outgoing message, WireBuffer out) {
        if (!message.payload.isEmpty()) {
            out.content(Envelope.PAYLOAD_FIELD_NUMBER, message.payload.size());
            append(message.payload, out);
        }
    }

    private static void append(ByteString bytes, WireBuffer out) {
        if (!bytes.isEmpty()) {
            int at = out.claim(bytes.size());
            bytes.copyTo(out.bytes(), at);
        }
    }

    private static long bits(int... fields) {
        long bits = 0;
        for (int field : fields) {
            bits |= 1L << field;
        }
        return bits;
    }
}
