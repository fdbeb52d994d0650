package io.dray.sidecar.blob;

import io.dray.core.wire.FrameWalker;
import io.dray.core.wire.MeshError;
import io.dray.sidecar.frame.Frame;
import io.dray.types.v1.Chunk;
import io.dray.types.v1.Code;
import io.grpc.StatusRuntimeException;

/** A chunk as it stands in a received frame. A flyweight, read again for each; belongs to one loop. */
@SuppressWarnings("NullAway.Init") // read before each use
public final class ChunkView {
    private final FrameWalker walker = new FrameWalker();
    Frame frame;
    long blob;
    long offset;
    boolean last;
    int dataStart;
    int dataLength;
    private long session;

    /**
     * Reads a chunk.
     *
     * @return false when the bytes are none
     */
    public boolean read(Frame from, int start, int length) {
        frame = from;
        blob = 0;
        offset = 0;
        last = false;
        session = 0;
        dataStart = start;
        dataLength = 0;
        walker.start(from.bytes(), start, length);
        while (walker.next()) {
            if (!field()) {
                return false;
            }
        }
        return !walker.isRefused();
    }

    /** Returns what ends a stream that carried bytes which are no chunk. */
    public static StatusRuntimeException notValid(int length) {
        return MeshError.toStatus(MeshError.of(
                Code.CODE_BAD_FRAME, "a chunk is not valid", length + " B", "a protobuf message of that type"));
    }

    /** The session that it names; 0 for none. */
    public long session() {
        return session;
    }

    private boolean field() {
        switch (walker.field()) {
            case Chunk.BLOB_FIELD_NUMBER -> blob = walker.number();
            case Chunk.OFFSET_FIELD_NUMBER -> offset = walker.number();
            case Chunk.LAST_FIELD_NUMBER -> last = walker.number() != 0;
            case Chunk.SESSION_FIELD_NUMBER -> session = walker.number();
            case Chunk.DATA_FIELD_NUMBER -> {
                dataStart = walker.contentStart();
                dataLength = walker.contentLength();
            }
            default -> {
                return true;
            }
        }
        return walker.wireType() == wireType(walker.field());
    }

    private static int wireType(int field) {
        return switch (field) {
            case Chunk.DATA_FIELD_NUMBER -> FrameWalker.LENGTH_DELIMITED;
            case Chunk.BLOB_FIELD_NUMBER, Chunk.SESSION_FIELD_NUMBER -> FrameWalker.FIXED64;
            default -> FrameWalker.VARINT;
        };
    }
}
