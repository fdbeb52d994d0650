package io.dray.agent;

/** What a worker does with a task. */
@FunctionalInterface
public interface TaskHandler {
    /**
     * Runs one attempt, on a virtual thread of its own. It may run again elsewhere after this process was lost, so its
     * effects should be repeatable. Interrupted when the attempt is cancelled.
     *
     * @return the result, at most 4 MiB - 64 KiB
     * @throws Exception fails the attempt with HANDLER_FAILED, retried as the task's policy says, also when it is
     *     the {@link MeshException} of a call that the handler made; only a {@link TaskFailure} ends the task for good
     */
    byte[] handle(Task task, TaskContext context) throws Exception;
}
