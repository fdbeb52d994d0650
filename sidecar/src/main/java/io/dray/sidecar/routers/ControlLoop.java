package io.dray.sidecar.routers;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The one thread of the control work towards routers, with its clocks and its random source. The executor must run
 * its tasks one after another; nothing that it runs blocks, so one of the event loops will do.
 */
public record ControlLoop(
        ScheduledExecutorService executor, LongSupplier nanoTime, InstantSource clock, RandomGenerator random) {

    /** Returns a control loop on the clocks of this machine. */
    public static ControlLoop on(ScheduledExecutorService executor) {
        return new ControlLoop(
                executor,
                System::nanoTime,
                InstantSource.system(),
                () -> ThreadLocalRandom.current().nextLong());
    }

    public long nanos() {
        return nanoTime.getAsLong();
    }

    /** Returns the wall clock in Unix microseconds, for handshakes. */
    public long unixMicros() {
        Instant now = clock.instant();
        return now.getEpochSecond() * 1_000_000L + now.getNano() / 1_000L;
    }
}
