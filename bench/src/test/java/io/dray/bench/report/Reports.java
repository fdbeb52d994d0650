package io.dray.bench.report;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Small reports for tests; every figure is made up. */
final class Reports {
    static final Workload REQUEST_REPLY = new Workload("messaging", "request-reply", Shape.CLOSED, 100, 64, null);
    static final Workload ONE_WAY = new Workload("messaging", "one-way", Shape.FLOOD, 100, null, null);
    static final Contender DRAY = new Contender("dray", "local", "uds");
    static final Contender NATS = new Contender("nats", "local", "tcp");

    private Reports() {}

    static Report of(Row... rows) {
        Machine machine = new Machine("Test CPU", 2, 4096, "Test OS", "6.1", "Test VM 25");
        return new Report(
                Report.SCHEMA,
                machine,
                "0123abc",
                "./dray bench run --suite messaging",
                Instant.parse("2026-01-02T03:04:05Z"),
                false,
                Map.of(),
                List.of(rows));
    }

    static MicroReport micro() {
        Report report = of();
        var benchmark = new MicroReport.Benchmark(
                "CodecBench.walk", Map.of("bytes", "100"), 12.34, 0.5, 24.0, List.of(12.3, 12.4));
        return new MicroReport(
                Report.SCHEMA,
                report.machine(),
                report.revision(),
                "./dray bench micro",
                report.started(),
                List.of(benchmark));
    }

    static CrashReport crash(double minutes) {
        Report report = of();
        Verdict verdict = new Verdict("tasks", 1_250, 1_200, 1_190, 0, 0, 0, 1, 7, 0, List.of());
        return new CrashReport(
                Report.SCHEMA,
                report.machine(),
                report.revision(),
                "./dray bench crash",
                report.started(),
                "tasks",
                "sqlite",
                1,
                minutes,
                42,
                verdict.acknowledged(),
                verdict.lost(),
                verdict.duplicated(),
                verdict.late(),
                verdict.redelivered(),
                new TreeMap<>(Map.of("router killed", 2, "worker stopped 8 s", 1)),
                List.of(verdict));
    }

    static SimulationReport simulation() {
        Report report = of();
        return new SimulationReport(
                Report.SCHEMA,
                report.machine(),
                report.revision(),
                "./dray bench simulate",
                report.started(),
                false,
                7,
                List.of(simulated("dray", 100, 1.2), simulated("random", 100, 300), simulated("random", 10, 400)));
    }

    static SimulationReport.Simulated simulated(String scheduler, int nodes, double mean) {
        return new SimulationReport.Simulated(
                        nodes, 85, 0, scheduler, 1_000, 900, mean, 1, 2 * mean, 0.846, 3, 0, 1_234, 210, 150, 60, 1,
                        List.of())
                .judged();
    }

    /** The same of a run that had not ended. */
    static Report partial(Report whole) {
        return new Report(
                whole.schema(),
                whole.machine(),
                whole.revision(),
                whole.command(),
                whole.started(),
                true,
                whole.missing(),
                whole.rows());
    }

    /** A row whose windows have these rates; latency and CPU follow from them. */
    static Row row(Workload workload, Contender contender, double... rates) {
        List<WindowRow> windows = Arrays.stream(rates)
                .mapToObj(rate -> window(figures(workload, rate), cost(1e6 / rate, 60, 120.0), 0.05))
                .toList();
        return Row.of(workload, contender, windows, Percentile.curve(histogram(1_000)));
    }

    static WindowRow window(Figures figures, Cost cost, double foreignCpu) {
        return WindowRow.of(5, figures, cost, foreignCpu);
    }

    static Figures figures(Workload workload, double rate) {
        Latency latency = new Latency(1e7 / rate, 3e7 / rate, 5e7 / rate);
        return workload.shape() == Shape.FLOOD ? Figures.ofFlood(rate, latency, 0) : Figures.of(rate, latency, 0);
    }

    static Cost cost(double cpuUsPerMessage, double sidecarMb, @Nullable Double wireBytes) {
        return new Cost(
                cpuUsPerMessage,
                Map.of("sidecar", cpuUsPerMessage),
                Map.of("sidecar", sidecarMb, "source", 90.0),
                wireBytes,
                1.5,
                0L);
    }

    static Histogram histogram(int values) {
        Histogram histogram = new Histogram(3);
        for (int i = 1; i <= values; i++) {
            histogram.recordValue(i * 1_000L);
        }
        return histogram;
    }
}
