package io.dray.core.wire;

/**
 * The routing fields of one envelope, as places in its bytes and plain numbers; reused from envelope to envelope.
 * Belongs to one thread. Filled by {@link EnvelopeWalker}; the bytes stay with whoever owns them.
 */
public final class Header {
    int addressKind;
    int addressOffset;
    int addressLength;
    int toOffset;
    int toLength;
    int fromOffset;
    int fromLength;
    long session;
    long sequence;
    long deadlineUnixMicros;
    int priority;
    int deliveryClass;
    int receipt;
    int hops;
    int kind;
    long ordinal;
    int orderingKeyOffset;
    int orderingKeyLength;
    long deliverAtUnixMicros;
    long blob;
    int payloadEncoding;
    long causeSession;
    long causeSequence;
    int payloadOffset;
    int payloadLength;
    int envelopeBytes;
    int refusedField;
    int refusedOffset;
    int refusedLength;

    /** Field number of the target in Address: 1 agent, 2 instance, 3 capability, 4 topic. */
    public int addressKind() {
        return addressKind;
    }

    /** Where the bytes of the target's name start. */
    public int addressOffset() {
        return addressOffset;
    }

    /** Bytes of the target's name. */
    public int addressLength() {
        return addressLength;
    }

    /** Where the bytes of the Address start. */
    public int toOffset() {
        return toOffset;
    }

    /** Bytes of the Address. */
    public int toLength() {
        return toLength;
    }

    /** Where the bytes of {@code from} start. */
    public int fromOffset() {
        return fromOffset;
    }

    /** Bytes of {@code from}; 0 when absent. */
    public int fromLength() {
        return fromLength;
    }

    /** The sender's session; 0 when absent. */
    public long session() {
        return session;
    }

    /** Number within the session; 0 when absent. */
    public long sequence() {
        return sequence;
    }

    /** Deadline by the sender's clock; 0 means none. */
    public long deadlineUnixMicros() {
        return deadlineUnixMicros;
    }

    /** 1 CRITICAL to 4 LOW, after the default. */
    public int priority() {
        return priority;
    }

    /** 1 AT_MOST_ONCE to 3 DURABLE, after the default. */
    public int deliveryClass() {
        return deliveryClass;
    }

    /** Highest level that the sender wants to hear of, 0-5. */
    public int receipt() {
        return receipt;
    }

    /** Agents that the chain of causes passed. */
    public int hops() {
        return hops;
    }

    /** 1 EVENT, 2 REQUEST, 3 REPLY, 4 CANCEL, after the default. */
    public int kind() {
        return kind;
    }

    /** Number for duplicates; 0 for AT_MOST_ONCE. */
    public long ordinal() {
        return ordinal;
    }

    /** Where the bytes of the ordering key start. */
    public int orderingKeyOffset() {
        return orderingKeyOffset;
    }

    /** Bytes of the ordering key; 0 means none. */
    public int orderingKeyLength() {
        return orderingKeyLength;
    }

    /** Not to be delivered before; 0 means at once. */
    public long deliverAtUnixMicros() {
        return deliverAtUnixMicros;
    }

    /** Number of the chunks that carry the payload; 0 means it stands in the envelope. */
    public long blob() {
        return blob;
    }

    /** 1 IDENTITY or 2 ZSTD, after the default. */
    public int payloadEncoding() {
        return payloadEncoding;
    }

    /** Session of the cause; 0 means none. */
    public long causeSession() {
        return causeSession;
    }

    /** Sequence of the cause; 0 means none. */
    public long causeSequence() {
        return causeSequence;
    }

    /** Where the payload starts. */
    public int payloadOffset() {
        return payloadOffset;
    }

    /** Bytes of the payload. */
    public int payloadLength() {
        return payloadLength;
    }

    /** Bytes of the envelope, without tag and length. */
    public int envelopeBytes() {
        return envelopeBytes;
    }

    /** After a refusal: number of the field that is to blame; 0 means the envelope as a whole. */
    public int refusedField() {
        return refusedField;
    }

    /** After a refusal: where the offending value starts. */
    public int refusedOffset() {
        return refusedOffset;
    }

    /** After a refusal: bytes of the offending value. */
    public int refusedLength() {
        return refusedLength;
    }

    /** Bytes of the envelope without the payload itself. */
    public int headerBytes() {
        return envelopeBytes - payloadLength;
    }

    void clear(int bytes) {
        addressKind = 0;
        addressOffset = 0;
        addressLength = 0;
        toOffset = 0;
        toLength = 0;
        fromOffset = 0;
        fromLength = 0;
        session = 0;
        sequence = 0;
        deadlineUnixMicros = 0;
        priority = 3;
        deliveryClass = 1;
        receipt = 0;
        hops = 0;
        kind = 1;
        ordinal = 0;
        orderingKeyOffset = 0;
        orderingKeyLength = 0;
        deliverAtUnixMicros = 0;
        blob = 0;
        payloadEncoding = 1;
        causeSession = 0;
        causeSequence = 0;
        payloadOffset = 0;
        payloadLength = 0;
        envelopeBytes = bytes;
        refusedField = 0;
        refusedOffset = 0;
        refusedLength = 0;
    }
}
