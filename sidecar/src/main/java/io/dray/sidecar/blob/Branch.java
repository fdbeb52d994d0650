package io.dray.sidecar.blob;

import io.dray.sidecar.queue.Destination;
import io.dray.sidecar.queue.Origin;
import io.dray.types.v1.Error;

/**
 * One way that a large payload takes out of this sidecar. Its changing fields are guarded by its {@link Blob}, which is
 * never locked while something else is called.
 */
abstract sealed class Branch implements Origin permits StreamBranch, Assembly {
    final Blob blob;

    Branch(Blob blob) {
        this.blob = blob;
    }

    final BlobKey key() {
        return blob.key();
    }

    final long total() {
        return blob.claim().total();
    }

    /** Whether another sidecar has branches of its own behind it. */
    boolean isToLink() {
        return false;
    }

    /** Whether the other side takes it, and only room for a window of it is missing. Called under the lock of the blob. */
    boolean asksForAWindow() {
        return false;
    }

    /** How many agents get it there, as far as this sidecar knows. Called under the lock of the blob. */
    int takers() {
        return 1;
    }

    /** How much of the payload it takes by now. Called under the lock of the blob. */
    abstract long allowed();

    /** Takes a chunk, in order and within what it allowed. */
    abstract void chunk(ChunkView view);

    /** Ends it: nothing more comes. Does nothing when it has ended or is done. */
    abstract void end(Error error);

    @Override
    public final void flow(Destination destination, int lane, boolean paused) {
        blob.flow(destination, lane, paused);
    }

    @Override
    public final void held(long bytes) {
        blob.held(bytes);
    }
}
