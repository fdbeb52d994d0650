package io.dray.agent;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** The one thread that owns an attachment's state, with its clocks. Thread-safe. */
record Loop(ScheduledExecutorService executor, BooleanSupplier isCurrent, Clock clock, LongSupplier nanoTime) {
    /** Runs on the loop: at once when already there, else later. Dropped once the loop has ended. */
    void run(Runnable task) {
        if (isCurrent.getAsBoolean()) {
            task.run();
            return;
        }
        try {
            executor.execute(task);
        } catch (RejectedExecutionException _) {
            // The process is ending: nobody waits for this any more.
        }
    }

    /** Whether the calling thread may wait; no event loop may, also not one of somebody else's. */
    boolean mayWait() {
        return !isCurrent.getAsBoolean() && !(Thread.currentThread() instanceof FastThreadLocalThread);
    }

    long nanos() {
        return nanoTime.getAsLong();
    }

    long unixMicros() {
        Instant now = clock.instant();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
    }
}
