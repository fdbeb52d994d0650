package io.dray.agent;

import io.dray.core.wire.MessageId;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What becomes of one sent message. Each future completes exactly once: with the receipt of its level or a higher one,
 * or with a {@link MeshException}. A level that the message did not ask for ({@link Message#receipt}) fails at once with
 * INVALID_REQUEST; AT_LEAST_ONCE asks for DONE by itself.
 */
public interface SendHandle {
    /** Returns the id; empty until the message has left the outbox, known when {@link #accepted()} completes. */
    Optional<MessageId> id();

    /** Completes when the sidecar has queued it. */
    CompletableFuture<Receipt> accepted();

    /** Completes when it was written to the receiving agent. */
    CompletableFuture<Receipt> delivered();

    /** Completes when the receiving agent's handler has returned. */
    CompletableFuture<Receipt> done();
}
