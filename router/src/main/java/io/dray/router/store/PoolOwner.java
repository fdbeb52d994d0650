package io.dray.router.store;

import java.time.Duration;

/**
 * Which router owns a store that several share, as this one last heard. Immutable.
 *
 * @param router its name
 * @param address where others reach it; empty when it did not say
 * @param epoch grows with each owner
 * @param untilNanos by System.nanoTime, when its lease ends if nobody renews it; to wait by, never to decide by
 */
public record PoolOwner(String router, String address, long epoch, long untilNanos) {
    /** Returns what is left of its lease, at least 0. */
    public Duration left(long nowNanos) {
        return Duration.ofNanos(Math.max(0, untilNanos - nowNanos));
    }

    /** Returns whether this is the same ownership, whenever it ends. */
    public boolean isSameAs(PoolOwner other) {
        return epoch == other.epoch && router.equals(other.router) && address.equals(other.address);
    }
}
