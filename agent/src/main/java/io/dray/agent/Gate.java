package io.dray.agent;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A gate that senders wait at. Thread-safe; virtual threads may wait without holding a carrier. */
final class Gate {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition opened = lock.newCondition();
    private volatile boolean shut;

    boolean isShut() {
        return shut;
    }

    void shut() {
        shut = true;
    }

    void open() {
        if (!shut) {
            return;
        }
        lock.lock();
        try {
            shut = false;
            opened.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until it is open or the time is over. */
    void await(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long leftNanos = nanos;
            while (shut && leftNanos > 0) {
                leftNanos = opened.awaitNanos(leftNanos);
            }
        } finally {
            lock.unlock();
        }
    }
}
