package io.dray.bench.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * One host: runs the tasks that it is given, at its speed of the moment. Used by one thread.
 */
final class SimulatedNode {
    /*
     * A task holds its CPU and memory from its start to its end. Where tasks and others want more CPU than there is,
     * all get the same share of what they want, so all tasks of a node progress at one rate, and `progressNanos` (the work
     * that a task would have done that runs since the beginning) says when each ends: where it started plus its work.
     */
    private static final long MILLIS_PER_CORE = 1_000;

    /** Hears of tasks that have ended. */
    interface Listener {
        void onEnded(SimulatedNode node, SimulatedTask task);
    }

    /** A task and the progress of the node at which it ends. */
    private record Running(SimulatedTask task, double endsAt) {}

    private final int index;
    private final int cpuMillis;
    private final long memoryBytes;
    private final double speed;
    private final VirtualTime time;
    private final PriorityQueue<Running> running = new PriorityQueue<>(Comparator.comparingDouble(Running::endsAt)
            .thenComparingLong(each -> each.task().number()));
    private Listener listener = (_, _) -> {};
    private double slowness = 1;
    private int outsideCpuMillis;
    private long outsideMemoryBytes;
    private int heldCpuMillis;
    private long heldMemoryBytes;
    private double progressNanos;
    private long movedNanos;
    private double usedMillisNanos;
    private double heldMillisNanos;
    private double plannedEnd = Double.NaN;
    private double plannedRate;
    private long plans;
    private long overcommits;

    SimulatedNode(int index, int cores, int gibPerCore, double speed, VirtualTime time) {
        this.index = index;
        this.cpuMillis = Math.toIntExact(cores * MILLIS_PER_CORE);
        this.memoryBytes = ((long) cores * gibPerCore) << 30;
        this.speed = speed;
        this.time = time;
        this.movedNanos = time.nowNanos();
    }

    void listen(Listener hears) {
        listener = hears;
    }

    int index() {
        return index;
    }

    int cpuMillis() {
        return cpuMillis;
    }

    long memoryBytes() {
        return memoryBytes;
    }

    double speed() {
        return speed;
    }

    /** Returns the CPU that its tasks hold. */
    int heldCpuMillis() {
        return heldCpuMillis;
    }

    /** Returns the CPU that others use, as far as there is some. */
    int outsideCpuMillis() {
        return outsideCpuMillis;
    }

    /** Returns the memory that neither tasks nor others hold. */
    long freeMemoryBytes() {
        return memoryBytes - heldMemoryBytes - outsideMemoryBytes;
    }

    /** Returns whether the task would fit if nothing else ran. */
    boolean couldFit(SimulatedTask task) {
        return task.cpuMillis() <= cpuMillis && task.memoryBytes() <= memoryBytes;
    }

    /** Returns whether there is memory for the task at this moment, and CPU that no other task holds. */
    boolean fits(SimulatedTask task) {
        return heldCpuMillis + task.cpuMillis() <= cpuMillis && hasMemory(task);
    }

    boolean hasMemory(SimulatedTask task) {
        return task.memoryBytes() <= freeMemoryBytes();
    }

    /** Returns how often a task was started though tasks alone wanted more than the node has. */
    long overcommits() {
        return overcommits;
    }

    void start(SimulatedTask task) {
        move();
        heldCpuMillis += task.cpuMillis();
        heldMemoryBytes += task.memoryBytes();
        if (heldCpuMillis > cpuMillis || heldMemoryBytes > memoryBytes) {
            overcommits++;
        }
        running.add(new Running(task, progressNanos + task.workNanos()));
        plan();
    }

    /** From now on the node runs at a part of its speed. */
    void slowTo(double part) {
        move();
        slowness = part;
        plan();
    }

    /** From now on others use so much of the node; memory that tasks hold stays theirs. */
    void useFromOutside(int useCpuMillis, long useMemoryBytes) {
        move();
        outsideCpuMillis = useCpuMillis;
        outsideMemoryBytes = Math.min(useMemoryBytes, memoryBytes - heldMemoryBytes);
        plan();
    }

    /** Returns the thousandths of a core times nanoseconds that were used, by whomever, since the beginning. */
    double usedMillisNanos() {
        move();
        return usedMillisNanos;
    }

    /** Returns the same of what its tasks held. */
    double heldMillisNanos() {
        move();
        return heldMillisNanos;
    }

    private double rate() {
        int wanted = heldCpuMillis + outsideCpuMillis;
        double share = wanted <= cpuMillis ? 1 : (double) cpuMillis / wanted;
        return speed * slowness * share;
    }

    /** Brings progress and use up to now; before anything changes. */
    private void move() {
        long passed = time.nowNanos() - movedNanos;
        if (passed > 0) {
            progressNanos += rate() * passed;
            usedMillisNanos += (double) Math.min(cpuMillis, heldCpuMillis + outsideCpuMillis) * passed;
            heldMillisNanos += (double) heldCpuMillis * passed;
            movedNanos = time.nowNanos();
        }
    }

    /** Plans the next end anew unless nothing of it has changed. */
    private void plan() {
        Running first = running.peek();
        double end = first == null ? Double.POSITIVE_INFINITY : first.endsAt();
        double rate = rate();
        if (end == plannedEnd && rate == plannedRate) {
            return;
        }
        plannedEnd = end;
        plannedRate = rate;
        long plan = ++plans;
        if (first != null) {
            long left = (long) Math.ceil(Math.max(0, end - progressNanos) / rate);
            time.after(left, () -> onPlanned(plan));
        }
    }

    private void onPlanned(long plan) {
        if (plan != plans) {
            return;
        }
        move();
        plannedEnd = Double.NaN;
        List<SimulatedTask> ended = new ArrayList<>(1);
        // The first has ended by its plan, whatever was lost in rounding.
        ended.add(end(running.remove()));
        for (Running next = running.peek(); next != null && next.endsAt() <= progressNanos; next = running.peek()) {
            ended.add(end(running.remove()));
        }
        ended.forEach(task -> listener.onEnded(this, task));
        plan();
    }

    private SimulatedTask end(Running ended) {
        SimulatedTask task = ended.task();
        heldCpuMillis -= task.cpuMillis();
        heldMemoryBytes -= task.memoryBytes();
        return task;
    }
}
