package io.dray.bench.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a row of Dray stands to other systems under the same workload of the same run. */
final class Peers {
    private Peers() {}

    /**
     * One quotient per figure, Dray's median divided by the other system's.
     *
     * @param peer the other system's row
     * @param throughput above 1 is better
     * @param p50 below 1 is better; null in a flood
     * @param p99 below 1 is better; null in a flood
     * @param cpu CPU per message; below 1 is better
     */
    record Ratio(
            Row peer,
            @Nullable Double throughput,
            @Nullable Double p50,
            @Nullable Double p99,
            @Nullable Double cpu) {

        static Ratio of(Row row, Row peer) {
            return new Ratio(
                    peer,
                    quotient(row.figures().throughputPerS(), peer.figures().throughputPerS()),
                    quotient(row.figures().p50Us(), peer.figures().p50Us()),
                    quotient(row.figures().p99Us(), peer.figures().p99Us()),
                    quotient(row.cost().cpuUsPerMessage(), peer.cost().cpuUsPerMessage()));
        }

        /** One line: what this workload is about comes first. */
        String text() {
            String system = peer.contender().system();
            if (peer.workload().shape() == Shape.FLOOD) {
                return system + " " + Numbers.ratio(throughput);
            }
            String latency = "P50 " + Numbers.ratio(p50) + " P99 " + Numbers.ratio(p99);
            return peer.workload().shape() == Shape.OPEN
                    ? system + " " + latency
                    : system + " " + Numbers.ratio(throughput) + " " + latency;
        }

        private static @Nullable Double quotient(@Nullable Double ours, @Nullable Double theirs) {
            return ours == null || theirs == null || theirs == 0 ? null : Double.valueOf(ours / theirs);
        }
    }

    /** The ratios of one of Dray's rows; those on the same path when there are any. Empty for other systems' rows. */
    static List<Ratio> of(Row row, List<Row> rows) {
        if (!row.contender().isDray()) {
            return List.of();
        }
        List<Row> peers = rows.stream()
                .filter(other -> !other.contender().isDray() && other.workload().equals(row.workload()))
                .toList();
        List<Row> samePath = peers.stream()
                .filter(peer -> peer.contender().path().equals(row.contender().path()))
                .toList();
        return (samePath.isEmpty() ? peers : samePath)
                .stream().map(peer -> Ratio.of(row, peer)).toList();
    }
}
