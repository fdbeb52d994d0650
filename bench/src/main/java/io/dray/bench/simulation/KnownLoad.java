package io.dray.bench.simulation;

import java.util.List;
import java.util.SplittableRandom;

/** What one who binds tasks to nodes at once knows of the nodes. Used by one thread. */
final class KnownLoad {
    private final List<SimulatedNode> nodes;
    private final SplittableRandom random;
    private final long[] cpuUpTo;
    private final long[] wanted;
    private final long[] outside;
    private final long[] reported;

    KnownLoad(List<SimulatedNode> nodes, SplittableRandom random) {
        this.nodes = nodes;
        this.random = random;
        cpuUpTo = new long[nodes.size()];
        wanted = new long[nodes.size()];
        outside = new long[nodes.size()];
        reported = new long[nodes.size()];
        long sum = 0;
        for (int i = 0; i < cpuUpTo.length; i++) {
            sum += nodes.get(i).cpuMillis();
            cpuUpTo[i] = sum;
        }
    }

    int size() {
        return nodes.size();
    }

    boolean couldFit(int node, SimulatedTask task) {
        return nodes.get(node).couldFit(task);
    }

    /** Returns a node on which the task could run, at random by their CPU: larger ones come more often. */
    int draw(SimulatedTask task) {
        while (true) {
            int drawn = at(random.nextLong(cpuUpTo[cpuUpTo.length - 1]));
            if (couldFit(drawn, task)) {
                return drawn;
            }
        }
    }

    private int at(long place) {
        int low = 0;
        int high = cpuUpTo.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (cpuUpTo[middle] > place) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    void onSent(int node, SimulatedTask task) {
        wanted[node] += task.cpuMillis();
    }

    void onEnded(int node, SimulatedTask task) {
        wanted[node] -= task.cpuMillis();
    }

    /** Returns what was sent and has not ended, as far as is known. */
    long wantedCpuMillis(int node) {
        return wanted[node];
    }

    /** A node said what its tasks, running or queued, wanted when it measured itself, and what others used. */
    void onReport(int node, long wantedThen, long outsideThen) {
        reported[node] = wantedThen + outsideThen;
        outside[node] = outsideThen;
    }

    /** Returns the CPU wanted of a node, as a share of what it has, by its last report. */
    double reportedLoad(int node) {
        return (double) reported[node] / nodes.get(node).cpuMillis();
    }

    /** Returns the same by what was sent and has not ended, and others by the last report. */
    double currentLoad(int node) {
        return (double) (wanted[node] + outside[node]) / nodes.get(node).cpuMillis();
    }
}
