package io.dray.bench.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The uneven nodes of a case, and what happens to them from outside. Used by one thread. */
final class Mesh {
    /*
     * Each node is slow for 5 s now and then, 2 % of the time. On the nodes that others use too these come and go, half
     * a minute each on average, and take half to all of the CPU and up to half of the memory. What happens follows from
     * the seed and not from where tasks run, so that it is the same for all schedulers.
     */
    private static final int[] CORES = {2, 4, 8, 16};

    private static final int[] GIB_PER_CORE = {2, 4, 8};
    private static final double SLOWEST = 0.7;
    private static final double FASTEST = 1.3;
    private static final double SLOW_PART = 0.4;
    private static final double SLOW_SHARE = 0.02;
    private static final double SLOW_SECONDS = 5;
    private static final double FAST_SECONDS = SLOW_SECONDS / SLOW_SHARE - SLOW_SECONDS;
    private static final double OUTSIDE_SECONDS = 30;
    private static final double OUTSIDE_LEAST = 0.5;
    private static final double OUTSIDE_MEMORY = 0.5;
    private static final double HUNDRED = 100;
    private static final double NANOS = 1e9;

    private final List<SimulatedNode> nodes = new ArrayList<>();
    private final VirtualTime time;
    private final double capacityCpuMillis;

    Mesh(Case of, VirtualTime time) {
        this.time = time;
        SplittableRandom seeds = new SplittableRandom(~of.seed());
        double capacity = 0;
        for (int i = 0; i < of.nodes(); i++) {
            SplittableRandom random = seeds.split();
            int cores = CORES[i % CORES.length];
            int gibPerCore = GIB_PER_CORE[i / CORES.length % GIB_PER_CORE.length];
            SimulatedNode node = new SimulatedNode(i, cores, gibPerCore, random.nextDouble(SLOWEST, FASTEST), time);
            nodes.add(node);
            slowLater(node, random.split());
            // Spread evenly over the kinds of nodes.
            boolean shared = (i + 1L) * of.outsidePercent() / 100 > (long) i * of.outsidePercent() / 100;
            if (shared) {
                // As if it had always been so: others are there already on half of these nodes.
                outsideComes(node, random.split(), random.nextBoolean() ? 0 : OUTSIDE_SECONDS);
            }
            double outside = shared ? 0.5 * (1 + OUTSIDE_LEAST) / 2 : 0;
            capacity += node.cpuMillis() * node.speed() * (1 - outside);
        }
        capacityCpuMillis = capacity * (1 - SLOW_SHARE * (1 - SLOW_PART));
    }

    List<SimulatedNode> nodes() {
        return nodes;
    }

    /** Returns how many thousandths of a core of speed 1 that load keeps busy. */
    double busyCpuMillis(int loadPercent) {
        return capacityCpuMillis * loadPercent / HUNDRED;
    }

    private void slowLater(SimulatedNode node, SplittableRandom random) {
        time.after(exponential(random, FAST_SECONDS), () -> {
            node.slowTo(SLOW_PART);
            time.after(Math.round(SLOW_SECONDS * NANOS), () -> {
                node.slowTo(1);
                slowLater(node, random);
            });
        });
    }

    private void outsideComes(SimulatedNode node, SplittableRandom random, double meanSeconds) {
        time.after(exponential(random, meanSeconds), () -> {
            double cpuMillis = node.cpuMillis() * random.nextDouble(OUTSIDE_LEAST, 1);
            double memoryBytes = node.memoryBytes() * random.nextDouble(OUTSIDE_MEMORY);
            node.useFromOutside((int) cpuMillis, (long) memoryBytes);
            time.after(exponential(random, OUTSIDE_SECONDS), () -> {
                node.useFromOutside(0, 0);
                outsideComes(node, random, OUTSIDE_SECONDS);
            });
        });
    }

    private static long exponential(SplittableRandom random, double meanSeconds) {
        return Math.round(-NANOS * meanSeconds * Math.log(1 - random.nextDouble()));
    }
}
