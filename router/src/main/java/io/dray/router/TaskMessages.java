package io.dray.router;

import com.google.protobuf.ByteString;
import io.dray.router.tasks.Attempts;
import io.dray.router.tasks.Hold;
import io.dray.router.tasks.Micros;
import io.dray.router.tasks.TaskId;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.router.tasks.TaskState;
import io.dray.router.tasks.WaitingReason;
import io.dray.router.v1.Task;

/** Tasks in the contract's messages. Stateless. */
final class TaskMessages {
    /** Clients and sidecars take messages of 4 MiB; the rest of a task is under the header limit and an error. */
    static final int MAX_BODY_BYTES = 4 * 1024 * 1024 - 64 * 1024;

    private TaskMessages() {}

    /** Returns a task without payload and result. */
    static Task bare(TaskSnapshot task) {
        return builder(task).build();
    }

    /** Returns a task with its result. */
    static Task withResult(TaskSnapshot task) {
        return withResult(builder(task), task).build();
    }

    /** Returns a task with its result, and with its payload where both fit into one message. */
    static Task complete(TaskSnapshot task, ByteString payload) {
        Task.Builder builder = withResult(builder(task), task);
        if (builder.getResult().size() + payload.size() <= MAX_BODY_BYTES) {
            builder.getSpecBuilder().setPayload(payload);
        }
        return builder.build();
    }

    private static Task.Builder withResult(Task.Builder builder, TaskSnapshot task) {
        return task.state() instanceof TaskState.Succeeded succeeded ? builder.setResult(succeeded.result()) : builder;
    }

    private static Task.Builder builder(TaskSnapshot task) {
        Attempts attempts = task.attempts();
        Task.Builder builder = Task.newBuilder()
                .setTaskId(TaskId.text(task.id()))
                .setSpec(task.submission().spec())
                .setTenant(task.submission().tenant())
                .setPrincipal(task.submission().principal())
                .setStateValue(task.state().name().number())
                .setAttempts(attempts.count())
                .setToken(attempts.token())
                .setPercent(task.progress().percent())
                .setMessage(task.progress().message())
                .setSubmittedAt(Micros.timestamp(task.submission().submittedMicros()))
                .setCancelRequested(task.cancelRequested())
                .setRevision(task.revision());
        Hold last = attempts.last();
        if (last != null) {
            builder.setInstance(last.instance())
                    .setNode(last.node())
                    .setAssignedAt(Micros.timestamp(last.assignedMicros()));
        }
        if (attempts.error() != null) {
            builder.setError(attempts.error());
        }
        builder.setQuestion(attempts.question().text());
        ByteString answer = attempts.question().answer();
        if (answer != null) {
            builder.setAnswer(answer);
        }
        if (task.state() instanceof TaskState.Waiting waiting) {
            builder.setWaitingReasonValue(waiting.reason().number());
            if (waiting.reason() != WaitingReason.QUEUE_LIMIT) {
                builder.setNotBefore(Micros.timestamp(waiting.untilMicros()));
            }
        }
        if (task.state() instanceof TaskState.Ended ended) {
            builder.setFinishedAt(Micros.timestamp(ended.finishedMicros()));
            if (task.bodyUntilMicros() > 0) {
                builder.setResultUntil(Micros.timestamp(task.bodyUntilMicros()));
            }
        }
        return builder;
    }
}
