package io.dray.bench.mesh;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The processes that this one has started and that have not ended. Thread-safe. */
final class Children {
    private static final long PATIENCE_SECONDS = 2;
    private static final Set<Process> ALIVE = ConcurrentHashMap.newKeySet();
    private static final CountDownLatch NEVER = new CountDownLatch(1);
    private static volatile boolean ending;

    private Children() {}

    /** Remembers a process until it ends. */
    static void add(Process process) {
        ALIVE.add(process);
        var _ = process.onExit().thenRun(() -> ALIVE.remove(process));
        if (ending) {
            process.destroyForcibly();
        }
    }

    /** While all are being ended each asks in vain, and nobody wants to read of it: the caller waits for its own end. */
    static void waitWhenEnding() {
        if (ending) {
            waitForTheEnd();
        }
    }

    /** Returns only to an interrupted thread. */
    static void waitForTheEnd() {
        try {
            NEVER.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends all, and lets nobody start more; called when this process is told to end. */
    static void end() {
        ending = true;
        // A closed input ends every child, and what a shell among them has started.
        ALIVE.forEach(process -> Thread.ofVirtual().start(() -> close(process)));
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        for (Process process : ALIVE) {
            try {
                if (!process.waitFor(giveUp - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException _) {
                process.destroyForcibly();
            }
        }
    }

    private static void close(Process process) {
        try {
            process.getOutputStream().close();
        } catch (IOException _) {
            // Already gone.
        }
    }
}
