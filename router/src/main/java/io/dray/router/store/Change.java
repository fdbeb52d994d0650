package io.dray.router.store;

import com.google.protobuf.ByteString;
import io.dray.router.tasks.TaskSnapshot;

/** What one commit does to one task; at most one change per task and commit. Immutable. */
public sealed interface Change {
    TaskSnapshot task();

    /** A task that the store does not know; it may have ended already. */
    record Insert(TaskSnapshot task, ByteString payload) implements Change {}

    /** A live task that stays live. */
    record Update(TaskSnapshot task) implements Change {}

    /** A live task that ended: it moves to the finished ones. */
    record Finish(TaskSnapshot task) implements Change {}
}
