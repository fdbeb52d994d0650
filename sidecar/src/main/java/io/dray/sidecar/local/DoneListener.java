package io.dray.sidecar.local;

import io.dray.sidecar.queue.Destination;

/**
 * Hears how deliveries of envelopes above AT_MOST_ONCE ended, as runs of ordinals. Called on the loop of the agent; must
 * not block.
 */
public interface DoneListener {
    /** Their handlers returned: a resend is answered without running it again. */
    void onDone(long session, Destination destination, long ordinal, int count);

    /** They were not finished: a resend is delivered again. */
    void onUndone(long session, Destination destination, long ordinal, int count);
}
