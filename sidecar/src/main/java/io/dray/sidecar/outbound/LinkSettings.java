package io.dray.sidecar.outbound;

import io.dray.sidecar.frame.FrameLimits;
import java.time.Duration;

/**
 * How links behave.
 *
 * @param self who they come from
 * @param compression when frames are compressed
 * @param batch how much a frame gathers
 * @param queueBytes bytes that may wait for one stream of a link, in each lane
 * @param patience how long envelopes wait for a link that is down
 * @param windowBytes HTTP/2 window of what the peer says back
 * @param connections to one peer: with 2 urgent envelopes have one of their own, with 3 each stream
 */
public record LinkSettings(
        Self self,
        CompressionPolicy.Settings compression,
        FrameLimits batch,
        long queueBytes,
        Duration patience,
        int windowBytes,
        int connections) {
    /** As many as a link has streams. */
    public static final int MAX_CONNECTIONS = 3;

    /**
     * This sidecar.
     *
     * @param node its name
     * @param incarnation its start in Unix nanoseconds
     * @param mesh name of the mesh
     */
    public record Self(String node, long incarnation, String mesh) {}
}
