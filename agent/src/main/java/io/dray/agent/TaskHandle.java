package io.dray.agent;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A submitted task. Thread-safe. */
public interface TaskHandle {
    /** Returns the task's id. */
    String id();

    /** Whether the idempotency key was known, so that this is the task of an earlier submission. */
    boolean existed();

    /** Completes when the task has ended; survives reconnects. The same future on each call. */
    CompletableFuture<TaskOutcome> result();

    /**
     * Calls back with the task as it is now and on each change until it has ended, in order, on a virtual thread.
     * Progress is coalesced.
     */
    void watch(Consumer<TaskStatus> listener);

    /** Asks for cancellation; returns when the wish is committed. The result then becomes CANCELLED, or it ended before. */
    void cancel(String reason);

    /**
     * Answers what the task's worker asked, {@link TaskStatus#question()}; returns when the answer is committed. The same
     * answer again changes nothing.
     *
     * @param answer at most 64 KiB
     * @throws MeshException INVALID_REQUEST when the task asks nothing
     */
    void answer(byte[] answer);
}
