package io.dray.router.dispatch;

import java.time.Duration;

/** The limits of one pool's dispatcher. Immutable. */
public record DispatchSettings(Duration lease, int window, Duration ageing, int maxLiveTasks, long payloadMemoryBytes) {
    public DispatchSettings {
        require(lease.isPositive(), "lease", lease, "> 0");
        require(window > 0, "window", window, "> 0");
        require(ageing.isPositive(), "ageing", ageing, "> 0");
        require(maxLiveTasks > 0, "max-live-tasks", maxLiveTasks, "> 0");
        require(payloadMemoryBytes >= 0, "payload-memory", payloadMemoryBytes, ">= 0");
    }

    private static void require(boolean good, String name, Object value, String expected) {
        if (!good) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
        }
    }
}
