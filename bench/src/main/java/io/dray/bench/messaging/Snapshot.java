package io.dray.bench.messaging;

import io.dray.bench.mesh.CpuTime;
import io.dray.bench.mesh.Loopback;
import io.dray.bench.report.Cost;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All counters of one bed and of the machine at one moment; what a window cost is the difference of two.
 *
 * @param nanos when
 * @param machineCpuS time in which the machine's cores were busy
 * @param ownCpuS part of it by processes of this bench, those of idle beds too
 * @param cpuS by role
 * @param rssMb by role
 * @param meters of the sidecars
 * @param loopbackBytes of the machine
 * @param gcPauseMs of all JVMs
 */
public record Snapshot(
        long nanos,
        double machineCpuS,
        double ownCpuS,
        Map<String, Double> cpuS,
        Map<String, Double> rssMb,
        Map<String, Double> meters,
        long loopbackBytes,
        long gcPauseMs) {
    private static final double MICROS_PER_SECOND = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final String LINK_BYTES = "dray_link_bytes_wire_total";
    private static final String STALLS = "dray_loop_stalls_total";

    /**
     * Takes one.
     *
     * @param bed whose
     * @param up all beds that are
     * @return all counters now
     */
    public static Snapshot of(Bed bed, List<Bed> up) {
        long pauses = 0;
        for (Part part : bed.parts()) {
            if (part.isJvm()) {
                pauses += part.child().ask("gc", ANSWER).get("gcMs").asLong();
            }
        }
        Map<String, Double> meters = bed.sidecars().read();
        Map<String, Double> cpu = new LinkedHashMap<>();
        Map<String, Double> rss = new LinkedHashMap<>();
        for (Part part : bed.parts()) {
            cpu.put(part.role(), part.cpuSeconds());
            rss.put(part.role(), part.residentMib());
        }
        return new Snapshot(
                System.nanoTime(),
                CpuTime.machineSeconds(),
                ownSeconds(up),
                cpu,
                rss,
                meters,
                Loopback.bytes(),
                pauses);
    }

    /**
     * Returns what others used.
     *
     * @param before an earlier snapshot
     * @return cores, on average since then
     */
    public double foreignCoresSince(Snapshot before) {
        double foreign = machineCpuS - before.machineCpuS - (ownCpuS - before.ownCpuS);
        return Math.max(0, foreign) / ((nanos - before.nanos) / NANOS_PER_SECOND);
    }

    /**
     * Returns what some messages cost that were the only load since an earlier snapshot.
     *
     * @param before an earlier snapshot
     * @param bed whose
     * @param messages how many
     * @return the cost of one
     */
    public Cost since(Snapshot before, Bed bed, long messages) {
        Map<String, Double> used = new LinkedHashMap<>();
        cpuS.forEach((role, seconds) -> used.put(role, seconds - before.cpuS.getOrDefault(role, 0.0)));
        double all = used.values().stream().mapToDouble(Double::doubleValue).sum();
        long divisor = Math.max(1, messages);
        return new Cost(
                all * MICROS_PER_SECOND / divisor,
                used,
                rssMb,
                wireBytes(before, bed) / divisor,
                (double) (gcPauseMs - before.gcPauseMs),
                stalls(before, bed));
    }

    private double wireBytes(Snapshot before, Bed bed) {
        if (bed.contender().path().equals("remote")) {
            return grown(before, LINK_BYTES);
        }
        return bed.contender().transport().equals("tcp") ? loopbackBytes - before.loopbackBytes : 0;
    }

    private @Nullable Long stalls(Snapshot before, Bed bed) {
        return bed.sidecars().isEmpty() ? null : Long.valueOf((long) grown(before, STALLS));
    }

    private double grown(Snapshot before, String meter) {
        return meters.getOrDefault(meter, 0.0) - before.meters.getOrDefault(meter, 0.0);
    }

    /** Beds may share a part, such as a database. */
    private static double ownSeconds(List<Bed> up) {
        Map<Long, Part> parts = new HashMap<>();
        for (Bed bed : up) {
            bed.parts().forEach(part -> parts.put(part.pid(), part));
        }
        double ours = CpuTime.seconds(List.of(ProcessHandle.current().pid()));
        return ours + parts.values().stream().mapToDouble(Part::cpuSeconds).sum();
    }
}
