package io.dray.router.fleet;

import java.time.Duration;

/** How much a fresh node gets: little at first, more with time and with each success. Owned by the dispatcher's thread. */
final class Ramp {
    /*
     * A node that has just started looks emptiest of all and would get everything at once, with cold caches and before it
     * has shown that its agents work. Its age counts from its own start, so a router that starts again, or a connection
     * that broke, slows nobody down. Nodes of few slots never feel it.
     */
    private static final Duration FRESH = Duration.ofSeconds(10);

    private static final int FIRST_ATTEMPTS = 8;
    private static final int FIRST_SHARE = 10;
    private static final int PER_SUCCESS = 2;

    private long endNanos = Long.MIN_VALUE / 2;
    private int successes;

    /** A node came whose program is that old. */
    void start(long ageNanos, long nowNanos) {
        endNanos = nowNanos + FRESH.toNanos() - Math.clamp(ageNanos, 0, FRESH.toNanos());
        successes = 0;
    }

    void succeeded() {
        successes++;
    }

    boolean isOver(long nowNanos) {
        return endNanos - nowNanos <= 0;
    }

    /** Returns whether a node with so many slots that holds so many attempts may get another. */
    boolean allows(int attempts, int slots, long nowNanos) {
        if (isOver(nowNanos)) {
            return true;
        }
        int first = Math.max(FIRST_ATTEMPTS, slots / FIRST_SHARE);
        double passed = 1 - (double) (endNanos - nowNanos) / FRESH.toNanos();
        double timed = Math.max(0, slots - first) * passed;
        return attempts < first + timed + (double) PER_SUCCESS * successes;
    }
}
