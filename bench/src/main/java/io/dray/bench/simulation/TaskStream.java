package io.dray.bench.simulation;

import java.util.SplittableRandom;

/**
 * The tasks of a case, made one by one from its seed, so that all schedulers see the same. Used by one thread.
 */
final class TaskStream {
    /*
     * Poisson arrivals. CPU: most tasks are narrow, few are wide. Memory: a minority is heavy. Length: a bounded Pareto
     * distribution, so half of the tasks are shorter than 0.2 s and a few of the longest are most of the work.
     */
    private static final double SHAPE = 1.1;

    private static final double SHORTEST_SECONDS = 0.1;
    private static final int[] CPU_MILLIS = {500, 1_000, 2_000, 4_000};
    private static final double[] CPU_SHARES = {0.40, 0.35, 0.17, 0.08};
    private static final double HEAVY_SHARE = 0.1;
    private static final double HEAVY_GIB_PER_CORE = 4;
    private static final double HEAVY_SPREAD = 2;
    private static final double GIB_PER_CORE = 0.25;
    private static final double SPREAD = 1.25;
    private static final double BYTES_PER_GIB = 1L << 30;
    private static final double NANOS = 1e9;

    private final SplittableRandom random;
    private final double longestSeconds;
    private final double meanGapNanos;
    private long arrivedNanos;
    private long number;

    /** Makes those that arrive from a time on and keep so many thousandths of a core of speed 1 busy. */
    TaskStream(Case of, double busyCpuMillis, long fromNanos) {
        random = new SplittableRandom(of.seed());
        longestSeconds = of.longestSeconds();
        meanGapNanos = NANOS * meanCpuMillis() * meanSeconds(longestSeconds) / busyCpuMillis;
        arrivedNanos = fromNanos;
    }

    static double meanCpuMillis() {
        double mean = 0;
        for (int i = 0; i < CPU_MILLIS.length; i++) {
            mean += CPU_MILLIS[i] * CPU_SHARES[i];
        }
        return mean;
    }

    /** Returns the mean of the bounded Pareto distribution. */
    static double meanSeconds(double longestSeconds) {
        double low = Math.pow(SHORTEST_SECONDS, SHAPE);
        double weight = low / (1 - Math.pow(SHORTEST_SECONDS / longestSeconds, SHAPE));
        return weight
                * SHAPE
                / (SHAPE - 1)
                * (Math.pow(SHORTEST_SECONDS, 1 - SHAPE) - Math.pow(longestSeconds, 1 - SHAPE));
    }

    SimulatedTask next() {
        arrivedNanos += Math.round(-meanGapNanos * Math.log(1 - random.nextDouble()));
        int cpuMillis = cpuMillis(random.nextDouble());
        boolean heavy = random.nextDouble() < HEAVY_SHARE;
        double share = random.nextDouble();
        double gibPerCore = heavy ? HEAVY_GIB_PER_CORE + HEAVY_SPREAD * share : GIB_PER_CORE + SPREAD * share;
        long memoryBytes = Math.round(BYTES_PER_GIB * gibPerCore * cpuMillis / 1_000);
        return new SimulatedTask(number++, arrivedNanos, cpuMillis, memoryBytes, workNanos(random.nextDouble()));
    }

    private static int cpuMillis(double at) {
        double left = at;
        for (int i = 0; i < CPU_MILLIS.length - 1; i++) {
            left -= CPU_SHARES[i];
            if (left < 0) {
                return CPU_MILLIS[i];
            }
        }
        return CPU_MILLIS[CPU_MILLIS.length - 1];
    }

    private long workNanos(double at) {
        double longest = 1 - Math.pow(SHORTEST_SECONDS / longestSeconds, SHAPE);
        return Math.round(NANOS * SHORTEST_SECONDS / Math.pow(1 - at * longest, 1 / SHAPE));
    }
}
