package io.dray.sidecar.tasks;

import io.dray.agent.v1.Answer;
import io.dray.agent.v1.Assignment;
import io.dray.agent.v1.Attempt;
import io.dray.types.v1.Error;
import org.jspecify.annotations.Nullable;

/** The way to the workers attached to this sidecar. Thread-safe; never blocks. */
public interface WorkerPort {
    /** Sends an assignment; false when the instance is not attached. */
    boolean assign(String instance, Assignment assignment);

    /** Asks to stop an attempt; false when the instance is not attached. */
    boolean cancel(String instance, Attempt attempt);

    /** Passes the answer to a question; false when the instance is not attached. */
    boolean answer(String instance, Answer answer);

    /**
     * Says that an outcome is stored or fenced; false when the instance is not attached.
     *
     * @param refusal why it is fenced; null when it is stored
     */
    boolean finished(String instance, Attempt attempt, @Nullable Error refusal);

    /** Returns how long ago anything was heard of the instance, pings included; Long.MAX_VALUE when it is gone. */
    long nanosSinceHeard(String instance);
}
