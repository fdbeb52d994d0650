package io.dray.agent;

import io.dray.agent.v1.AttachRequest;

/** Something that rides in frames beside envelopes. Belongs to the loop. */
interface FramePart {
    /**
     * Moves what is pending into a frame, at most about {@code room} bytes unless one item alone is larger and
     * {@code room} is that of an empty frame.
     *
     * @return bytes added; 0 when nothing was pending
     */
    int moveTo(AttachRequest.Builder frame, int room);
}
