package io.dray.router.tasks;

import com.google.protobuf.ByteString;
import io.dray.router.v1.TaskSpec;

/**
 * What was asked for, by whom and when; never changes. The spec is the contract's own message with defaults filled in
 * and without its payload, so that it is stored and answered as it came. Immutable.
 */
public record Submission(
        long id, TaskSpec spec, String tenant, String principal, ByteString fingerprint, long submittedMicros) {
    /** Returns the deadline in Unix microseconds; {@link Long#MAX_VALUE} means never. */
    public long deadlineMicros() {
        return spec.hasDeadline() ? Micros.of(spec.getDeadline()) : Long.MAX_VALUE;
    }

    /** Returns the earliest start in Unix microseconds; 0 means at once. */
    public long notBeforeMicros() {
        return spec.hasNotBefore() ? Micros.of(spec.getNotBefore()) : 0;
    }

    /** Returns since when the task could be placed for the first time, in Unix microseconds. */
    public long readyMicros() {
        return Math.max(submittedMicros, notBeforeMicros());
    }

    /** Returns until when a worker must have had it, in Unix microseconds; {@link Long#MAX_VALUE} means never. */
    public long queueUntilMicros() {
        return spec.hasQueueTtl() ? readyMicros() + Micros.of(spec.getQueueTtl()) : Long.MAX_VALUE;
    }

    /** Returns whether a key makes a second submission the same task. */
    public boolean hasKey() {
        return !spec.getIdempotencyKey().isEmpty();
    }

    public TaskKey key() {
        return new TaskKey(tenant, spec.getIdempotencyKey());
    }
}
