package io.dray.sidecar.blob;

import com.google.protobuf.CodedOutputStream;
import io.dray.agent.v1.AttachResponse;
import io.dray.sidecar.frame.Frame;
import io.dray.sidecar.frame.ProtoWriter;
import io.dray.sidecar.queue.Levels;
import io.dray.sidecar.queue.Parcel;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Error;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A payload that is put together here, once for all agents of this host that take no chunks: appended to its envelope,
 * which is delivered like any other when all has come. All of its bytes are reserved before its sender may send the
 * first: assemblies that had a part of what they need each could wait for one another. Thread-safe.
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

    /**
     * One agent that gets it.
     *
     * @param parcel the agent's own; it gets the whole frame at the end
     * @param complete takes the parcel of the whole envelope
     * @param dropped told when it will not come to that
     */
    private record Taker(Parcel parcel, Consumer<Parcel> complete, Consumer<Parcel> dropped) {}

    /** What each that gets it takes beside the envelope. */
    private static final long TAKER_BYTES = 512;

    private final BlobRoom room;
    private final Frame envelope;
    private final long reservedBytes;
    private final List<Taker> takers = new ArrayList<>();
    private long heldBytes;
    private byte[] bytes = {};
    private int size;
    private State state = State.WAITING;

    /**
     * Begins with the envelope alone, and nobody who gets it.
     *
     * @param parcel of the envelope; not kept
     */
    Assembly(Blob blob, BlobRoom room, Parcel parcel) {
        super(blob);
        this.room = room;
        this.reservedBytes = bytes(parcel.envelopeBytes, blob.claim().total());
        int content = parcel.offset + parcel.length - parcel.envelopeBytes;
        byte[] copy = Arrays.copyOfRange(parcel.frame.bytes(), content, content + parcel.envelopeBytes);
        this.envelope = Frame.of(copy, parcel.arrivedNanos);
    }

    /**
     * Adds an agent that gets it too, before any of it has come, and takes memory for what waits until then.
     *
     * @param parcel of the envelope; not kept
     * @param complete takes the parcel of the whole envelope
     * @param dropped told when it will not come to that
     * @return false when there is no memory, or can never be room for the whole, or it has ended
     */
    boolean tryAdd(Parcel parcel, Consumer<Parcel> complete, Consumer<Parcel> dropped) {
        Parcel own = parcel.copy();
        own.frame = envelope;
        own.origin = blob.claim().sender();
        long more;
        synchronized (blob) {
            more = takers.isEmpty() ? envelope.length() + TAKER_BYTES : TAKER_BYTES;
            if (state == State.ENDED || !room.tryHold(more, reservedBytes)) {
                return false;
            }
            heldBytes += more;
            takers.add(new Taker(own, complete, dropped));
        }
        held(more);
        return true;
    }

    /** Asks for room; {@link #onRoom} is called once there is, perhaps at once. */
    void askForRoom() {
        // Also when it has ended meanwhile: then it lets go of the room once it has it.
        room.request(this);
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
        if (isLate) {
            room.release(key(), reservedBytes);
        } else {
            blob.widen();
        }
    }

    private void open() {
        byte[] content = envelope.bytes();
        int payload = (int) total();
        var head = new ProtoWriter();
        head.begin(Envelope.PAYLOAD_FIELD_NUMBER, payload);
        int payloadHead = head.size();
        head.begin(AttachResponse.ENVELOPES_FIELD_NUMBER, (int) reservedBytes);
        int envelopeHead = head.size() - payloadHead;
        bytes = new byte[envelopeHead + (int) reservedBytes];
        put(head.bytes(), payloadHead, envelopeHead);
        put(content, 0, content.length);
        put(head.bytes(), 0, payloadHead);
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
    int takers() {
        return takers.size();
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
            complete();
        }
    }

    private void complete() {
        // The mailboxes take memory before others that wait for room get what was given back.
        room.giveBack(key(), reservedBytes);
        letGoOfHeld();
        Frame whole = Frame.of(bytes, envelope.arrivedNanos());
        for (Taker taker : takers) {
            Parcel parcel = taker.parcel;
            parcel.frame = whole;
            parcel.offset = 0;
            parcel.length = bytes.length;
            parcel.envelopeBytes = (int) reservedBytes;
            taker.complete.accept(parcel);
        }
        whole.release();
        room.retry();
    }

    @Override
    void end(Error error) {
        State before = endOnce();
        if (before == State.ENDED) {
            return;
        }
        if (before == State.OPEN) {
            room.release(key(), reservedBytes);
        } else {
            // If it waits no more, it will get room, and let go of it.
            room.giveUp(this);
        }
        letGoOfHeld();
        takers.forEach(taker -> taker.dropped.accept(taker.parcel));
    }

    /** Lets go of everything before it has asked for room: nobody is told. */
    void abandon() {
        var _ = endOnce();
        letGoOfHeld();
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

    /** Ends it; returns what it was before. Nobody is added afterwards. */
    private State endOnce() {
        synchronized (blob) {
            State before = state;
            state = State.ENDED;
            return before;
        }
    }

    private void letGoOfHeld() {
        room.letGo(heldBytes);
        held(-heldBytes);
    }

    private void put(byte[] source, int start, int length) {
        System.arraycopy(source, start, bytes, size, length);
        size += length;
    }
}
