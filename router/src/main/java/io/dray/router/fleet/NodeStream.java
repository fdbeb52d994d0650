package io.dray.router.fleet;

import io.dray.router.tasks.AttemptKey;
import io.dray.types.v1.Error;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The way to one sidecar's work stream. Thread-safe; never blocks; what is sent after the end is dropped. */
public interface NodeStream {
    /** Returns whether another assignment may be sent; false when the sidecar reads too slowly. */
    boolean hasRoom();

    /** Answers the hello of an accepted node. */
    void welcome(long epoch);

    void assign(Assignment assignment);

    void cancel(List<AttemptKey> attempts);

    /** Passes an answer to a parked attempt; may be said more than once. */
    void answer(Answer answer);

    /** Ends an event: stored, or refused when an error is given. */
    void receipt(long eventNumber, @Nullable Error refusal);

    /** Says whether the node gets nothing new, now and with all that follows. */
    void cordoned(boolean cordoned);

    /** Says which report was taken. */
    void reportTaken(long number);

    /** Ends the stream. */
    void end(Error reason);
}
