package io.dray.bench.simulation;

import java.util.SplittableRandom;
import java.util.function.LongConsumer;

/**
 * One case under one scheduler: tasks arrive, nodes run what they are given and report each second, until all tasks
 * have ended. Used by one thread.
 */
final class Simulation {
    /** One way between router and node. */
    static final long NETWORK_NANOS = 1_000_000;

    private static final long NANOS_PER_SECOND = 1_000_000_000;
    /** Nothing that works waits for so long. */
    private static final long PATIENCE_NANOS = 1_000_000 * NANOS_PER_SECOND;

    private static final int STEPS_OF_PROGRESS = 200;

    private final Case of;
    private final VirtualTime time = new VirtualTime();
    private final Mesh mesh;
    private final Scheduler scheduler;
    private final Tally tally;

    Simulation(Case of, SchedulerKind kind) {
        this.of = of;
        mesh = new Mesh(of, time);
        scheduler = kind.on(mesh, time, of.seed());
        tally = new Tally(of);
    }

    /**
     * Runs it to its end.
     *
     * @param progress hears now and then how many tasks have ended
     */
    Outcome run(LongConsumer progress) {
        long startedNanos = System.nanoTime();
        mesh.nodes().forEach(node -> node.listen(this::onEnded));
        scheduler.start();
        long firstNanos = time.nowNanos() + NANOS_PER_SECOND;
        arriveLater(new TaskStream(of, mesh.busyCpuMillis(of.loadPercent()), firstNanos));
        measureAll();
        runUntilAllEnded(progress);
        double virtualSeconds = (double) (time.nowNanos() - firstNanos) / NANOS_PER_SECOND;
        settle();
        scheduler.checkIdle();
        return new Outcome(
                tally.slowdown(),
                tally.utilisation(),
                scheduler.rejected(),
                mesh.nodes().stream().mapToLong(SimulatedNode::overcommits).sum(),
                virtualSeconds,
                (double) (System.nanoTime() - startedNanos) / NANOS_PER_SECOND,
                scheduler.decisions());
    }

    private void onEnded(SimulatedNode node, SimulatedTask task) {
        tally.onEnded(task, time.nowNanos());
        scheduler.onEnded(node, task);
    }

    private void arriveLater(TaskStream stream) {
        SimulatedTask task = stream.next();
        time.at(task.arrivedNanos(), () -> {
            tally.onArrived(task, mesh.nodes());
            scheduler.submit(task);
            if (task.number() + 1 < of.tasks()) {
                arriveLater(stream);
            }
        });
    }

    /** Nodes do not report in step. */
    private void measureAll() {
        SplittableRandom random = new SplittableRandom(of.seed() + 1);
        for (SimulatedNode node : mesh.nodes()) {
            time.after(random.nextLong(NANOS_PER_SECOND), () -> measure(node));
        }
    }

    private void measure(SimulatedNode node) {
        scheduler.measure(node);
        time.after(NANOS_PER_SECOND, () -> measure(node));
    }

    private void runUntilAllEnded(LongConsumer progress) {
        long step = Math.max(1, of.tasks() / STEPS_OF_PROGRESS);
        long next = 0;
        while (tally.count() < of.tasks()) {
            if (!time.step() || time.nowNanos() > PATIENCE_NANOS) {
                throw new IllegalStateException(tally.count() + " of " + of.tasks() + " tasks ended (expected: all)");
            }
            if (tally.count() >= next) {
                progress.accept(tally.count());
                next += step;
            }
        }
        progress.accept(tally.count());
    }

    /** The last outcomes arrive. */
    private void settle() {
        long until = time.nowNanos() + NANOS_PER_SECOND;
        while (time.nowNanos() < until && time.step()) {
            // Nothing but reports is left.
        }
    }
}
