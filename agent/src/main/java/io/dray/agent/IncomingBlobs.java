package io.dray.agent;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.dray.agent.v1.AttachRequest;
import io.dray.core.wire.FrameWalker;
import io.dray.core.wire.MeshError;
import io.dray.types.v1.BlobWindow;
import io.dray.types.v1.Chunk;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.dray.types.v1.HopNote;
import io.dray.types.v1.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The payloads that come as chunks: each waits until there is room for it, is allowed to come as a whole, and is handed
 * on with its envelope once all of it is there. What has come counts until its handler has returned, so that a slow
 * agent does not fill its heap. Belongs to the loop, but for {@link #release}.
 */
final class IncomingBlobs implements FramePart {
    private static final int SEGMENT_BYTES = 1 << 20;
    private static final int WINDOW_BYTES = 32;

    /** A delivery whose payload is on its way, as its envelope came. */
    record Whole(Incoming incoming, HopNote note, long number, int stream) {}

    /** Hears what became of payloads. */
    interface Listener {
        /** All of it is there: the payload stands in the message. */
        void onWhole(Whole delivery);

        /** It will not come, or is refused. */
        void onDropped(Whole delivery, @Nullable Error refusal);
    }

    private record Key(long session, long blob) {}

    private static final class Part {
        final Whole delivery;
        final long total;
        final List<ByteString> segments = new ArrayList<>();
        byte[] segment = new byte[0];
        int used;
        long received;

        Part(Whole delivery, long total) {
            this.delivery = delivery;
            this.total = total;
        }

        void take(byte[] bytes, int start, int length) {
            int taken = 0;
            while (taken < length) {
                if (used == segment.length) {
                    seal();
                    segment = new byte[(int) Math.min(SEGMENT_BYTES, total - received)];
                }
                int fits = Math.min(length - taken, segment.length - used);
                System.arraycopy(bytes, start + taken, segment, used, fits);
                used += fits;
                taken += fits;
                received += fits;
            }
        }

        ByteString payload() {
            seal();
            return ByteString.copyFrom(segments);
        }

        private void seal() {
            if (used > 0) {
                segments.add(UnsafeByteOperations.unsafeWrap(segment, 0, used));
                used = 0;
            }
        }
    }

    private final Loop loop;
    private final long limitBytes;
    private final Runnable requestDrain;
    private @Nullable Listener listener;
    private final FrameWalker walker = new FrameWalker();
    private final Map<Key, Part> parts = new HashMap<>();
    private final Queue<Key> waiting = new ArrayDeque<>();
    private final Queue<BlobWindow> windows = new ArrayDeque<>();
    private long heldBytes;

    /**
     * Creates it empty.
     *
     * @param limitBytes what is taken at a time, beside replies
     */
    IncomingBlobs(Loop loop, long limitBytes, Runnable requestDrain) {
        this.loop = loop;
        this.limitBytes = limitBytes;
        this.requestDrain = requestDrain;
    }

    /** Sets who hears; once, before anything comes. */
    void listen(Listener hearing) {
        listener = hearing;
    }

    /** Bytes of payloads that come, wait for a handler or are handled; replies apart. Loop only. */
    long heldBytes() {
        return heldBytes;
    }

    /** Payloads that have not come whole. Loop only. */
    int size() {
        return parts.size();
    }

    /** Takes an envelope whose payload follows. */
    void begin(Whole delivery) {
        Incoming incoming = delivery.incoming();
        long total = incoming.blobBytes();
        if (total <= 0 || total > limitBytes) {
            listener().onDropped(delivery, Errors.tooLarge(Code.CODE_TOO_LARGE, "The payload", total, limitBytes));
            return;
        }
        var key = new Key(incoming.session(), incoming.blob());
        if (parts.putIfAbsent(key, new Part(delivery, total)) != null) {
            listener().onDropped(delivery, MeshError.of(Code.CODE_BAD_SEQUENCE, "The payload is on its way already."));
            return;
        }
        waiting.add(key);
        admit();
    }

    /** Takes a chunk; one of a payload that was dropped is ignored. */
    void onChunk(byte[] bytes, int start, int length) {
        long blob = 0;
        long session = 0;
        long offset = 0;
        boolean isLast = false;
        int data = start;
        int size = 0;
        walker.start(bytes, start, length);
        while (walker.next()) {
            switch (walker.field()) {
                case Chunk.BLOB_FIELD_NUMBER -> blob = walker.number();
                case Chunk.SESSION_FIELD_NUMBER -> session = walker.number();
                case Chunk.OFFSET_FIELD_NUMBER -> offset = walker.number();
                case Chunk.LAST_FIELD_NUMBER -> isLast = walker.number() != 0;
                case Chunk.DATA_FIELD_NUMBER -> {
                    data = walker.contentStart();
                    size = walker.contentLength();
                }
                default -> {}
            }
        }
        var key = new Key(session, blob);
        Part part = parts.get(key);
        if (part == null) {
            return;
        }
        if (offset != part.received || size > part.total - part.received) {
            drop(key, part, MeshError.of(Code.CODE_BAD_SEQUENCE, "The chunks of the payload do not fit together."));
            return;
        }
        take(key, part, bytes, data, size, isLast);
    }

    private void take(Key key, Part part, byte[] bytes, int data, int size, boolean isLast) {
        part.take(bytes, data, size);
        if (part.received == part.total) {
            parts.remove(key);
            part.delivery.incoming().payload(part.payload());
            listener().onWhole(part.delivery);
        } else if (isLast) {
            // The sender gave it up, or a sidecar on the way did: who sent it knows.
            drop(key, part, null);
        }
    }

    /** Lets go of a payload whose handler has returned. Any thread; may be called again. */
    void release(Incoming incoming) {
        long bytes = incoming.takeHeldBytes();
        if (bytes > 0) {
            loop.run(() -> {
                heldBytes -= bytes;
                admit();
            });
        }
    }

    /** Drops what came in part on a stream that has ended. */
    void restart() {
        windows.clear();
        waiting.clear();
        List<Part> lost = List.copyOf(parts.values());
        parts.clear();
        for (Part part : lost) {
            release(part.delivery.incoming());
            listener().onDropped(part.delivery, null);
        }
    }

    @Override
    public int moveTo(AttachRequest.Builder frame, int room) {
        int used = 0;
        while (!windows.isEmpty() && used < room) {
            frame.addBlobWindows(windows.remove());
            used += WINDOW_BYTES;
        }
        return used;
    }

    /** Lets as many come as there is room for, in their order; a reply was asked for and does not wait. */
    private void admit() {
        for (var next = waiting.iterator(); next.hasNext(); ) {
            Key key = next.next();
            Part part = parts.get(key);
            if (part == null) {
                next.remove();
                continue;
            }
            boolean isReply = part.delivery.incoming().kind() == Kind.KIND_REPLY;
            if (!isReply && heldBytes + part.total > limitBytes) {
                continue;
            }
            next.remove();
            if (!isReply) {
                heldBytes += part.total;
                part.delivery.incoming().heldBytes(part.total);
            }
            allow(key, part);
        }
    }

    private void allow(Key key, Part part) {
        windows.add(BlobWindow.newBuilder()
                .setSession(key.session)
                .setBlob(key.blob)
                .setBytes(part.total)
                .build());
        requestDrain.run();
    }

    private void drop(Key key, Part part, @Nullable Error refusal) {
        parts.remove(key);
        release(part.delivery.incoming());
        listener().onDropped(part.delivery, refusal);
    }

    private Listener listener() {
        if (listener == null) {
            throw new IllegalStateException("nobody listens yet");
        }
        return listener;
    }
}
