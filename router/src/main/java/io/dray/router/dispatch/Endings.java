package io.dray.router.dispatch;

import com.google.protobuf.ByteString;
import io.dray.core.wire.MeshError;
import io.dray.router.fleet.NodeStream;
import io.dray.router.tasks.AttemptKey;
import io.dray.router.tasks.Hold;
import io.dray.router.tasks.Outcome;
import io.dray.router.tasks.TaskEntry;
import io.dray.router.tasks.TaskId;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.router.tasks.TaskState.Held;
import io.dray.router.tasks.TaskState.Open;
import io.dray.router.tasks.TaskState.Parked;
import io.dray.router.tasks.TaskState.Pending;
import io.dray.router.tasks.TaskState.Waiting;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** How attempts and tasks end: with an outcome, by cancelling, by their deadline. Owned by the dispatcher's thread. */
final class Endings {
    private final Pool pool;
    private final Commits commits;
    private final Drains drains;
    private final Backoffs backoffs;

    Endings(Pool pool, Commits commits, Drains drains, Backoffs backoffs) {
        this.pool = pool;
        this.commits = commits;
        this.drains = drains;
        this.backoffs = backoffs;
    }

    void succeeded(TaskEntry entry, Held held, ByteString result) {
        end(entry, task -> task.succeeded(held, pool.time().nowMicros(), result));
    }

    /** The attempt failed: another follows after a pause, or the task ends. */
    void failed(TaskEntry entry, Held held, Error cause) {
        long now = pool.time().nowMicros();
        TaskSnapshot task = entry.current();
        if (task.cancelRequested()) {
            cancelled(entry, held);
            return;
        }
        if (drains.move(entry, held)) {
            return;
        }
        boolean lostParked = held instanceof Parked && cause.getCode() == Code.CODE_WORKER_LOST;
        if (lostParked ? Backoffs.isRetryable(task, cause) : Backoffs.mayRetry(task, cause)) {
            pool.meters().retried();
            long until = now + backoffs.pauseMicros(task);
            end(
                    entry,
                    before -> held instanceof Parked parked && lostParked
                            ? before.lostParked(parked, until, cause)
                            : before.retried(held, until, cause));
            return;
        }
        end(entry, before -> before.failed(held, now, cause));
    }

    /** The worker has confirmed, or there is none. */
    void cancelled(TaskEntry entry, Open open) {
        Error cause = MeshError.of(Code.CODE_CANCELLED, "Somebody cancelled the task.");
        end(entry, task -> task.cancelled(open, pool.time().nowMicros(), cause));
    }

    /** Looks at a task whose timer has fired. */
    void onTimer(TaskEntry entry) {
        long now = pool.time().nowMicros();
        if (entry.submission().deadlineMicros() <= now && entry.state() instanceof Open open) {
            expire(entry, open, expired(entry));
            return;
        }
        if (entry.queueUntilMicros() <= now && entry.state() instanceof Pending pending) {
            expire(entry, pending, tooLongQueued(entry));
            return;
        }
        if (entry.state() instanceof Waiting waiting && waiting.untilMicros() <= now) {
            // Not written: a router that starts again sees for itself that the time has come.
            pool.note(entry, entry.current().ready(waiting));
        }
    }

    private void expire(TaskEntry entry, Open open, Error cause) {
        end(entry, task -> task.expired(open, pool.time().nowMicros(), cause));
        if (open instanceof Held held) {
            commits.then(() -> pushCancel(entry.id(), held.hold()));
        }
    }

    private static Error expired(TaskEntry entry) {
        if (entry.current().attempts().count() > 0) {
            return MeshError.of(
                    Code.CODE_EXPIRED, "The deadline passed before the task was finished.", "", "a later deadline");
        }
        return notTaken(entry, "The deadline passed before a worker took the task.", "a later deadline");
    }

    private static Error tooLongQueued(TaskEntry entry) {
        return notTaken(entry, "No worker took the task within its queue_ttl.", "a longer queue_ttl");
    }

    private static Error notTaken(TaskEntry entry, String message, String orElse) {
        return MeshError.of(
                Code.CODE_EXPIRED,
                message,
                "capability " + entry.submission().spec().getCapability(),
                "an agent that offers it and has a free slot (`dray agents` lists them), or " + orElse);
    }

    /** Cancels at once what no worker has, else tells the worker; answers after the commit. */
    CompletableFuture<Outcome<TaskSnapshot>> cancel(TaskEntry entry) {
        if (!(entry.state() instanceof Open open)) {
            return commits.refused(finished(entry.current()));
        }
        if (!(open instanceof Held held)) {
            cancelled(entry, open);
            return commits.after(entry);
        }
        if (!entry.current().cancelRequested()) {
            entry.become(entry.current().cancelWanted());
            commits.change(entry);
            commits.then(() -> pushCancel(entry.id(), held.hold()));
        }
        return commits.after(entry);
    }

    static Error finished(TaskSnapshot task) {
        return MeshError.of(
                Code.CODE_TASK_FINISHED,
                "The task has already ended: " + task.state().name() + ".",
                TaskId.text(task.id()),
                "a task that is not finished");
    }

    private void pushCancel(long taskId, Hold hold) {
        NodeStream stream = pool.streamOf(hold);
        if (stream != null) {
            stream.cancel(List.of(new AttemptKey(taskId, hold.token())));
        }
    }

    private void end(TaskEntry entry, Function<TaskSnapshot, TaskSnapshot> step) {
        pool.move(entry, step.apply(entry.current()));
        commits.change(entry);
    }
}
