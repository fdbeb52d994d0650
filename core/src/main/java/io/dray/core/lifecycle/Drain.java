package io.dray.core.lifecycle;

import java.time.Duration;

/** Counts what is in flight, so that a stop can refuse what is new and wait, bounded, for the rest. Thread-safe. */
public final class Drain {
    private int inFlight;
    private boolean draining;

    /** Enters, unless draining has begun; whoever entered must leave. */
    public synchronized boolean tryEnter() {
        if (draining) {
            return false;
        }
        inFlight++;
        return true;
    }

    /** Leaves. */
    public synchronized void leave() {
        if (inFlight == 0) {
            throw new IllegalStateException("left without having entered");
        }
        inFlight--;
        if (inFlight == 0) {
            notifyAll();
        }
    }

    /** Refuses what is new from now on, without waiting. */
    public synchronized void begin() {
        draining = true;
    }

    /** Returns whether draining has begun. */
    public synchronized boolean isDraining() {
        return draining;
    }

    /** Returns how many are in flight. */
    public synchronized int inFlight() {
        return inFlight;
    }

    /** Begins and waits until nothing is in flight; false when the bound passed first. Blocks. */
    public synchronized boolean await(Duration bound) throws InterruptedException {
        draining = true;
        long deadlineNanos = System.nanoTime() + bound.toNanos();
        while (inFlight > 0) {
            long leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
            if (leftMillis <= 0) {
                return false;
            }
            wait(leftMillis);
        }
        return true;
    }
}
