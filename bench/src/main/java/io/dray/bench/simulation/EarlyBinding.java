package io.dray.bench.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;

/** A scheduler that binds each task to a node when it arrives, where it waits in a queue. Used by one thread. */
final class EarlyBinding implements Scheduler {
    private static final int DIGITS = 2;
    private static final double MEDIAN = 50;

    private final VirtualTime time;
    private final Choice choice;
    private final KnownLoad known;
    private final List<NodeQueue> queues = new ArrayList<>();
    /** What tasks want of each node, as the node itself knows it. */
    private final long[] wantedCpuMillis;

    private final Histogram decisionNanos = new Histogram(DIGITS);

    EarlyBinding(Mesh mesh, VirtualTime time, long seed, Choice choice) {
        this.time = time;
        this.choice = choice;
        known = new KnownLoad(mesh.nodes(), new SplittableRandom(seed));
        mesh.nodes().forEach(node -> queues.add(new NodeQueue(node)));
        wantedCpuMillis = new long[queues.size()];
    }

    @Override
    public void start() {}

    @Override
    public void submit(SimulatedTask task) {
        long startNanos = System.nanoTime();
        int node = choice.choose(known, task);
        decisionNanos.recordValue(System.nanoTime() - startNanos);
        known.onSent(node, task);
        time.after(Simulation.NETWORK_NANOS, () -> {
            wantedCpuMillis[node] += task.cpuMillis();
            queues.get(node).add(task);
        });
    }

    @Override
    public void onEnded(SimulatedNode node, SimulatedTask task) {
        wantedCpuMillis[node.index()] -= task.cpuMillis();
        queues.get(node.index()).startWhatFits();
        time.after(Simulation.NETWORK_NANOS, () -> known.onEnded(node.index(), task));
    }

    /** Others may have given memory back. */
    @Override
    public void measure(SimulatedNode node) {
        queues.get(node.index()).startWhatFits();
        long wanted = wantedCpuMillis[node.index()];
        long outside = node.outsideCpuMillis();
        time.after(Simulation.NETWORK_NANOS, () -> known.onReport(node.index(), wanted, outside));
    }

    @Override
    public void checkIdle() {
        for (int node = 0; node < queues.size(); node++) {
            if (wantedCpuMillis[node] != 0 || known.wantedCpuMillis(node) != 0) {
                throw new IllegalStateException("node " + node + " has tasks (expected: none)");
            }
        }
    }

    @Override
    public long rejected() {
        return 0;
    }

    @Override
    public Decisions decisions() {
        return new Decisions(
                decisionNanos.getTotalCount(), decisionNanos.getMean(), decisionNanos.getValueAtPercentile(MEDIAN));
    }
}
