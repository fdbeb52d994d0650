package io.dray.sidecar.queue;

import io.dray.types.v1.Error;
import org.jspecify.annotations.Nullable;

/**
 * A sender as the origin of its publications: it hears that one was accepted, once, and when to hold back. What single
 * subscribers miss is counted and not told: each would say something else of the same envelope. Thread-safe.
 */
public final class PublisherOrigin implements Origin {
    private final Origin sender;
    private final RefusalCounts missed;

    /**
     * Creates it beside a sender.
     *
     * @param missed counts what subscribers missed
     */
    public PublisherOrigin(Origin sender, RefusalCounts missed) {
        this.sender = sender;
        this.missed = missed;
    }

    @Override
    public void receipts(long session, long first, int count, int level, @Nullable Error error) {
        if (error != null) {
            missed.add(error.getCode(), count);
        } else if (level == Levels.ACCEPTED) {
            sender.receipts(session, first, count, level, null);
        }
    }

    @Override
    public void flow(Destination destination, int lane, boolean paused) {
        sender.flow(destination, lane, paused);
    }

    @Override
    public void held(long bytes) {
        sender.held(bytes);
    }

    @Override
    public void blobWindow(long session, long blob, long bytes) {
        sender.blobWindow(session, blob, bytes);
    }
}
