package io.dray.core.wire;

import io.dray.types.v1.Code;
import io.dray.types.v1.Envelope;

/**
 * The routing fields of one envelope, as places in its bytes and plain numbers; reused from envelope to envelope.
 * Belongs to one thread. Filled by {@link EnvelopeWalker}; the bytes stay with whoever owns them.
 */
public final class Header {
    final Cursor cursor = new Cursor();
    final HeadMemo memo = new HeadMemo();

    private boolean repeated;
    private int addressKind;
    private int addressOffset;
    private int addressLength;
    private int toOffset;
    private int toLength;
    private int fromOffset;
    private int fromLength;
    private long session;
    private long sequence;
    private long deadlineUnixMicros;
    private int priority;
    private int deliveryClass;
    private int receipt;
    private int hops;
    private int kind;
    private long ordinal;
    private int orderingKeyOffset;
    private int orderingKeyLength;
    private long deliverAtUnixMicros;
    private long blob;
    private long blobBytes;
    private int payloadEncoding;
    private long causeSession;
    private long causeSequence;
    private long cacheTtlMillis;
    private int payloadOffset;
    private int payloadLength;
    private int envelopeOffset;
    private int envelopeBytes;
    private int entries;
    private int refusedField;
    private int refusedOffset;
    private int refusedLength;

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

    /** Returns the bytes of the payload that follows as chunks, unsigned; 0 when absent. */
    public long blobBytes() {
        return blobBytes;
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

    /** Of a reply: milliseconds for which identical requests may be answered with it; 0 means never. */
    public long cacheTtlMillis() {
        return cacheTtlMillis;
    }

    /** Where the payload starts. */
    public int payloadOffset() {
        return payloadOffset;
    }

    /** Bytes of the payload. */
    public int payloadLength() {
        return payloadLength;
    }

    /** Where the envelope starts. */
    public int envelopeOffset() {
        return envelopeOffset;
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

    /**
     * Whether the head of the envelope is that of the one before but for its 8-byte numbers and its ordinal: everything
     * else that this header tells is the same.
     */
    public boolean isRepeated() {
        return repeated;
    }

    /** Forgets the head, so that the next envelope is not taken as a repetition of it. */
    public void forget() {
        memo.forget();
    }

    /** Goes on to an envelope with the head of the one before; false when it has another, and nothing counts then. */
    boolean repeat(byte[] bytes, int offset, int length, WireLimits limits) {
        int head = memo.length();
        if (head == 0 || length <= head || length > limits.maxEnvelopeBytes() || !memo.isRepeated(bytes, offset)) {
            return false;
        }
        cursor.start(bytes, offset + head, length - head);
        int payload = cursor.length();
        int start = cursor.position();
        boolean isLast = !cursor.failed() && payload > 0 && payload == cursor.end() - start;
        cursor.release();
        if (!isLast || length - payload > limits.maxHeaderBytes() || !memo.readNumbers(bytes, offset, this)) {
            return false;
        }
        int moved = offset - envelopeOffset;
        addressOffset += moved;
        toOffset += moved;
        fromOffset += moved;
        orderingKeyOffset += moved;
        envelopeOffset = offset;
        envelopeBytes = length;
        payloadOffset = start;
        payloadLength = payload;
        repeated = true;
        return true;
    }

    /** Forgets the envelope before and points to the next one. */
    void start(byte[] bytes, int offset, int length) {
        cursor.start(bytes, offset, length);
        memo.start();
        repeated = false;
        envelopeOffset = offset;
        envelopeBytes = length;
        entries = 0;
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
        blobBytes = 0;
        payloadEncoding = 1;
        causeSession = 0;
        causeSequence = 0;
        cacheTtlMillis = 0;
        payloadOffset = 0;
        payloadLength = 0;
        refusedField = 0;
        refusedOffset = 0;
        refusedLength = 0;
    }

    void setFixed(int field, long value) {
        switch (field) {
            case Envelope.SESSION_FIELD_NUMBER -> session = value;
            case Envelope.SEQUENCE_FIELD_NUMBER -> sequence = value;
            case Envelope.DEADLINE_UNIX_MICROS_FIELD_NUMBER -> deadlineUnixMicros = value;
            case Envelope.DELIVER_AT_UNIX_MICROS_FIELD_NUMBER -> deliverAtUnixMicros = value;
            case Envelope.CAUSE_SESSION_FIELD_NUMBER -> causeSession = value;
            case Envelope.CAUSE_SEQUENCE_FIELD_NUMBER -> causeSequence = value;
            case Envelope.BLOB_FIELD_NUMBER -> blob = value;
            default -> {}
        }
    }

    /** Keeps a number in the range of its field; 0 leaves the default of an enum. */
    void setNumber(int field, long value) {
        int small = (int) value;
        switch (field) {
            case Envelope.PRIORITY_FIELD_NUMBER -> priority = small == 0 ? priority : small;
            case Envelope.DELIVERY_CLASS_FIELD_NUMBER -> deliveryClass = small == 0 ? deliveryClass : small;
            case Envelope.RECEIPT_FIELD_NUMBER -> receipt = small;
            case Envelope.HOPS_FIELD_NUMBER -> hops = small;
            case Envelope.KIND_FIELD_NUMBER -> kind = small == 0 ? kind : small;
            case Envelope.ORDINAL_FIELD_NUMBER -> ordinal = value;
            case Envelope.BLOB_BYTES_FIELD_NUMBER -> blobBytes = value;
            case Envelope.CACHE_TTL_MILLIS_FIELD_NUMBER -> cacheTtlMillis = value;
            case Envelope.PAYLOAD_ENCODING_FIELD_NUMBER -> payloadEncoding = small == 0 ? payloadEncoding : small;
            default -> {}
        }
    }

    void setTo(int offset, int length) {
        toOffset = offset;
        toLength = length;
    }

    void setTarget(int kind, int length, int offset) {
        addressKind = kind;
        addressLength = length;
        addressOffset = offset;
    }

    void setFrom(int offset, int length) {
        fromOffset = offset;
        fromLength = length;
    }

    void setOrderingKey(int offset, int length) {
        orderingKeyOffset = offset;
        orderingKeyLength = length;
    }

    void setPayload(int offset, int length) {
        payloadOffset = offset;
        payloadLength = length;
    }

    int countEntry() {
        return ++entries;
    }

    Code refuse(Code code, int field, int offset, int length) {
        refusedField = field;
        refusedOffset = offset;
        refusedLength = length;
        return code;
    }
}
