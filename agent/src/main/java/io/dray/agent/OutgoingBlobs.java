package io.dray.agent;

import com.google.protobuf.ByteString;
import io.dray.agent.v1.AttachRequest;
import io.dray.types.v1.BlobWindow;
import io.dray.types.v1.Chunk;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The payloads that leave as chunks: first goes the envelope alone, then, as far as the other side allows, one chunk
 * beside the envelopes of each frame, in turn. Belongs to the loop, but for {@link #onQueued} and {@link #room}.
 */
final class OutgoingBlobs {
    /** Larger payloads leave as chunks. */
    static final int THRESHOLD_BYTES = 64 * 1024;

    /** With a whole frame of envelopes it stays below 256 KiB, which the sidecar has arrays for. */
    static final int CHUNK_BYTES = 60 * 1024;

    /** Bytes of such payloads at which their senders wait, and at which they go on. */
    private static final long STOP_BYTES = 64L << 20;

    private static final long GO_ON_BYTES = 32L << 20;

    private final Room room = new Room(STOP_BYTES, GO_ON_BYTES);
    private final Map<Long, OutgoingBlob> byId = new HashMap<>();
    private final Queue<OutgoingBlob> ready = new ArrayDeque<>();
    private final Queue<Chunk> endings = new ArrayDeque<>();
    private final Runnable requestDrain;
    private long lastId;

    /** Creates it with nothing under way; {@code requestDrain} has the next frame written. */
    OutgoingBlobs(Runnable requestDrain) {
        this.requestDrain = requestDrain;
    }

    /** Where senders of large payloads wait. Any thread. */
    Gate room() {
        return room.gate();
    }

    /** Bytes of payloads that wait or may have to be sent again. Any thread. */
    long queuedBytes() {
        return room.used();
    }

    /** Whether no payload is under way. */
    boolean isEmpty() {
        return byId.isEmpty();
    }

    /** Counts a payload in. Any thread, before the loop has it. */
    void onQueued(OutgoingBlob blob) {
        blob.isCounted = true;
        room.add(blob.size);
    }

    /** Gives a payload the number under which it is about to be sent: another one each time. */
    void number(OutgoingBlob blob) {
        stop(blob);
        blob.id = ++lastId;
    }

    /** Notes that the envelope is written. */
    void begin(OutgoingBlob blob, long sequence) {
        blob.sequence = sequence;
        blob.sent = 0;
        blob.allowed = 0;
        blob.isUnderWay = true;
        byId.put(blob.id, blob);
    }

    /** Hears how much may be sent; one window of what is over may still be on its way. */
    void onWindow(BlobWindow window) {
        OutgoingBlob blob = byId.get(window.getBlob());
        if (blob == null || Long.compareUnsigned(window.getBytes(), blob.allowed) <= 0) {
            return;
        }
        blob.allowed = Math.min(blob.size, window.getBytes() < 0 ? Long.MAX_VALUE : window.getBytes());
        makeReady(blob);
    }

    /**
     * Hears that a message whose sender does not wait for its end was refused.
     *
     * @return the reply that it was; null for anything else
     */
    @Nullable
    Outgoing onRefused(long sequence) {
        for (OutgoingBlob blob : byId.values()) {
            if (blob.sequence == sequence) {
                giveUp(blob);
                return blob.reply;
            }
        }
        return null;
    }

    /** Stops sending a payload, which may be sent again later from its start. */
    void stop(OutgoingBlob blob) {
        if (!blob.isUnderWay) {
            return;
        }
        forget(blob);
        endings.add(Chunk.newBuilder()
                .setBlob(blob.id)
                .setOffset(blob.sent)
                .setLast(true)
                .build());
        requestDrain.run();
    }

    /** Ends a payload for good: its message is settled or was refused. May be called again. */
    void giveUp(OutgoingBlob blob) {
        stop(blob);
        uncount(blob);
    }

    /** Forgets what was under way on a stream that has ended. */
    void onDetached() {
        endings.clear();
        ready.clear();
        for (OutgoingBlob blob : byId.values()) {
            blob.isReady = false;
            blob.isUnderWay = false;
            if (!blob.isKept) {
                uncount(blob);
            }
        }
        byId.clear();
    }

    /** Adds one chunk to a frame, if there is one to send: what an urgent message may have to wait for. */
    void addTo(OutFrame frame) {
        if (endings.isEmpty() && ready.isEmpty()) {
            return;
        }
        Chunk ending = endings.poll();
        OutgoingBlob blob = ending == null ? ready.poll() : null;
        if (blob != null) {
            blob.isReady = false;
            frame.add(AttachRequest.newBuilder().addChunks(cut(blob)).build());
        } else if (ending != null) {
            frame.add(AttachRequest.newBuilder().addChunks(ending).build());
        }
    }

    private Chunk cut(OutgoingBlob blob) {
        int size = (int) Math.min(CHUNK_BYTES, blob.left());
        long start = blob.sent;
        blob.sent += size;
        blob.hasMoved = true;
        boolean isLast = blob.left() == 0;
        Chunk chunk = Chunk.newBuilder()
                .setBlob(blob.id)
                .setOffset(start)
                .setData(blob.payload.substring((int) start, (int) start + size))
                .setLast(isLast)
                .build();
        if (!isLast) {
            makeReady(blob);
            return chunk;
        }
        forget(blob);
        if (!blob.isKept) {
            uncount(blob);
        }
        return chunk;
    }

    /** Whole chunks only: the receiver takes no small ones before the last. */
    private void makeReady(OutgoingBlob blob) {
        if (!blob.isReady && blob.allowed - blob.sent >= Math.min(CHUNK_BYTES, blob.left())) {
            blob.isReady = true;
            ready.add(blob);
        }
    }

    private void forget(OutgoingBlob blob) {
        blob.isUnderWay = false;
        byId.remove(blob.id);
        if (blob.isReady) {
            blob.isReady = false;
            ready.remove(blob);
        }
    }

    private void uncount(OutgoingBlob blob) {
        if (blob.isCounted) {
            blob.isCounted = false;
            blob.payload = ByteString.EMPTY;
            room.remove(blob.size);
            room.openIfRoom();
        }
    }
}
