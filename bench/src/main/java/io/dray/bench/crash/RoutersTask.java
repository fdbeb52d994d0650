package io.dray.bench.crash;

import com.google.protobuf.Timestamp;
import io.dray.router.v1.Task;
import io.dray.router.v1.TaskState;
import java.util.concurrent.TimeUnit;

/**
 * What the harness wants to know of a task as the router knows it.
 *
 * @param state where it is in its life
 * @param token of its newest attempt
 * @param finishedMicros when it ended, in Unix microseconds; {@link Life#NEVER} when it has not
 */
record RoutersTask(TaskState state, long token, long finishedMicros) {
    static RoutersTask of(Task task) {
        return new RoutersTask(
                task.getState(), task.getToken(), task.hasFinishedAt() ? micros(task.getFinishedAt()) : Life.NEVER);
    }

    boolean hasSucceeded() {
        return state == TaskState.TASK_STATE_SUCCEEDED;
    }

    private static long micros(Timestamp time) {
        return TimeUnit.SECONDS.toMicros(time.getSeconds()) + TimeUnit.NANOSECONDS.toMicros(time.getNanos());
    }
}
