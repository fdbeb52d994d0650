/** Bytes and names: the strict walk over envelopes, frames, addresses, errors. Start at {@link EnvelopeWalker}. */
@NullMarked
package io.dray.core.wire;

import org.jspecify.annotations.NullMarked;
