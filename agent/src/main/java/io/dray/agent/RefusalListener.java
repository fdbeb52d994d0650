package io.dray.agent;

import io.dray.core.wire.MessageId;
import io.dray.types.v1.Error;

/** Hears of refused messages whose sender asked for no receipt. */
@FunctionalInterface
public interface RefusalListener {
    /**
     * Called on a virtual thread of its own; on the event loop with {@link MeshConfig#inlineCallbacks()}.
     *
     * @param id of the message; of the request for a reply that never left, because its requester takes none
     * @param error why
     */
    void onRefused(MessageId id, Error error);
}
