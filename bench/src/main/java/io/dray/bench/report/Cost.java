package io.dray.bench.report;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a load cost. Process names are roles such as source, sink, sidecar, sidecar-b, router, server.
 *
 * @param cpuUsPerMessage CPU of all these processes divided by finished messages, in microseconds
 * @param cpuS CPU seconds of each process
 * @param rssMb resident memory of each process, in MiB
 * @param wireBytesPerMessage bytes on links between hosts and, without a link, between agents and server; null when the
 *     system does not tell
 * @param gcPauseMs sum of garbage collection pauses of all these processes; null when they do not tell
 * @param loopStalls how often an event loop of a sidecar stood still; null when there is none
 */
public record Cost(
        double cpuUsPerMessage,
        Map<String, Double> cpuS,
        Map<String, Double> rssMb,
        @Nullable Double wireBytesPerMessage,
        @Nullable Double gcPauseMs,
        @Nullable Long loopStalls) {

    /** Copies the maps. */
    public Cost {
        cpuS = Ordered.copy(cpuS);
        rssMb = Ordered.copy(rssMb);
    }

    /** Resident memory of all processes. */
    double totalRssMb() {
        return rssMb.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    /** Medians of the windows; pauses and stalls are summed, because a median would hide a single one. */
    static Cost median(List<Cost> windows) {
        return new Cost(
                Median.of(windows, Cost::cpuUsPerMessage),
                Median.byKey(windows, Cost::cpuS),
                Median.byKey(windows, Cost::rssMb),
                Median.ofKnown(windows, Cost::wireBytesPerMessage),
                sum(windows, Cost::gcPauseMs),
                stalls(windows));
    }

    private static @Nullable Double sum(List<Cost> windows, Median.Figure<Cost> figure) {
        double[] known = Median.known(windows, figure);
        return known.length == 0 ? null : Double.valueOf(Arrays.stream(known).sum());
    }

    private static @Nullable Long stalls(List<Cost> windows) {
        long sum = 0;
        boolean known = false;
        for (Cost cost : windows) {
            if (cost.loopStalls() != null) {
                sum += cost.loopStalls();
                known = true;
            }
        }
        return known ? Long.valueOf(sum) : null;
    }
}
