package io.dray.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A timing wheel of 10 ms ticks: starting and cancelling cost a few field writes, since almost every deadline is
 * cancelled by its reply. Belongs to the loop; ticks only while something waits. Never early, at most two ticks late.
 */
final class Timers {
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int SLOTS = 512;

    /** Something that may become due. In a ring with the others of its slot. */
    abstract static class Timer {
        private @Nullable Timer before;
        private @Nullable Timer after;
        private long dueTick;

        /** Called on the loop once the time has come; it may be started again. */
        abstract void onDue();
    }

    private static final class Slot extends Timer {
        @Override
        void onDue() {
            throw new AssertionError("a slot is never due");
        }
    }

    private final Loop loop;
    private final long startNanos;
    private final Timer[] slots = new Timer[SLOTS];
    private long lastTick;
    private int waiting;
    private boolean ticking;

    Timers(Loop loop) {
        this.loop = loop;
        this.startNanos = loop.nanos();
        for (int i = 0; i < SLOTS; i++) {
            Timer slot = new Slot();
            slot.before = slot;
            slot.after = slot;
            slots[i] = slot;
        }
    }

    /** Starts a timer, or starts it anew. */
    void start(Timer timer, long delayNanos) {
        start(timer, loop.nanos(), delayNanos);
    }

    /** Starts a timer, or starts it anew, by a reading of the clock in this turn of the loop. */
    void start(Timer timer, long nowNanos, long delayNanos) {
        cancel(timer);
        if (waiting == 0) {
            lastTick = tickNow();
        }
        long dueNanos = nowNanos - startNanos + Math.max(0, delayNanos);
        timer.dueTick = Math.max(lastTick, dueNanos / TICK_NANOS) + 1;
        link(timer, slots[(int) (timer.dueTick % SLOTS)]);
        waiting++;
        tickLater();
    }

    /** Stops a timer; does nothing when it does not run. */
    void cancel(Timer timer) {
        Timer before = timer.before;
        Timer after = timer.after;
        if (before == null || after == null) {
            return;
        }
        before.after = after;
        after.before = before;
        timer.before = null;
        timer.after = null;
        waiting--;
    }

    private void tickLater() {
        if (!ticking) {
            ticking = true;
            var _ = loop.executor().schedule(this::tick, TICK_NANOS, TimeUnit.NANOSECONDS);
        }
    }

    private void tick() {
        ticking = false;
        long now = tickNow();
        List<Timer> due = new ArrayList<>();
        for (long tick = Math.max(lastTick + 1, now - SLOTS + 1); tick <= now; tick++) {
            collectDue(slots[(int) (tick % SLOTS)], now, due);
        }
        lastTick = now;
        for (Timer timer : due) {
            // One that fires earlier may have cancelled or restarted this one.
            if (timer.before != null && timer.dueTick <= now) {
                cancel(timer);
                timer.onDue();
            }
        }
        if (waiting > 0) {
            tickLater();
        }
    }

    private static void collectDue(Timer slot, long now, List<Timer> due) {
        for (Timer timer = slot.after; timer != null && !(timer instanceof Slot); timer = timer.after) {
            if (timer.dueTick <= now) {
                due.add(timer);
            }
        }
    }

    private static void link(Timer timer, Timer slot) {
        Timer last = slot.before == null ? slot : slot.before;
        timer.before = last;
        timer.after = slot;
        last.after = timer;
        slot.before = timer;
    }

    private long tickNow() {
        return (loop.nanos() - startNanos) / TICK_NANOS;
    }
}
