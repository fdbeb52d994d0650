package io.dray.bench.tasks;

import io.dray.bench.mesh.CpuTime;
import io.dray.bench.messaging.Progress;
import io.dray.bench.messaging.Timing;
import io.dray.bench.micro.MicroCommand;
import io.dray.bench.report.Contender;
import io.dray.bench.report.Cost;
import io.dray.bench.report.Figures;
import io.dray.bench.report.Latency;
import io.dray.bench.report.MicroReport;
import io.dray.bench.report.Row;
import io.dray.bench.report.Shape;
import io.dray.bench.report.WindowRow;
import io.dray.bench.report.Workload;
import java.util.List;
import java.util.Map;

/** One decision of the router's balancer among 10,000 nodes, by JMH in a JVM of its own; a window is an iteration. */
final class PlacementDecision {
    static final String NAME = "placement-10k";
    static final String WHAT = "one decision of the balancer among 10,000 nodes, by JMH";

    private static final Contender CONTENDER = new Contender("dray", "local", "none");
    private static final String BENCHMARK = "PlacementBench.decide";
    private static final String NODES = "10000";
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MICRO = 1e3;

    private PlacementDecision() {}

    static List<Row> run(Timing timing, Progress told) {
        told.say(CONTENDER, "runs " + BENCHMARK);
        long start = System.nanoTime();
        double machineCpuS = CpuTime.machineSeconds();
        double ownCpuS = ownSeconds();
        MicroReport.Benchmark benchmark =
                MicroCommand.measure(BENCHMARK, Map.of("nodes", NODES), timing.windows(), timing.windowSeconds());
        double foreign = CpuTime.machineSeconds() - machineCpuS - (ownSeconds() - ownCpuS);
        double foreignCores = Math.max(0, foreign) * NANOS_PER_SECOND / (System.nanoTime() - start);
        List<WindowRow> windows = benchmark.iterations().stream()
                .map(nanos -> window(nanos, timing.windowSeconds(), foreignCores))
                .toList();
        windows.forEach(window -> told.window(CONTENDER, window));
        Workload workload = new Workload(TasksSuite.NAME, NAME, Shape.CLOSED, 0, 1, null);
        return List.of(Row.of(workload, CONTENDER, windows, List.of()));
    }

    /** Of this bench and its children, which JMH ends before this is asked again. */
    private static double ownSeconds() {
        return CpuTime.treeSeconds(ProcessHandle.current().pid());
    }

    private static WindowRow window(double nanos, double seconds, double foreignCores) {
        double micros = nanos / NANOS_PER_MICRO;
        Cost cost = new Cost(micros, Map.of(), Map.of(), null, null, null);
        // JMH tells the mean of an iteration, which stands for each percentile.
        return WindowRow.of(
                seconds,
                Figures.of(NANOS_PER_SECOND / nanos, new Latency(micros, micros, micros), 0),
                cost,
                foreignCores);
    }
}
