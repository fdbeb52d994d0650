package io.dray.agent;

import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** How long a held message waits before it is sent again, in nanoseconds, with jitter. Thread-safe as its random is. */
record ResendPause(RandomGenerator random) {
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long REFUSAL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** Nothing was heard: 2 s, doubled each time up to 16 s. A handler that runs for long is not a loss. */
    long afterSilence(int resends) {
        return jittered(SILENCE_NANOS << Math.min(resends, 3));
    }

    /** It was refused for now: what the refusal says, else 20 ms, doubled each time up to 1.28 s. */
    long afterRefusal(int resends, int retryAfterMillis) {
        return retryAfterMillis > 0
                ? jittered(TimeUnit.MILLISECONDS.toNanos(retryAfterMillis))
                : jittered(REFUSAL_NANOS << Math.min(resends - 1, 6));
    }

    private long jittered(long nanos) {
        return nanos - random.nextLong(nanos / 4 + 1);
    }
}
