package io.dray.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * The machine's clock. Sleeps for all but the end of a wait, which it spins: on an idle virtual machine a sleep ends 20 us
 * late at the median and 50 us late one time in ten, and that would count as latency of the system under load. It spins a
 * tenth of a wait, at most 60 us. Of waits shorter than a sleep it makes one sleep, so that high rates come in small bursts
 * instead of costing a core.
 */
final class SystemClock implements Clock {
    private static final long SHORTEST_SLEEP_NANOS = 25_000;
    private static final long SHORTEST_SPIN_NANOS = 12_000;
    private static final long LONGEST_SPIN_NANOS = 60_000;
    private static final long SPIN_SHARE = 10;

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
        long spin = Math.clamp(left / SPIN_SHARE, SHORTEST_SPIN_NANOS, LONGEST_SPIN_NANOS);
        LockSupport.parkNanos(Math.max(SHORTEST_SLEEP_NANOS, left - spin));
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
