package io.dray.bench.report;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * All that one run of {@code bench simulate} found out, in the shape that {@code bench/results/SCHEMA.md} describes.
 *
 * @param schema version of the shape
 * @param machine where it ran
 * @param revision the Git commit, with {@code -dirty} when the working tree differed from it
 * @param command the words that repeat the run
 * @param started when it began
 * @param partial whether the run had not ended when this was written
 * @param seed of nodes, tasks and schedulers
 * @param cases one for each mesh, load and scheduler, in the order simulated
 */
public record SimulationReport(
        int schema,
        Machine machine,
        String revision,
        String command,
        Instant started,
        boolean partial,
        long seed,
        List<Simulated> cases) {

    /** Copies the list. */
    public SimulationReport {
        cases = List.copyOf(cases);
    }

    /**
     * Describes a run on this machine.
     *
     * @param revision the commit
     * @param command the words that repeat the run
     * @param started when it began
     * @param partial whether the run goes on
     * @param seed of nodes, tasks and schedulers
     * @param cases what was simulated
     * @return the report
     */
    public static SimulationReport of(
            String revision, String command, Instant started, boolean partial, long seed, List<Simulated> cases) {
        return new SimulationReport(
                Report.SCHEMA,
                Machine.current(),
                revision,
                command,
                started.truncatedTo(ChronoUnit.SECONDS),
                partial,
                seed,
                cases);
    }

    /**
     * One mesh under one load and one scheduler.
     *
     * @param nodes how many
     * @param loadPercent share of the capacity that the tasks want
     * @param outsidePercent share of the nodes that others use too
     * @param scheduler {@code dray} or a peer
     * @param tasks how many arrived; all of them ended
     * @param measured how many of them are in the figures of slowdown
     * @param meanSlowdown time from arrival to end, divided by the time of its work on a node of speed 1
     * @param medianSlowdown of half of the tasks it is no more
     * @param p99Slowdown of 99 % of the tasks it is no more
     * @param utilisation CPU that tasks held of all CPU, 0 to 1
     * @param rejected how often a node did not take a task that it was given
     * @param overcommits starts of tasks that together wanted more than their node has
     * @param decisions how often the scheduler looked for a node
     * @param decisionNs what that took in the real world, the mean
     * @param decisionMedianNs the median of the same
     * @param virtualS virtual seconds from the first arrival to the last end
     * @param realS what they took
     * @param checks figures held against a bar; empty for most
     */
    public record Simulated(
            int nodes,
            int loadPercent,
            int outsidePercent,
            String scheduler,
            long tasks,
            long measured,
            double meanSlowdown,
            double medianSlowdown,
            double p99Slowdown,
            double utilisation,
            long rejected,
            long overcommits,
            long decisions,
            double decisionNs,
            double decisionMedianNs,
            double virtualS,
            double realS,
            List<Check> checks) {
        private static final String DRAY = "dray";
        private static final int BAR_LOAD = 85;
        private static final List<Integer> BAR_NODES = List.of(100, 1_000);
        private static final double BAR = 1.1;

        /** Copies the list. */
        public Simulated {
            checks = List.copyOf(checks);
        }

        /** Returns the same held against the bar, where there is one for such a case. */
        public Simulated judged() {
            boolean hasBar = isDray() && loadPercent == BAR_LOAD && outsidePercent == 0 && BAR_NODES.contains(nodes);
            return new Simulated(
                    nodes,
                    loadPercent,
                    outsidePercent,
                    scheduler,
                    tasks,
                    measured,
                    meanSlowdown,
                    medianSlowdown,
                    p99Slowdown,
                    utilisation,
                    rejected,
                    overcommits,
                    decisions,
                    decisionNs,
                    decisionMedianNs,
                    virtualS,
                    realS,
                    hasBar ? List.of(Check.atMost("mean slowdown", meanSlowdown, BAR)) : List.of());
        }

        boolean isDray() {
            return scheduler.equals(DRAY);
        }

        /** Whether the other saw the same nodes and the same tasks. */
        boolean isBeside(Simulated other) {
            return nodes == other.nodes && loadPercent == other.loadPercent && outsidePercent == other.outsidePercent;
        }
    }
}
