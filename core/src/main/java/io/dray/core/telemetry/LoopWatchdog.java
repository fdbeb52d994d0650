package io.dray.core.telemetry;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Counts how often an event loop came late to a task of its own: something blocked it. Thread-safe. */
public final class LoopWatchdog implements AutoCloseable {
    private final Duration interval;
    private final long toleranceNanos;
    private final LongSupplier nanoTime;
    private final AtomicLong stalls = new AtomicLong();
    private final AtomicLong longestNanos = new AtomicLong();
    private final List<ScheduledFuture<?>> watches = new CopyOnWriteArrayList<>();

    /** Looks at each loop every interval and counts a stall when it comes later than the tolerance. */
    public LoopWatchdog(Duration interval, Duration tolerance, LongSupplier nanoTime) {
        this.interval = interval;
        this.toleranceNanos = tolerance.toNanos();
        this.nanoTime = nanoTime;
    }

    /** Starts to watch a loop. */
    public void watch(ScheduledExecutorService loop) {
        Watch watch = new Watch();
        watches.add(loop.scheduleWithFixedDelay(watch, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS));
    }

    /** Returns how many stalls were seen. */
    public long stalls() {
        return stalls.get();
    }

    /** Returns how long the longest stall was. */
    public Duration longest() {
        return Duration.ofNanos(longestNanos.get());
    }

    @Override
    public void close() {
        watches.forEach(watch -> watch.cancel(false));
        watches.clear();
    }

    /** One loop's own task; runs on that loop only. */
    private final class Watch implements Runnable {
        private long expectedNanos = nanoTime.getAsLong() + interval.toNanos();

        @Override
        public void run() {
            long now = nanoTime.getAsLong();
            long lateNanos = now - expectedNanos;
            expectedNanos = now + interval.toNanos();
            if (lateNanos > toleranceNanos) {
                stalls.incrementAndGet();
                longestNanos.accumulateAndGet(lateNanos, Math::max);
            }
        }
    }
}
