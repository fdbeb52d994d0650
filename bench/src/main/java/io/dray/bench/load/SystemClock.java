package io.dray.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * The machine's clock. Sleeps for all but the last moments of a wait, which it spins: a sleep ends 10 to 20 us late. Of
 * waits shorter than a sleep it makes one sleep, so that high rates come in small bursts instead of costing a core.
 */
final class SystemClock implements Clock {
    private static final long SHORTEST_SLEEP_NANOS = 25_000;
    private static final long SPIN_NANOS = 12_000;

    SystemClock() {
        askForPreciseSleep();
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public void waitUntil(long nanos) {
        long left = nanos - System.nanoTime();
        if (left <= 0) {
            return;
        }
        LockSupport.parkNanos(Math.max(SHORTEST_SLEEP_NANOS, left - SPIN_NANOS));
        while (nanos - System.nanoTime() > 0) {
            Thread.onSpinWait();
        }
    }

    /** By default Linux ends a sleep up to 50 us late to save wake-ups, which would count as latency. */
    private static void askForPreciseSleep() {
        try {
            Path thread = Path.of("/proc/thread-self").toRealPath().getFileName();
            Files.writeString(Path.of("/proc").resolve(thread).resolve("timerslack_ns"), "1");
        } catch (IOException _) {
            // Not Linux, or not allowed: sleeps stay late.
        }
    }
}
