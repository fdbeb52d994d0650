package io.dray.sidecar.blob;

import com.google.protobuf.CodedOutputStream;
import io.dray.agent.v1.AttachResponse;
import io.dray.sidecar.frame.Frame;
import io.dray.sidecar.frame.ProtoWriter;
import io.dray.sidecar.queue.Levels;
import io.dray.sidecar.queue.Parcel;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Error;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A payload that is put together here, for an agent that takes no chunks: appended to its envelope, which is delivered
 * like any other once all has come. Its bytes are reserved before the first chunk.
 */
final class Assembly extends Branch {
    private final BlobRoom room;
    private final Parcel parcel;
    private final Consumer<Parcel> complete;
    private final Consumer<Parcel> dropped;
    private final byte[] bytes;
    private final long reservedBytes;
    private int size;
    private boolean ended;

    /**
     * Begins with the envelope alone.
     *
     * @param parcel of the envelope; not kept
     * @param complete takes the parcel of the whole envelope
     * @param dropped told when it will not come to that
     */
    Assembly(Blob blob, BlobRoom room, Parcel parcel, Consumer<Parcel> complete, Consumer<Parcel> dropped) {
        super(blob);
        this.room = room;
        this.complete = complete;
        this.dropped = dropped;
        int content = parcel.offset + parcel.length - parcel.envelopeBytes;
        int payload = (int) blob.claim().total();
        var head = new ProtoWriter();
        head.begin(Envelope.PAYLOAD_FIELD_NUMBER, payload);
        int payloadHead = head.size();
        int envelope = parcel.envelopeBytes + payloadHead + payload;
        head.begin(AttachResponse.ENVELOPES_FIELD_NUMBER, envelope);
        int envelopeHead = head.size() - payloadHead;
        this.reservedBytes = envelope;
        this.bytes = new byte[envelopeHead + envelope];
        put(head.bytes(), payloadHead, envelopeHead);
        put(parcel.frame.bytes(), content, parcel.envelopeBytes);
        put(head.bytes(), 0, payloadHead);
        this.parcel = parcel.copy();
        this.parcel.frame = Frame.of(bytes, parcel.arrivedNanos);
        this.parcel.offset = 0;
        this.parcel.length = bytes.length;
        this.parcel.envelopeBytes = envelope;
        this.parcel.origin = blob.claim().sender();
    }

    /** Bytes of the whole envelope with so large a payload. */
    static long bytes(int envelopeBytes, long payloadBytes) {
        return envelopeBytes
                + payloadBytes
                + CodedOutputStream.computeTagSize(Envelope.PAYLOAD_FIELD_NUMBER)
                + CodedOutputStream.computeUInt64SizeNoTag(payloadBytes);
    }

    @Override
    long allowed() {
        return Long.MAX_VALUE;
    }

    @Override
    void chunk(ChunkView view) {
        if (ended) {
            return;
        }
        put(view.frame.bytes(), view.dataStart, view.dataLength);
        if (size == bytes.length && endOnce()) {
            complete.accept(parcel);
            parcel.frame.release();
        }
    }

    @Override
    void end(Error error) {
        if (endOnce()) {
            dropped.accept(parcel);
        }
    }

    /** Lets go of everything before it has begun: nobody is told. */
    void abandon() {
        var _ = endOnce();
    }

    @Override
    public void receipts(long session, long first, int count, int level, @Nullable Error error) {
        if (level == Levels.REFUSED && error != null) {
            blob.onBranchRefused(this, error);
        } else {
            blob.tell(level, error);
        }
    }

    private boolean endOnce() {
        synchronized (blob) {
            if (ended) {
                return false;
            }
            ended = true;
        }
        room.release(key(), reservedBytes);
        return true;
    }

    private void put(byte[] source, int start, int length) {
        System.arraycopy(source, start, bytes, size, length);
        size += length;
    }
}
