package io.dray.bench.simulation;

/**
 * What one scheduler did in one case; the same for the same seed but for times of the real world. Immutable.
 *
 * @param utilisation CPU that tasks held of all CPU, while measured tasks arrived
 * @param rejected how often a node did not take what it was given
 * @param overcommits starts of tasks that together wanted more than their node has
 * @param virtualSeconds from the first arrival to the last end
 * @param realSeconds how long that took to simulate
 */
record Outcome(
        Slowdown slowdown,
        double utilisation,
        long rejected,
        long overcommits,
        double virtualSeconds,
        double realSeconds,
        Decisions decisions) {
    /** Time from arrival to end, divided by the time that the work takes on a node of speed 1; 1/1.3 at least. */
    record Slowdown(long tasks, double mean, double median, double p99) {}
}
