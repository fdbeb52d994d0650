package io.dray.sidecar.local;

import io.dray.sidecar.queue.Destination;

/** Hears how the delivery of an envelope above AT_MOST_ONCE ended. Called on the loop of the agent; must not block. */
public interface DoneListener {
    /** Its handler returned: a resend is answered without running it again. */
    void onDone(long session, Destination destination, long ordinal);

    /** It was not finished: a resend is delivered again. */
    void onUndone(long session, Destination destination, long ordinal);
}
