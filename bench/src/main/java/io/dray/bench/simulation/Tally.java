package io.dray.bench.simulation;

import java.util.BitSet;
import java.util.List;
import org.HdrHistogram.Histogram;

/** Counts the tasks of a case that have ended, each once, and how much slower they were. Used by one thread. */
final class Tally {
    private static final int DIGITS = 3;
    private static final double UNITS = 1_000;
    private static final double MEDIAN = 50;
    private static final double P99 = 99;

    private final Case of;
    private final BitSet ended = new BitSet();
    private final Histogram slowdowns = new Histogram(DIGITS);
    private double sum;
    private long count;
    private double heldFrom;
    private long fromNanos;
    private double utilisation;

    Tally(Case of) {
        this.of = of;
    }

    /** A task arrives: the first and the last that are measured bound the time over which use is taken. */
    void onArrived(SimulatedTask task, List<SimulatedNode> nodes) {
        if (task.number() == of.warmUp()) {
            heldFrom = held(nodes);
            fromNanos = task.arrivedNanos();
        }
        if (task.number() == of.tasks() - 1) {
            double all = nodes.stream().mapToDouble(SimulatedNode::cpuMillis).sum();
            utilisation = (held(nodes) - heldFrom) / (all * Math.max(1, task.arrivedNanos() - fromNanos));
        }
    }

    private static double held(List<SimulatedNode> nodes) {
        return nodes.stream().mapToDouble(SimulatedNode::heldMillisNanos).sum();
    }

    void onEnded(SimulatedTask task, long nowNanos) {
        int number = Math.toIntExact(task.number());
        if (ended.get(number)) {
            throw new IllegalStateException("task " + number + " ended again (expected: once)");
        }
        ended.set(number);
        count++;
        if (number >= of.warmUp()) {
            double slowdown = (double) (nowNanos - task.arrivedNanos()) / task.workNanos();
            sum += slowdown;
            slowdowns.recordValue(Math.round(slowdown * UNITS));
        }
    }

    /** Returns how many have ended. */
    long count() {
        return count;
    }

    double utilisation() {
        return utilisation;
    }

    Outcome.Slowdown slowdown() {
        long measured = slowdowns.getTotalCount();
        return new Outcome.Slowdown(measured, sum / measured, at(MEDIAN), at(P99));
    }

    private double at(double percentile) {
        return slowdowns.getValueAtPercentile(percentile) / UNITS;
    }
}
