package io.dray.agent;

import io.dray.router.v1.TaskState;
import io.dray.types.v1.Error;
import java.util.Optional;

/**
 * Where a task is in its life.
 *
 * @param attempts attempts so far
 * @param percent 0-100, as the worker said last
 * @param message what the worker said last
 * @param node node of the newest attempt; empty before the first
 * @param instance worker of the newest attempt; empty before the first
 * @param error why the last attempt, or the task, failed
 */
public record TaskStatus(
        String id,
        TaskState state,
        int attempts,
        int percent,
        String message,
        String node,
        String instance,
        Optional<Error> error) {

    /** Whether the task has ended. */
    public boolean isFinished() {
        return switch (state) {
            case TASK_STATE_SUCCEEDED, TASK_STATE_FAILED, TASK_STATE_CANCELLED, TASK_STATE_EXPIRED -> true;
            case TASK_STATE_UNSPECIFIED,
                    TASK_STATE_WAITING,
                    TASK_STATE_PENDING,
                    TASK_STATE_ASSIGNED,
                    TASK_STATE_RUNNING,
                    TASK_STATE_PARKED,
                    UNRECOGNIZED -> false;
        };
    }
}
