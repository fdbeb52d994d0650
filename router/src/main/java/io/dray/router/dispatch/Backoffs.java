package io.dray.router.dispatch;

import io.dray.router.tasks.Micros;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.router.v1.RetryPolicy;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.util.random.RandomGenerator;

/** Whether and when a failed attempt is followed by another. Owned by the dispatcher's thread, for its random source. */
final class Backoffs {
    private static final int MAX_DOUBLINGS = 30;
    private static final int JITTER_PERCENT = 20;

    private final RandomGenerator random;

    Backoffs(RandomGenerator random) {
        this.random = random;
    }

    static boolean mayRetry(TaskSnapshot task, Error cause) {
        return task.attempts().count() < task.submission().spec().getRetry().getMaxAttempts()
                && isRetryable(task, cause);
    }

    /** A handler that threw may do better next time; other refusals say themselves whether that makes sense. */
    static boolean isRetryable(TaskSnapshot task, Error cause) {
        return (cause.getRetryable() || cause.getCode() == Code.CODE_HANDLER_FAILED)
                && !task.submission().spec().getRetry().getNeverRetryList().contains(cause.getCode());
    }

    /**
     * Returns the pause after the newest attempt: doubled after each, up to the policy's longest, and shortened by a
     * random part, so that tasks which failed together do not come back together.
     */
    long pauseMicros(TaskSnapshot task) {
        RetryPolicy policy = task.submission().spec().getRetry();
        int doublings = Math.clamp(task.attempts().count() - 1, 0, MAX_DOUBLINGS);
        long doubled = Micros.of(policy.getInitialBackoff()) << doublings;
        long longest = Micros.of(policy.getMaxBackoff());
        long pause = doubled < 0 ? longest : Math.min(doubled, longest);
        int jitter = policy.hasJitterPercent() ? policy.getJitterPercent() : JITTER_PERCENT;
        long most = pause / 100 * jitter;
        return most == 0 ? pause : pause - random.nextLong(most + 1);
    }
}
