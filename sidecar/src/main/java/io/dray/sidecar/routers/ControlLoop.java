package io.dray.sidecar.routers;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread of the control work towards routers, with its clocks and its random source. The executor must run
 * its tasks one after another; nothing that it runs blocks, so one of the event loops will do.
 */
public record ControlLoop(
        ScheduledExecutorService executor, LongSupplier nanoTime, InstantSource clock, RandomGenerator random) {
    private static final Logger LOG = LoggerFactory.getLogger(ControlLoop.class);

    /** Returns a control loop on the clocks of this machine. */
    public static ControlLoop on(ScheduledExecutorService executor) {
        return new ControlLoop(
                executor,
                System::nanoTime,
                InstantSource.system(),
                () -> ThreadLocalRandom.current().nextLong());
    }

    /** Runs a task soon. */
    public void execute(Runnable task) {
        executor.execute(task);
    }

    /** Runs a task after a while; what it throws is logged, since nobody asks the future. */
    public ScheduledFuture<?> after(Duration delay, Runnable task) {
        return executor.schedule(
                () -> {
                    try {
                        task.run();
                    } catch (RuntimeException defect) {
                        LOG.error("A timed task of the control loop failed", defect);
                    }
                },
                delay.toNanos(),
                TimeUnit.NANOSECONDS);
    }

    /** Runs a task after a while, which nobody cancels. */
    public void later(Duration delay, Runnable task) {
        var _ = after(delay, task);
    }

    public long nanos() {
        return nanoTime.getAsLong();
    }

    /** Returns the wall clock in Unix microseconds, for handshakes. */
    public long unixMicros() {
        Instant now = clock.instant();
        return now.getEpochSecond() * 1_000_000L + now.getNano() / 1_000L;
    }
}
