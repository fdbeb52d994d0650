package io.dray.bench.load;

import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * A schedule that does not wait for the system under load: message n is due at start + n / rate, and is sent with that
 * time even when a stall made it late. Latency from the due time so counts what the stall did to all that it delayed.
 */
final class OpenLoop {
    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Clock clock;

    OpenLoop(Clock clock) {
        this.clock = clock;
    }

    /**
     * Sends all messages of a stretch; gives up those that are still due 10 s after its end.
     *
     * @param step sends the message that was due at the time it is given
     * @return how many were sent
     */
    long run(long ratePerS, double seconds, LongConsumer step) {
        long start = clock.nanos();
        long messages = Math.round(ratePerS * seconds);
        long giveUp = start + (long) (seconds * NANOS_PER_SECOND) + PATIENCE_NANOS;
        for (long i = 0; i < messages; i++) {
            long due = start + i / ratePerS * NANOS_PER_SECOND + i % ratePerS * NANOS_PER_SECOND / ratePerS;
            clock.waitUntil(due);
            if (clock.nanos() > giveUp) {
                return i;
            }
            step.accept(due);
        }
        return messages;
    }
}
