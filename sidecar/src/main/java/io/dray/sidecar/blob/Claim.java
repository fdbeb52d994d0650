package io.dray.sidecar.blob;

import io.dray.core.wire.MeshError;
import io.dray.sidecar.queue.Origin;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import org.jspecify.annotations.Nullable;

/**
 * What the envelope of a large payload says of it, and the words to its sender. Immutable.
 *
 * @param owner what it ends with: the stream or node that it comes from
 * @param total bytes of the whole payload
 */
record Claim(Object owner, Origin sender, long session, long sequence, long blob, long total, long deadlineMicros) {
    BlobKey key() {
        return new BlobKey(session, blob);
    }

    void tell(int level, @Nullable Error error) {
        sender.receipt(session, sequence, level, error);
    }

    /** Tells the sender how far it may send. */
    void window(long bytes) {
        sender.blobWindow(session, blob, bytes);
    }

    /** Returns what is wrong with a chunk after so many bytes, of which so many were allowed; null for nothing. */
    @Nullable
    Error broken(ChunkView chunk, long received, long granted) {
        if (chunk.offset != received) {
            return error(Code.CODE_BAD_SEQUENCE, "a chunk does not continue the payload", chunk, "offset " + received);
        }
        boolean isTooSmall = chunk.dataLength < Blobs.MIN_CHUNK_BYTES && !chunk.last;
        if (isTooSmall || chunk.dataLength > Blobs.MAX_CHUNK_BYTES) {
            return error(
                    Code.CODE_TOO_LARGE, "a chunk of that size is not taken", chunk, "4 to 64 KiB but for the last");
        }
        long end = received + chunk.dataLength;
        if (end > granted || (end == total) != chunk.last) {
            return error(Code.CODE_TOO_LARGE, "a chunk beyond what is allowed", chunk, "at most byte " + granted);
        }
        return null;
    }

    /** What ends a payload whose last chunk comes too early. */
    static Error givenUp(ChunkView chunk) {
        return error(Code.CODE_CANCELLED, "the sender gave the payload up", chunk, "chunks up to the end");
    }

    Error expired(String why, long received, String expected) {
        return MeshError.of(Code.CODE_EXPIRED, why, "after " + received + " of " + total + " B", expected);
    }

    private static Error error(Code code, String message, ChunkView chunk, String expected) {
        return MeshError.of(code, message, chunk.dataLength + " B at " + chunk.offset, expected);
    }
}
