package io.dray.sidecar.blob;

import io.dray.sidecar.queue.Levels;
import io.dray.types.v1.Error;
import org.jspecify.annotations.Nullable;

/**
 * The way of a large payload to one stream: that of an attached agent, or the bulk stream of a link. The envelope of the
 * payload has it as its origin, so it hears what becomes of that. Thread-safe.
 *
 * <pre>
 *   WAITING ──window (the other side takes it)──▶ ASKING ──onRoom──▶ OPEN ──written (all)──▶ DONE
 *      └───────────────────── end ─────────────────┴─────── end ──────┴──▶ ENDED
 * </pre>
 */
public final class StreamBranch extends Branch {
    private enum State {
        WAITING,
        ASKING,
        OPEN,
        DONE,
        ENDED
    }

    /** Refuses a delivery that was written before its payload. */
    public interface Deliveries {
        /** Ends a delivery by its number, if somebody waits for its end. */
        void refuse(long number, Error error);
    }

    private final ChunkQueue queue;
    private final BlobRoom room;
    private final boolean isToAgent;
    private State state = State.WAITING;
    private long wanted;
    private long written;
    private long delivery;
    private boolean wantsDelivered;
    private @Nullable Deliveries deliveries;

    StreamBranch(Blob blob, ChunkQueue queue, BlobRoom room, boolean isToAgent) {
        super(blob);
        this.queue = queue;
        this.room = room;
        this.isToAgent = isToAgent;
    }

    ChunkQueue queue() {
        return queue;
    }

    /** Number of the delivery to an agent; 0 before it is written, and on links. */
    long delivery() {
        synchronized (blob) {
            return delivery;
        }
    }

    /** Whether the envelope is still wanted: asked before it is written to its agent. */
    public boolean isLive() {
        synchronized (blob) {
            return state != State.ENDED;
        }
    }

    /** Notes that the envelope is being written to its agent; chunks follow when the agent gives a window. */
    public void delivered(long number, Deliveries ofAgent) {
        synchronized (blob) {
            delivery = number;
            deliveries = ofAgent;
        }
    }

    /** Takes what the other side allows, as a total. */
    void window(long bytes) {
        boolean isFirst;
        synchronized (blob) {
            if (state == State.ENDED || (isToAgent && delivery == 0) || Long.compareUnsigned(bytes, wanted) <= 0) {
                return;
            }
            wanted = Long.compareUnsigned(bytes, total()) > 0 ? total() : bytes;
            isFirst = state == State.WAITING;
            state = isFirst ? State.ASKING : state;
        }
        if (isFirst) {
            room.request(this);
        } else {
            blob.widen();
        }
    }

    /** There is room for its window. */
    void onRoom() {
        boolean isLate;
        synchronized (blob) {
            isLate = state != State.ASKING;
            state = isLate ? state : State.OPEN;
        }
        if (isLate) {
            room.giveUp(this, true);
        } else {
            blob.widen();
        }
    }

    @Override
    boolean isToLink() {
        return !isToAgent;
    }

    @Override
    boolean asksForAWindow() {
        return state == State.ASKING;
    }

    @Override
    long allowed() {
        return switch (state) {
            case WAITING, ASKING -> 0;
            case OPEN -> Math.min(wanted, written + room.windowBytes());
            case DONE, ENDED -> Long.MAX_VALUE;
        };
    }

    @Override
    void chunk(ChunkView view) {
        if (isLive()) {
            queue.offer(QueuedChunk.of(this, view));
        }
    }

    /** Notes that a chunk was written to the stream. */
    void written(int bytes) {
        boolean isDone;
        boolean tells;
        synchronized (blob) {
            if (state != State.OPEN) {
                return;
            }
            written += bytes;
            isDone = written == total();
            state = isDone ? State.DONE : state;
            tells = isDone && wantsDelivered;
        }
        if (!isDone) {
            blob.onProgress();
            return;
        }
        queue.remove(this);
        room.giveUp(this, true);
        if (tells) {
            blob.tell(Levels.DELIVERED, null);
        }
    }

    @Override
    void end(Error error) {
        State before;
        synchronized (blob) {
            before = state;
            if (before == State.DONE || before == State.ENDED) {
                return;
            }
            state = State.ENDED;
        }
        queue.discard(this, before != State.WAITING || delivery() != 0);
        if (before != State.WAITING) {
            room.giveUp(this, before == State.OPEN);
        }
        Deliveries present = deliveries;
        if (present != null) {
            present.refuse(delivery(), error);
        }
    }

    /** The stream has gone: what was under way is lost; an envelope that still waits keeps its branch. */
    void lost(Error error) {
        boolean isUnderWay;
        synchronized (blob) {
            isUnderWay = state == State.OPEN || state == State.ASKING || delivery != 0;
        }
        if (isUnderWay) {
            blob.onBranchRefused(this, error);
        }
    }

    @Override
    public void receipts(long session, long first, int count, int level, @Nullable Error error) {
        if (level == Levels.REFUSED && error != null) {
            blob.onBranchRefused(this, error);
            return;
        }
        if (level == Levels.DELIVERED) {
            synchronized (blob) {
                if (state != State.DONE) {
                    // The envelope alone was written: said with the last chunk.
                    wantsDelivered = true;
                    return;
                }
            }
        }
        blob.tell(level, error);
    }
}
