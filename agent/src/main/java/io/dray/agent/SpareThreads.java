package io.dray.agent;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks that may block on virtual threads, in the order of their arrival, without a thread for each: while some
 * wait, one thread is on its way that takes the next one. So one thread does many quick tasks, and a task that blocks
 * holds up none. Thread-safe; the lock is never held while a task runs.
 */
final class SpareThreads implements Executor {
    private final String name;
    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean isSpareComing;

    SpareThreads(String name) {
        this.name = name;
    }

    @Override
    public void execute(Runnable task) {
        boolean isFirst;
        lock.lock();
        try {
            waiting.add(task);
            isFirst = needsSpare();
        } finally {
            lock.unlock();
        }
        startIf(isFirst);
    }

    private void work() {
        for (Runnable task = next(true); task != null; task = next(false)) {
            task.run();
        }
    }

    private @Nullable Runnable next(boolean hasJustCome) {
        Runnable task;
        boolean isMoreNeeded;
        lock.lock();
        try {
            isSpareComing &= !hasJustCome;
            task = waiting.poll();
            isMoreNeeded = needsSpare();
        } finally {
            lock.unlock();
        }
        startIf(isMoreNeeded);
        return task;
    }

    private boolean needsSpare() {
        boolean isNeeded = !waiting.isEmpty() && !isSpareComing;
        isSpareComing |= isNeeded;
        return isNeeded;
    }

    private void startIf(boolean needed) {
        if (needed) {
            Thread.ofVirtual().name(name).start(this::work);
        }
    }
}
