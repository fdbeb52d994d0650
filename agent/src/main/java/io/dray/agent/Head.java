package io.dray.agent;

import io.dray.types.v1.Envelope;

/** What a message says beside its payload and the type of it. Immutable. */
sealed interface Head permits Template, Incoming {
    /** Returns it as an envelope of the contract; that of a received message is whole. */
    Envelope envelope();

    /** Returns the sender's session; 0 for what was not received. */
    long session();

    /** Returns the number within the session. */
    long sequence();

    /** Returns how many agents its chain of causes passed. */
    int hops();
}
