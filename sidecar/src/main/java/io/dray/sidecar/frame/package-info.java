/** Frames as bytes: pooled on the way in, ranges of other frames on the way out. Start at {@link io.dray.sidecar.frame.Frame}. */
@NullMarked
package io.dray.sidecar.frame;

import org.jspecify.annotations.NullMarked;
