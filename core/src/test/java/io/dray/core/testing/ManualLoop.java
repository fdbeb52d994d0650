package io.dray.core.testing;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
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

/** An executor that runs only when the test says so, in order, by a settable clock. Belongs to the test's thread. */
public final class ManualLoop extends AbstractExecutorService implements ScheduledExecutorService {
    private final SettableClock clock;
    private final Queue<Runnable> ready = new ArrayDeque<>();
    private final PriorityQueue<Timed<?>> timed = new PriorityQueue<>(
            Comparator.<Timed<?>>comparingLong(t -> t.dueNanos).thenComparingLong(t -> t.order));
    private long orders;
    private boolean shutdown;

    /** Makes a loop on a clock. */
    public ManualLoop(SettableClock clock) {
        this.clock = clock;
    }

    /** Makes a loop on a clock of its own. */
    public ManualLoop() {
        this(new SettableClock());
    }

    /** Returns the clock. */
    public SettableClock clock() {
        return clock;
    }

    /** Runs what is ready and due, and what that adds, until nothing is; returns how many tasks ran. */
    public int runReady() {
        int ran = 0;
        while (runOne()) {
            ran++;
        }
        return ran;
    }

    /** Runs one task if one is ready or due. */
    public boolean runOne() {
        Runnable next = ready.poll();
        if (next == null && !timed.isEmpty() && timed.peek().dueNanos <= clock.nanoTime()) {
            next = timed.poll();
        }
        if (next == null) {
            return false;
        }
        next.run();
        return true;
    }

    /** Moves the clock from due time to due time, running what is due, and ends at the whole distance. */
    public void advance(Duration by) {
        long endNanos = clock.nanoTime() + by.toNanos();
        runReady();
        while (!timed.isEmpty() && timed.peek().dueNanos <= endNanos) {
            clock.advance(Duration.ofNanos(Math.max(0, timed.peek().dueNanos - clock.nanoTime())));
            runReady();
        }
        clock.advance(Duration.ofNanos(endNanos - clock.nanoTime()));
        runReady();
    }

    /** Returns how many tasks wait for their time. */
    public int scheduled() {
        return timed.size();
    }

    /** Returns how many tasks wait to be run. */
    public int waiting() {
        return ready.size();
    }

    @Override
    public void execute(Runnable task) {
        ready.add(task);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        return add(new Timed<>(task, unit.toNanos(delay), 0));
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
        return add(new Timed<>(task, unit.toNanos(delay)));
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, long delay, long period, TimeUnit unit) {
        return add(new Timed<>(task, unit.toNanos(delay), unit.toNanos(period)));
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long delay, long period, TimeUnit unit) {
        return add(new Timed<>(task, unit.toNanos(delay), -unit.toNanos(period)));
    }

    @Override
    public void shutdown() {
        shutdown = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown = true;
        List<Runnable> left = new ArrayList<>(ready);
        ready.clear();
        timed.clear();
        return left;
    }

    @Override
    public boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return shutdown && ready.isEmpty();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return isTerminated();
    }

    private <V> Timed<V> add(Timed<V> task) {
        timed.add(task);
        return task;
    }

    /** One scheduled task; a positive period is a rate, a negative one a delay after the run. */
    private final class Timed<V> extends FutureTask<V> implements RunnableScheduledFuture<V> {
        private final long periodNanos;
        private final long order = orders++;
        private long dueNanos;

        Timed(Callable<V> task, long delayNanos) {
            super(task);
            this.periodNanos = 0;
            this.dueNanos = clock.nanoTime() + delayNanos;
        }

        @SuppressWarnings("NullAway") // A task without result has null as its result.
        Timed(Runnable task, long delayNanos, long periodNanos) {
            super(task, null);
            this.periodNanos = periodNanos;
            this.dueNanos = clock.nanoTime() + delayNanos;
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
                dueNanos = periodNanos > 0 ? dueNanos + periodNanos : clock.nanoTime() - periodNanos;
                timed.add(this);
            }
        }

        @Override
        public boolean cancel(boolean interrupt) {
            timed.remove(this);
            return super.cancel(interrupt);
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(dueNanos - clock.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }
}
