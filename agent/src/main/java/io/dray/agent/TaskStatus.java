package io.dray.agent;

import com.google.protobuf.ByteString;
import io.dray.router.v1.Task;
import io.dray.router.v1.TaskState;
import io.dray.types.v1.Error;
import java.util.Optional;

/** Where a submitted task is in its life. Immutable. */
public final class TaskStatus {
    private final Task task;

    private TaskStatus(Task task) {
        this.task = task;
    }

    /** Returns the status in a task of the contract. */
    public static TaskStatus of(Task task) {
        return new TaskStatus(task);
    }

    /** Returns the task's id. */
    public String id() {
        return task.getTaskId();
    }

    /** Returns the state. */
    public TaskState state() {
        return task.getState();
    }

    /** Returns how many attempts there were so far. */
    public int attempts() {
        return task.getAttempts();
    }

    /** Returns how far the worker says it is: 0-100. */
    public int percent() {
        return task.getPercent();
    }

    /** Returns what the worker said last. */
    public String message() {
        return task.getMessage();
    }

    /** Returns the node of the newest attempt; empty before the first. */
    public String node() {
        return task.getNode();
    }

    /** Returns the worker of the newest attempt; empty before the first. */
    public String instance() {
        return task.getInstance();
    }

    /** Returns what the worker asked, while nobody has answered. */
    public Optional<ByteString> question() {
        return task.getQuestion().isEmpty() || task.hasAnswer() ? Optional.empty() : Optional.of(task.getQuestion());
    }

    /** Returns why the last attempt, or the task, failed. */
    public Optional<Error> error() {
        return task.hasError() ? Optional.of(task.getError()) : Optional.empty();
    }

    /** Whether the task has ended. */
    public boolean isFinished() {
        return switch (state()) {
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

    @Override
    public String toString() {
        return "TaskStatus[" + id() + " " + state() + " " + percent() + "%]";
    }
}
