/**
 * Large payloads on their way through: their chunks, windows and queues. Start at {@link io.dray.sidecar.blob.Blobs}.
 */
@NullMarked
package io.dray.sidecar.blob;

import org.jspecify.annotations.NullMarked;
