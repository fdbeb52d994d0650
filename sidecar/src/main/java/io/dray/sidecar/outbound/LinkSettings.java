package io.dray.sidecar.outbound;

import java.time.Duration;

/**
 * How links behave.
 *
 * @param node name of this node
 * @param incarnation its start in Unix nanoseconds
 * @param mesh name of the mesh
 * @param compression when frames are compressed
 * @param compressionThresholdBytes smallest frame that is compressed
 * @param queueBytes bytes that may wait for one stream of a link
 * @param patience how long envelopes wait for a link that is down
 */
public record LinkSettings(
        String node,
        long incarnation,
        String mesh,
        CompressionPolicy.Mode compression,
        int compressionThresholdBytes,
        long queueBytes,
        Duration patience) {}
