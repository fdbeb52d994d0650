package io.dray.sidecar.blob;

import com.google.protobuf.CodedOutputStream;
import io.dray.agent.v1.AttachResponse;
import io.dray.sidecar.frame.Frame;
import io.dray.sidecar.frame.ProtoWriter;
import io.dray.sidecar.queue.Levels;
import io.dray.sidecar.queue.Parcel;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Error;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A payload that is put together here, for an agent that takes no chunks: appended to its envelope, which is delivered
 * like any other once all has come. All of its bytes are reserved before its sender may send the first: assemblies that
 * had a part of what they need each could wait for one another. Thread-safe.
 *
 * <pre>
 *   WAITING ──onRoom──▶ OPEN ──chunk (the last)──▶ ENDED
 *      └──────── end ────┴────────── end ────────────▲
 * </pre>
 */
final class Assembly extends Branch {
    private enum State {
        WAITING,
        OPEN,
        ENDED
    }

    /** What waits for room beside its envelope. */
    private static final long OVERHEAD_BYTES = 512;

    private final BlobRoom room;
    private final Parcel parcel;
    private final Consumer<Parcel> complete;
    private final Consumer<Parcel> dropped;
    private final long reservedBytes;
    private final long waitingBytes;
    private byte[] bytes = {};
    private int size;
    private boolean waits;
    private State state = State.WAITING;

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
        this.reservedBytes = bytes(parcel.envelopeBytes, blob.claim().total());
        this.waitingBytes = parcel.envelopeBytes + OVERHEAD_BYTES;
        int content = parcel.offset + parcel.length - parcel.envelopeBytes;
        byte[] envelope = Arrays.copyOfRange(parcel.frame.bytes(), content, content + parcel.envelopeBytes);
        this.parcel = parcel.copy();
        this.parcel.frame = Frame.of(envelope, parcel.arrivedNanos);
        this.parcel.origin = blob.claim().sender();
    }

    /** Begins if there is room now; whether there was. */
    boolean tryBegin() {
        boolean fits = room.tryReserve(key(), reservedBytes);
        if (fits) {
            open();
        }
        return fits;
    }

    /** Takes memory for the envelope while it waits for room for the whole; false when there can never be room. */
    boolean tryWait() {
        waits = room.tryHold(waitingBytes, reservedBytes);
        if (waits) {
            held(waitingBytes);
        }
        return waits;
    }

    /** Asks for room if it has none yet; {@link #onRoom} is called once there is, perhaps at once. */
    void askForRoom() {
        // Also when it has ended meanwhile: then it lets go of the room once it has it.
        if (waits) {
            room.request(this);
        }
    }

    /** There is room for the whole. */
    void onRoom() {
        boolean isLate;
        synchronized (blob) {
            isLate = state == State.ENDED;
            if (!isLate) {
                open();
            }
        }
        letGoOfWaiting();
        if (isLate) {
            room.release(key(), reservedBytes);
        } else {
            blob.widen();
        }
    }

    private void open() {
        byte[] content = parcel.frame.bytes();
        int payload = (int) total();
        var head = new ProtoWriter();
        head.begin(Envelope.PAYLOAD_FIELD_NUMBER, payload);
        int payloadHead = head.size();
        int envelope = content.length + payloadHead + payload;
        head.begin(AttachResponse.ENVELOPES_FIELD_NUMBER, envelope);
        int envelopeHead = head.size() - payloadHead;
        bytes = new byte[envelopeHead + envelope];
        put(head.bytes(), payloadHead, envelopeHead);
        put(content, 0, content.length);
        put(head.bytes(), 0, payloadHead);
        parcel.frame = Frame.of(bytes, parcel.arrivedNanos);
        parcel.offset = 0;
        parcel.length = bytes.length;
        parcel.envelopeBytes = envelope;
        state = State.OPEN;
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
        return state == State.WAITING ? 0 : Long.MAX_VALUE;
    }

    @Override
    void chunk(ChunkView view) {
        synchronized (blob) {
            if (state != State.OPEN) {
                return;
            }
        }
        put(view.frame.bytes(), view.dataStart, view.dataLength);
        if (size == bytes.length && endOnce() == State.OPEN) {
            // The mailbox takes memory before others that wait for room get what was given back.
            room.giveBack(key(), reservedBytes);
            complete.accept(parcel);
            parcel.frame.release();
            room.retry();
        }
    }

    @Override
    void end(Error error) {
        State before = endOnce();
        if (before == State.ENDED) {
            return;
        }
        if (before == State.OPEN) {
            room.release(key(), reservedBytes);
        } else if (room.giveUp(this)) {
            letGoOfWaiting();
        }
        dropped.accept(parcel);
    }

    /** Lets go of everything before it has asked for room: nobody is told. */
    void abandon() {
        if (endOnce() == State.OPEN) {
            room.release(key(), reservedBytes);
        } else {
            letGoOfWaiting();
        }
    }

    long reservedBytes() {
        return reservedBytes;
    }

    @Override
    public void receipts(long session, long first, int count, int level, @Nullable Error error) {
        if (level == Levels.REFUSED && error != null) {
            blob.onBranchRefused(this, error);
        } else {
            blob.tell(level, error);
        }
    }

    /** Ends it; returns what it was before. */
    private State endOnce() {
        synchronized (blob) {
            State before = state;
            state = State.ENDED;
            return before;
        }
    }

    private void letGoOfWaiting() {
        room.letGo(waitingBytes);
        held(-waitingBytes);
    }

    private void put(byte[] source, int start, int length) {
        System.arraycopy(source, start, bytes, size, length);
        size += length;
    }
}
