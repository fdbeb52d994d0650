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
     * @param id of what was refused; of the request when its reply never left
     * @param reply the reply whose requester waits in vain: a large one, or one that never left; null for any other message
     */
    void onRefused(MessageId id, Error error, @Nullable Outgoing reply);
}
