package io.dray.bench.simulation;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * The discrete event queue: runs what was planned in the order of its times and as fast as it can, on the caller's
 * thread. The router's dispatcher takes it for its executor. Used by one thread.
 */
final class VirtualTime extends AbstractExecutorService implements ScheduledExecutorService {
    /** Any day will do; it is the same in every run. */
    private static final long EPOCH_SECONDS = 1_700_000_000;

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final Queue<Runnable> ready = new ArrayDeque<>();
    private final PriorityQueue<Planned> planned = new PriorityQueue<>();
    /** Not 0, which clocks that were never set have. */
    private long nowNanos = NANOS_PER_SECOND;

    private long orders;

    private record Planned(long atNanos, long order, Runnable work) implements Comparable<Planned> {
        @Override
        public int compareTo(Planned other) {
            return atNanos == other.atNanos ? Long.compare(order, other.order) : Long.compare(atNanos, other.atNanos);
        }
    }

    long nowNanos() {
        return nowNanos;
    }

    /** Returns the moment as a wall clock shows it. */
    Instant instant() {
        return Instant.ofEpochSecond(EPOCH_SECONDS, nowNanos);
    }

    /** Runs work at a time; what is planned for the same time runs in the order in which it was planned. */
    void at(long nanos, Runnable work) {
        planned.add(new Planned(Math.max(nanos, nowNanos), orders++, work));
    }

    void after(long delayNanos, Runnable work) {
        at(nowNanos + delayNanos, work);
    }

    /** Runs the next piece of work; false when there is none. */
    boolean step() {
        Runnable next = ready.poll();
        if (next == null) {
            Planned due = planned.poll();
            if (due == null) {
                return false;
            }
            nowNanos = due.atNanos();
            next = due.work();
        }
        next.run();
        return true;
    }

    @Override
    public void execute(Runnable task) {
        ready.add(task);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        return plan(new Timed<>(task, unit.toNanos(delay), 0));
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
        return plan(new Timed<>(task, unit.toNanos(delay)));
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, long delay, long period, TimeUnit unit) {
        return plan(new Timed<>(task, unit.toNanos(delay), unit.toNanos(period)));
    }

    /** No virtual time passes while work runs: a fixed delay is a fixed rate. */
    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long delay, long period, TimeUnit unit) {
        return scheduleAtFixedRate(task, delay, period, unit);
    }

    private <V> Timed<V> plan(Timed<V> timed) {
        at(timed.dueNanos, timed);
        return timed;
    }

    @Override
    public void shutdown() {
        ready.clear();
        planned.clear();
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown();
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return isTerminated();
    }

    /** What was scheduled by the methods of executors; one that was cancelled runs in vain. */
    private final class Timed<V> extends FutureTask<V> implements RunnableScheduledFuture<V> {
        private final long periodNanos;
        private long dueNanos;

        Timed(Callable<V> task, long delayNanos) {
            super(task);
            this.periodNanos = 0;
            this.dueNanos = nowNanos + delayNanos;
        }

        @SuppressWarnings("NullAway") // A task without result has null as its result.
        Timed(Runnable task, long delayNanos, long periodNanos) {
            super(task, null);
            this.periodNanos = periodNanos;
            this.dueNanos = nowNanos + delayNanos;
        }

        @Override
        public boolean isPeriodic() {
            return periodNanos != 0;
        }

        @Override
        public void run() {
            if (periodNanos == 0) {
                super.run();
                return;
            }
            if (runAndReset()) {
                dueNanos += periodNanos;
                at(dueNanos, this);
            }
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(dueNanos - nowNanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }
}
