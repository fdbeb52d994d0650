package io.dray.core.net;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Runs a drain once on its event loop after the reads that are going on, however often it was requested meanwhile.
 *
 * <p>This is where batches come from without a timer: everything that arrives in one turn of the loop leaves in one
 * frame. Thread-safe; the drain itself only ever runs on the loop, or on a caller that has the loop's turn.
 */
public final class DeferredDrain {
    private final Executor loop;
    private final Runnable drain;
    private final @Nullable CallerRunsLoop callers;
    private final Runnable turn = this::runOnce;
    private final AtomicBoolean requested = new AtomicBoolean();

    /**
     * Creates a drain that is not yet requested.
     *
     * @param loop the event loop of the stream that is written to
     * @param drain writes what is queued while the stream is ready; never called concurrently with itself
     */
    public DeferredDrain(Executor loop, Runnable drain) {
        this.loop = loop;
        this.callers = loop instanceof CallerRunsLoop runs ? runs : null;
        this.drain = drain;
    }

    /** Asks for one run; cheap when one is already on its way. Ignored once the loop has shut down. */
    public void request() {
        if (requested.get() || !requested.compareAndSet(false, true)) {
            return;
        }
        boolean isQueued = false;
        try {
            if (callers == null || !callers.tryRun(turn)) {
                loop.execute(turn);
                isQueued = true;
            }
        } catch (RejectedExecutionException _) {
            // Nobody waits for it any more.
        } finally {
            // Whatever was thrown, as when the caller's stack was full: else no drain would ever run again.
            if (!isQueued) {
                requested.set(false);
            }
        }
    }

    private void runOnce() {
        // Cleared first: what is queued while the drain runs asks for another run instead of being overlooked.
        requested.set(false);
        drain.run();
    }
}
