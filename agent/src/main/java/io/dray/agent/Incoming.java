package io.dray.agent;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.dray.core.wire.FrameWalker;
import io.dray.core.wire.MeshError;
import io.dray.core.wire.MessageId;
import io.dray.types.v1.Address;
import io.dray.types.v1.Code;
import io.dray.types.v1.DeliveryClass;
import io.dray.types.v1.Encoding;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Kind;
import io.dray.types.v1.ReceiptLevel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A received envelope as its bytes, with the fields that every message needs read out of them; the rest is parsed when
 * somebody asks. Written on the loop before anybody else sees it, immutable after that.
 */
final class Incoming implements Head {
    private static final int MAX_SMALL_ENUM = 127;

    private final byte[] bytes;
    private final int offset;
    private final int length;
    private int to;
    private int toLength;
    private int from;
    private int fromLength;
    private int conversation;
    private int conversationLength;
    private int hops;
    private byte kind;
    private byte priority;
    private byte deliveryClass;
    private byte receipt;
    private boolean isZstd;
    private boolean isFailure;
    private long session;
    private long sequence;
    private long deadlineMicros;
    private long causeSession;
    private long causeSequence;
    private long blob;
    private long blobBytes;
    /** What its payload takes of the room for large ones until its handler has returned; guarded by this. */
    private long heldBytes;

    private String type = "";
    private String contentType = "";
    private String orderingKey = "";
    private ByteString payload = ByteString.EMPTY;
    private volatile @Nullable Envelope envelope;

    private Incoming(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.offset = offset;
        this.length = length;
    }

    /**
     * Reads an envelope; the bytes must stay as they are.
     *
     * @return null when they are no protobuf
     */
    static @Nullable Incoming read(byte[] bytes, int offset, int length, FrameWalker walker, TextMemo texts) {
        var read = new Incoming(bytes, offset, length);
        walker.start(bytes, offset, length);
        while (walker.next()) {
            if (walker.wireType() == FrameWalker.LENGTH_DELIMITED) {
                read.content(walker.field(), walker.contentStart(), walker.contentLength(), texts);
            } else {
                read.number(walker.field(), walker.number());
            }
        }
        return walker.isRefused() ? null : read;
    }

    private void content(int field, int start, int size, TextMemo texts) {
        switch (field) {
            case Envelope.TO_FIELD_NUMBER -> {
                to = start;
                toLength = size;
            }
            case Envelope.FROM_FIELD_NUMBER -> {
                from = start;
                fromLength = size;
            }
            case Envelope.CONVERSATION_ID_FIELD_NUMBER -> {
                conversation = start;
                conversationLength = size;
            }
            case Envelope.ORDERING_KEY_FIELD_NUMBER -> orderingKey = texts.text(bytes, start, size);
            case Envelope.TYPE_FIELD_NUMBER -> type = texts.text(bytes, start, size);
            case Envelope.CONTENT_TYPE_FIELD_NUMBER -> contentType = texts.text(bytes, start, size);
            case Envelope.PAYLOAD_FIELD_NUMBER -> payload = UnsafeByteOperations.unsafeWrap(bytes, start, size);
            case Envelope.ERROR_FIELD_NUMBER -> isFailure = true;
            default -> {}
        }
    }

    private void number(int field, long value) {
        switch (field) {
            case Envelope.SESSION_FIELD_NUMBER -> session = value;
            case Envelope.SEQUENCE_FIELD_NUMBER -> sequence = value;
            case Envelope.DEADLINE_UNIX_MICROS_FIELD_NUMBER -> deadlineMicros = value;
            case Envelope.CAUSE_SESSION_FIELD_NUMBER -> causeSession = value;
            case Envelope.CAUSE_SEQUENCE_FIELD_NUMBER -> causeSequence = value;
            case Envelope.HOPS_FIELD_NUMBER -> hops = (int) value;
            case Envelope.BLOB_FIELD_NUMBER -> blob = value;
            case Envelope.BLOB_BYTES_FIELD_NUMBER -> blobBytes = value;
            case Envelope.KIND_FIELD_NUMBER -> kind = small(value);
            case Envelope.PRIORITY_FIELD_NUMBER -> priority = small(value);
            case Envelope.DELIVERY_CLASS_FIELD_NUMBER -> deliveryClass = small(value);
            case Envelope.RECEIPT_FIELD_NUMBER -> receipt = small(value);
            case Envelope.PAYLOAD_ENCODING_FIELD_NUMBER -> isZstd = value == Encoding.ENCODING_ZSTD_VALUE;
            default -> {}
        }
    }

    /** Values that no version of the contract defines stay unknown ones. */
    private static byte small(long value) {
        return (byte) (Long.compareUnsigned(value, MAX_SMALL_ENUM) > 0 ? MAX_SMALL_ENUM : value);
    }

    /** Bytes of the envelope, without tag and length. */
    int length() {
        return length;
    }

    MessageId id() {
        return new MessageId(session, sequence);
    }

    MessageId causeId() {
        return new MessageId(causeSession, causeSequence);
    }

    Kind kind() {
        Kind known = Kind.forNumber(kind);
        return known == null ? Kind.UNRECOGNIZED : known;
    }

    int priority() {
        return priority;
    }

    boolean isAboveAtMostOnce() {
        return deliveryClass > DeliveryClass.DELIVERY_CLASS_AT_MOST_ONCE_VALUE;
    }

    boolean wishesDone() {
        return receipt == ReceiptLevel.RECEIPT_LEVEL_DONE_VALUE;
    }

    /** Whether its payload follows as chunks. */
    boolean isLarge() {
        return blob != 0 && payload.isEmpty();
    }

    long blob() {
        return blob;
    }

    long blobBytes() {
        return blobBytes;
    }

    /** Sets the payload that came as chunks, before anybody else sees the message. */
    void payload(ByteString whole) {
        payload = whole;
    }

    synchronized void heldBytes(long bytes) {
        heldBytes = bytes;
    }

    /** Returns what it holds, the first time; only large messages hold anything. */
    long takeHeldBytes() {
        if (blob == 0) {
            return 0;
        }
        synchronized (this) {
            long bytes = heldBytes;
            heldBytes = 0;
            return bytes;
        }
    }

    boolean isZstd() {
        return isZstd;
    }

    /** Whether it is the answer that a request failed. */
    boolean isFailure() {
        return isFailure;
    }

    long deadlineMicros() {
        return deadlineMicros;
    }

    long causeSession() {
        return causeSession;
    }

    long causeSequence() {
        return causeSequence;
    }

    String type() {
        return type;
    }

    String contentType() {
        return contentType;
    }

    String orderingKey() {
        return orderingKey;
    }

    ByteString payload() {
        return payload;
    }

    String from() {
        return new String(bytes, from, fromLength, StandardCharsets.UTF_8);
    }

    /** Returns the way back to its sender: the given one if that leads there. */
    Route routeBack(Route last) {
        return last.isToInstance(bytes, from, fromLength) ? last : Route.toInstance(bytes, from, fromLength);
    }

    /** Returns how an answer hangs together with it. */
    Links answerLinks() {
        ByteString id = conversationLength == 0
                ? ByteString.EMPTY
                : ByteString.copyFrom(bytes, conversation, conversationLength);
        return new Links(hops + 1, session, sequence, id);
    }

    /** Returns the topic it was published to, or null when it came another way. */
    @Nullable
    String topic() {
        int tag = toLength == 0 ? 0 : bytes[to];
        if (tag == tag(Address.AGENT_FIELD_NUMBER)
                || tag == tag(Address.INSTANCE_FIELD_NUMBER)
                || tag == tag(Address.CAPABILITY_FIELD_NUMBER)) {
            return null;
        }
        Address address = envelope().getTo();
        return address.hasTopic() ? address.getTopic() : null;
    }

    @Override
    public long session() {
        return session;
    }

    @Override
    public long sequence() {
        return sequence;
    }

    @Override
    public int hops() {
        return hops;
    }

    @Override
    public Envelope envelope() {
        Envelope known = envelope;
        if (known == null) {
            known = parse();
            envelope = known;
        }
        return known;
    }

    private Envelope parse() {
        var input = UnsafeByteOperations.unsafeWrap(bytes, offset, length).newCodedInput();
        input.enableAliasing(true);
        try {
            return Envelope.parseFrom(input);
        } catch (IOException e) {
            throw new MeshException(
                    MeshError.of(Code.CODE_MALFORMED_ENVELOPE, "A received envelope cannot be read: " + e.getMessage()),
                    e);
        }
    }

    private static int tag(int field) {
        return field << 3 | FrameWalker.LENGTH_DELIMITED;
    }
}
