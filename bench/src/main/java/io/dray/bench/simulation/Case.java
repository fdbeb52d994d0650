package io.dray.bench.simulation;

/**
 * One mesh under one load. Immutable.
 *
 * @param loadPercent share of the capacity that the tasks want, of what outside load leaves
 * @param outsidePercent share of the nodes that others use too
 */
record Case(int nodes, int loadPercent, int outsidePercent, long tasks, long seed) {
    /** A mesh of this size and more ends its run before the longest tasks would. */
    private static final int LARGE = 5_000;

    private static final double LONGEST_SECONDS = 300;
    private static final double LONGEST_SECONDS_LARGE = 30;
    private static final long MOST_TASKS = 4_000_000;
    private static final long TASKS = 20_000;

    /** Returns how many tasks show a mesh of that size in its steady state within minutes. */
    static long usualTasks(int nodes) {
        return Math.min(MOST_TASKS, Math.round(TASKS * Math.cbrt((double) nodes * nodes)));
    }

    /** Returns the length of the longest task on a node of speed 1. */
    double longestSeconds() {
        return nodes < LARGE ? LONGEST_SECONDS : LONGEST_SECONDS_LARGE;
    }

    /** Returns how many tasks come before those that are measured. */
    long warmUp() {
        return tasks / 10;
    }
}
