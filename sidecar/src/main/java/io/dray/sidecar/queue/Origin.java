package io.dray.sidecar.queue;

import io.dray.types.v1.Error;
import org.jspecify.annotations.Nullable;

/**
 * Whom an envelope came from, as far as answers about it go: an attached agent or the link from a peer.
 *
 * <p>Thread-safe: any event loop may call any method; none blocks or calls back.
 */
public interface Origin {
    /**
     * Tells the sender what became of a run of its envelopes.
     *
     * @param first sequence of the first one; the others follow it without a gap
     * @param level a number of {@code ReceiptLevel}
     * @param error why, for REFUSED
     */
    void receipts(long session, long first, int count, int level, @Nullable Error error);

    /** Tells the sender what became of one of its envelopes. */
    default void receipt(long session, long sequence, int level, @Nullable Error error) {
        receipts(session, sequence, 1, level, error);
    }

    /**
     * Asks the sender to hold back what is for a destination in one lane, 0 to 3, or takes that back. Each queue asks
     * once and takes it back once; the sender goes on when all that asked have taken it back.
     */
    void flow(Destination destination, int lane, boolean paused);

    /** Adds (or with a negative number takes away) bytes that wait in this process on behalf of the sender. */
    void held(long bytes);

    /**
     * Tells the sender how much of a large payload it may send.
     *
     * @param bytes total from the start of the payload
     */
    default void blobWindow(long session, long blob, long bytes) {
        // Who sends no large payloads never gets one.
    }
}
