package io.dray.agent;

import io.dray.core.wire.MessageId;
import io.dray.types.v1.Error;
import org.jspecify.annotations.Nullable;

/** Hears of refusals that no handle and no future waits for. */
@FunctionalInterface
interface UnheardListener {
    /**
     * Called on the loop.
     *
     * @param reply the large reply whose requester waits in vain; null for any other message
     */
    void onRefused(MessageId id, Error error, @Nullable Outgoing reply);
}
