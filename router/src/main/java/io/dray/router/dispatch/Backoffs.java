package io.dray.router.dispatch;

import io.dray.router.tasks.Micros;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.router.v1.RetryPolicy;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;

/** Whether and when a failed attempt is followed by another. Pure. */
final class Backoffs {
    private static final int MAX_DOUBLINGS = 30;

    private Backoffs() {}

    /** A handler that threw may do better next time; other refusals say themselves whether that makes sense. */
    static boolean mayRetry(TaskSnapshot task, Error cause) {
        return task.attempts().count() < task.submission().spec().getRetry().getMaxAttempts()
                && (cause.getRetryable() || cause.getCode() == Code.CODE_HANDLER_FAILED);
    }

    /** Returns the pause after the newest attempt: doubled after each, up to the policy's longest. */
    static long pauseMicros(TaskSnapshot task) {
        RetryPolicy policy = task.submission().spec().getRetry();
        int doublings = Math.clamp(task.attempts().count() - 1, 0, MAX_DOUBLINGS);
        long pause = Micros.of(policy.getInitialBackoff()) << doublings;
        long longest = Micros.of(policy.getMaxBackoff());
        return pause < 0 ? longest : Math.min(pause, longest);
    }
}
