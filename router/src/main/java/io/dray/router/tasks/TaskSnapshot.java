package io.dray.router.tasks;

import com.google.protobuf.ByteString;
import io.dray.router.tasks.TaskState.Assigned;
import io.dray.router.tasks.TaskState.Ended;
import io.dray.router.tasks.TaskState.Held;
import io.dray.router.tasks.TaskState.Open;
import io.dray.router.tasks.TaskState.Parked;
import io.dray.router.tasks.TaskState.Pending;
import io.dray.router.tasks.TaskState.Waiting;
import io.dray.types.v1.Error;

/** A task at one moment, complete but for its payload: what is committed, answered and watched. Immutable. */
public record TaskSnapshot(
        Submission submission,
        TaskState state,
        Attempts attempts,
        Progress progress,
        boolean cancelRequested,
        long revision) {

    /** Returns a task that was just submitted. */
    public static TaskSnapshot submitted(Submission submission, Open state) {
        return new TaskSnapshot(submission, state, Attempts.NONE, Progress.NONE, false, 1);
    }

    public long id() {
        return submission.id();
    }

    public boolean isEnded() {
        return state instanceof Ended;
    }

    /** Returns until when payload and result are kept, in Unix microseconds; 0 means as long as the task. */
    public long bodyUntilMicros() {
        return state instanceof Ended ended && submission.spec().hasResultTtl()
                ? ended.finishedMicros() + Micros.of(submission.spec().getResultTtl())
                : 0;
    }

    public TaskSnapshot ready(Waiting waiting) {
        return with(waiting.ready(), attempts);
    }

    public TaskSnapshot assigned(Pending pending, Hold hold) {
        return new TaskSnapshot(
                submission,
                pending.assign(hold),
                attempts.assigned(hold),
                Progress.NONE,
                cancelRequested,
                revision + 1);
    }

    public TaskSnapshot started(Assigned assigned) {
        return with(assigned.start(), attempts);
    }

    public TaskSnapshot rejected(Held held) {
        return with(held.release(), attempts.uncounted());
    }

    public TaskSnapshot retried(Held held, long untilMicros, Error cause) {
        return with(held.retryAt(untilMicros), attempts.failed(cause));
    }

    /** Returns it waiting for another attempt that counts in place of the one that was lost while it was parked. */
    public TaskSnapshot lostParked(Parked parked, long untilMicros, Error cause) {
        return with(parked.retryAt(untilMicros), attempts.uncounted().failed(cause));
    }

    public TaskSnapshot parked(Held held, Question question) {
        return with(held.park(), attempts.withQuestion(question));
    }

    public TaskSnapshot answered(Parked parked, Question question) {
        return with(parked.answer(), attempts.withQuestion(question));
    }

    /** Returns it in the same state with another question, or with its answer. */
    public TaskSnapshot withQuestion(Question question) {
        return with(state, attempts.withQuestion(question));
    }

    public TaskSnapshot succeeded(Held held, long nowMicros, ByteString result) {
        return with(held.succeed(nowMicros, result), attempts);
    }

    public TaskSnapshot failed(Held held, long nowMicros, Error cause) {
        return with(held.fail(nowMicros), attempts.failed(cause));
    }

    public TaskSnapshot cancelled(Open open, long nowMicros, Error cause) {
        return with(open.cancel(nowMicros), attempts.failed(cause));
    }

    public TaskSnapshot expired(Open open, long nowMicros, Error cause) {
        return with(open.expire(nowMicros), attempts.failed(cause));
    }

    public TaskSnapshot cancelWanted() {
        return new TaskSnapshot(submission, state, attempts, progress, true, revision + 1);
    }

    public TaskSnapshot progressed(Progress now) {
        return new TaskSnapshot(submission, state, attempts, now, cancelRequested, revision + 1);
    }

    public TaskSnapshot checkpointed(ByteString checkpoint) {
        return with(state, attempts.withCheckpoint(checkpoint));
    }

    /** Returns the same in a state that differs in what it carries only. */
    public TaskSnapshot withState(TaskState same) {
        return new TaskSnapshot(submission, same, attempts, progress, cancelRequested, revision);
    }

    /** Returns the same with a greater revision, for a router that starts again. */
    public TaskSnapshot recovered(long firstRevision) {
        return new TaskSnapshot(
                submission, state, attempts, progress, cancelRequested, Math.max(revision, firstRevision));
    }

    private TaskSnapshot with(TaskState next, Attempts then) {
        return new TaskSnapshot(submission, next, then, progress, cancelRequested, revision + 1);
    }
}
