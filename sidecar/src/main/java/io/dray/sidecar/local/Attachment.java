package io.dray.sidecar.local;

import io.dray.agent.v1.Answer;
import io.dray.agent.v1.Assignment;
import io.dray.agent.v1.Attempt;
import io.dray.types.v1.BlobWindow;
import io.dray.types.v1.Error;

/**
 * The stream, or call, by which an agent is attached now. Thread-safe: any loop may call it.
 */
public interface Attachment {
    /** Says that something waits for the agent; it is written after the reads of this turn. */
    void wake();

    /** Sends a task. */
    void assign(Assignment assignment);

    /** Asks to stop an attempt. */
    void cancel(Attempt attempt);

    /** Passes the answer to a question of an attempt. */
    void answer(Answer answer);

    /** Says that an outcome is stored. */
    void finished(Attempt attempt);

    /** Tells how much of a large payload the agent may send. */
    void allow(BlobWindow window);

    /** Ends it because of the sidecar or of another attachment. */
    void end(Error error);

    /** How long ago anything was heard on its connection, answers to pings included. */
    long nanosSinceHeard();
}
