package io.dray.core.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits, bounded, until something is true; for what other threads or processes do. */
public final class Await {
    private static final Duration BOUND = Duration.ofSeconds(10);

    private Await() {}

    /** Waits at most 10 s. */
    public static void until(String what, BooleanSupplier condition) {
        until(what, BOUND, condition);
    }

    /** Waits until the condition holds; fails with the description when the bound passes first. */
    public static void until(String what, Duration bound, BooleanSupplier condition) {
        until(() -> what, bound, condition);
    }

    /** Waits until the condition holds; the description is made only when it is needed. */
    public static void until(Supplier<String> what, Duration bound, BooleanSupplier condition) {
        long deadlineNanos = System.nanoTime() + bound.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadlineNanos > 0) {
                throw new AssertionError("not within " + bound + ": " + what.get());
            }
            LockSupport.parkNanos(1_000_000);
        }
    }
}
