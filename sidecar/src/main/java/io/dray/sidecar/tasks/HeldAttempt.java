package io.dray.sidecar.tasks;

import io.dray.agent.v1.Answer;
import io.dray.types.v1.Error;
import org.jspecify.annotations.Nullable;

/**
 * One attempt that this node answers for. Control loop only.
 *
 * <pre>
 * RUNNING -end-> ENDED -receipt, worker has stopped-> forgotten
 *    |             '--receipt, worker has not stopped-> FENCED
 *    '--fence--> FENCED -worker has stopped-> forgotten
 * </pre>
 */
final class HeldAttempt {
    final AttemptKey key;
    final long memoryBytes;
    String instance;
    Phase phase = Phase.RUNNING;
    /** When this node's own count of the lease ends. */
    long leaseUntilNanos;

    boolean started;
    boolean cancelWanted;
    /** Why the router does not count the outcome; null while it has not said so. */
    @Nullable
    Error refusal;
    /** The question for which it is parked; 0 while it is not. */
    long questionNumber;
    /** The last answer that came, said again to a worker that comes back without it. */
    @Nullable
    Answer answer;
    /** The worker does not run it any more, so its slot is free. */
    boolean stopped;
    /** The event with the outcome; 0 before there is one. */
    long outcomeNumber;

    /** Where it is in its life. */
    enum Phase {
        /** The worker runs it, or will. */
        RUNNING,
        /** Its outcome is on the way to the router. */
        ENDED,
        /** The router has done with it; the worker was told to stop. */
        FENCED
    }

    /** Whether it takes a slot of its worker. */
    boolean takesSlot() {
        return !stopped && questionNumber == 0;
    }

    HeldAttempt(AttemptKey key, String instance, long memoryBytes, long leaseUntilNanos) {
        this.key = key;
        this.instance = instance;
        this.memoryBytes = memoryBytes;
        this.leaseUntilNanos = leaseUntilNanos;
    }
}
