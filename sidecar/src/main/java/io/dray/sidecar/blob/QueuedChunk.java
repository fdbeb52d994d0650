package io.dray.sidecar.blob;

import io.dray.sidecar.frame.Frame;
import io.dray.sidecar.frame.OutboundFrame;
import io.dray.sidecar.frame.ProtoWriter;
import io.dray.types.v1.Chunk;
import org.jspecify.annotations.Nullable;

/**
 * A chunk that waits for a stream, with a count of the frame that holds its bytes; without a frame it only says that no
 * more will come. Immutable.
 */
public final class QueuedChunk {
    private final BlobKey key;
    private final @Nullable StreamBranch branch;
    private final @Nullable Frame frame;
    private final int start;
    private final int length;
    private final long offset;
    private final boolean last;

    private QueuedChunk(
            BlobKey key, @Nullable StreamBranch branch, @Nullable Frame frame, int start, int length, ChunkView view) {
        this.key = key;
        this.branch = branch;
        this.frame = frame;
        this.start = start;
        this.length = length;
        this.offset = view.offset;
        this.last = view.last;
    }

    private QueuedChunk(BlobKey key) {
        this.key = key;
        this.branch = null;
        this.frame = null;
        this.start = 0;
        this.length = 0;
        this.offset = 0;
        this.last = true;
    }

    /** Returns a received chunk for one branch, with a count of the frame; a small part of a frame is copied out of it. */
    static QueuedChunk of(StreamBranch branch, ChunkView view) {
        if (view.dataLength < view.frame.length() / 2) {
            Frame copy = view.frame.copyOf(view.dataStart, view.dataLength);
            return new QueuedChunk(branch.key(), branch, copy, 0, view.dataLength, view);
        }
        view.frame.retain();
        return new QueuedChunk(branch.key(), branch, view.frame, view.dataStart, view.dataLength, view);
    }

    /** Returns what ends a payload before its time. */
    static QueuedChunk ending(BlobKey key) {
        return new QueuedChunk(key);
    }

    @Nullable
    StreamBranch branch() {
        return branch;
    }

    int length() {
        return length;
    }

    /** Lets go of the frame. */
    public void release() {
        if (frame != null) {
            frame.release();
        }
    }

    /**
     * Adds it to a frame; its bytes are held until {@link #release()}.
     *
     * @param field number of the frame's field for chunks
     * @param head where the fields before the data are written; not to be used again before the frame has left
     */
    public void addTo(OutboundFrame target, int field, ProtoWriter head) {
        head.clear();
        head.fixed64(Chunk.BLOB_FIELD_NUMBER, key.blob());
        head.integer(Chunk.OFFSET_FIELD_NUMBER, offset);
        head.integer(Chunk.LAST_FIELD_NUMBER, last ? 1 : 0);
        head.fixed64(Chunk.SESSION_FIELD_NUMBER, key.session());
        int fields = head.size();
        head.begin(Chunk.DATA_FIELD_NUMBER, length);
        int inner = head.size() + length;
        int fieldsEnd = head.size();
        head.begin(field, inner);
        target.add(head.bytes(), fieldsEnd, head.size() - fieldsEnd);
        target.add(head.bytes(), 0, fields);
        target.add(head.bytes(), fields, fieldsEnd - fields);
        if (frame != null) {
            target.add(frame.bytes(), start, length);
        }
    }
}
