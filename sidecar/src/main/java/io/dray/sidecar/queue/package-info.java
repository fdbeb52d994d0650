/** Bounded lanes of envelopes that wait for one stream. Start at {@link io.dray.sidecar.queue.LaneQueue}. */
@NullMarked
package io.dray.sidecar.queue;

import org.jspecify.annotations.NullMarked;
