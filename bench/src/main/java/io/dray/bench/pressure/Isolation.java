package io.dray.bench.pressure;

import io.dray.bench.load.Result;
import io.dray.bench.load.Side;
import io.dray.bench.load.Work;
import io.dray.bench.messaging.Progress;
import io.dray.bench.messaging.Scenario;
import io.dray.bench.messaging.Snapshot;
import io.dray.bench.messaging.Timing;
import io.dray.bench.report.Check;
import io.dray.bench.report.Contender;
import io.dray.bench.report.Figures;
import io.dray.bench.report.Latency;
import io.dray.bench.report.PairedRatios;
import io.dray.bench.report.Percentile;
import io.dray.bench.report.Row;
import io.dray.bench.report.WindowRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * Forty pairs, each with one request outstanding, beside slow neighbours: windows with and without them in turn, and in
 * turn which of the two comes first. Used by one thread.
 */
final class Isolation {
    static final String CONSUMERS = "isolation-consumers";
    static final String LINK = "isolation-link";
    static final String CONSUMERS_WHAT = "40 pairs beside a stopped consumer and one at 100/s";
    static final String LINK_WHAT = "40 pairs over two links beside a third one of 1 MB/s";

    private static final int PAIRS = 40;
    private static final int PAYLOAD_BYTES = 100;
    private static final int DIGITS = 3;
    private static final double P90_BAR = 1.10;
    private static final double THROUGHPUT_BAR = 0.95;
    private static final double TAIL = 90;
    /** Many processes share the cores while their code is compiled. */
    private static final double WARM_UP_FACTOR = 2.5;

    private final PressureBed bed;
    private final Neighbours neighbours;
    private final Scenario scenario;
    private final Progress told;
    private final Side90 alone = new Side90("dray");
    private final Side90 beside = new Side90("dray-beside-slow");
    private final PairedRatios latency = new PairedRatios();
    private final PairedRatios throughput = new PairedRatios();

    private Isolation(PressureBed bed, Neighbours neighbours, Scenario scenario, Progress told) {
        this.bed = bed;
        this.neighbours = neighbours;
        this.scenario = scenario;
        this.told = told;
    }

    /** What was measured with the neighbours out of the way, or pressing. */
    private record Side90(String system, List<WindowRow> windows, Histogram all) {
        Side90(String system) {
            this(system, new ArrayList<>(), new Histogram(DIGITS));
        }

        Contender contender(String path) {
            return new Contender(system, path, "uds");
        }
    }

    private record Window(double perSecond, double p90) {}

    /** Slow consumers on the sidecar of all pairs. */
    static List<Row> besideSlowConsumers(Path folder, Timing timing, Progress told, List<String> settings)
            throws IOException, InterruptedException {
        Scenario scenario = scenario(CONSUMERS, CONSUMERS_WHAT);
        try (PressureBed bed = PressureBed.in(folder, scenario, new Contender("dray", "local", "uds"), settings)) {
            bed.startAlone("a");
            bed.startAgents("sink", new Side("dray", bed.socket("a"), true, PAIRS, false));
            bed.startAgents("source", new Side("dray", bed.socket("a"), false, PAIRS, false));
            try (SlowConsumers slow = SlowConsumers.start(bed, "a")) {
                return new Isolation(bed, slow, scenario, told).measure("local", timing);
            }
        }
    }

    /** A slow link of three; the pairs use the other two. */
    static List<Row> besideSlowLink(Path folder, Timing timing, Progress told, List<String> settings)
            throws IOException, InterruptedException {
        Scenario scenario = scenario(LINK, LINK_WHAT);
        try (PressureBed bed = PressureBed.in(folder, scenario, new Contender("dray", "remote", "uds"), settings)) {
            bed.startRouter();
            for (String node : List.of("a", "b", "c")) {
                bed.startSidecar(node);
            }
            try (SlowLink slow = SlowLink.start(bed, "d", "a")) {
                bed.readMeters("a", "b", "c", "d");
                int half = PAIRS / 2;
                bed.startAgents("sink", new Side("dray", bed.socket("b"), true, half, false));
                bed.startAgents("sink-c", new Side("dray", bed.socket("c"), true, half, false, half));
                bed.startAgents("source", new Side("dray", bed.socket("a"), false, PAIRS, false));
                return new Isolation(bed, slow, scenario, told).measure("remote", timing);
            }
        }
    }

    private static Scenario scenario(String name, String what) {
        return new Scenario(name, what, Work.closed(PAYLOAD_BYTES, PAIRS), PAIRS, List.of());
    }

    private List<Row> measure(String path, Timing timing) throws InterruptedException {
        told.say(alone.contender(path), "warming up");
        bed.bed().run(scenario.work().lasting(timing.warmUpSeconds() * WARM_UP_FACTOR));
        // Once before it counts: the first time the senders' own code is cold.
        neighbours.press();
        neighbours.relieve();
        for (int i = 0; i < timing.windows(); i++) {
            boolean isAloneFirst = i % 2 == 0;
            Window first = window(!isAloneFirst, path, timing.windowSeconds());
            Window second = window(isAloneFirst, path, timing.windowSeconds());
            Window with = isAloneFirst ? second : first;
            Window without = isAloneFirst ? first : second;
            latency.add(with.p90(), without.p90());
            throughput.add(with.perSecond(), without.perSecond());
        }
        return List.of(row(alone, path), row(beside, path).with(checks()));
    }

    private Window window(boolean presses, String path, double seconds) throws InterruptedException {
        Side90 side = presses ? beside : alone;
        if (presses) {
            neighbours.press();
        }
        Snapshot before = Snapshot.of(bed.bed(), List.of(bed.bed()));
        Result result = bed.bed().run(scenario.work().lasting(seconds));
        Snapshot after = Snapshot.of(bed.bed(), List.of(bed.bed()));
        if (presses) {
            neighbours.relieve();
        }
        Histogram histogram = result.histogram();
        side.all().add(histogram);
        WindowRow window = WindowRow.of(
                result.seconds(),
                Figures.of(result.perSecond(), Latency.of(histogram), result.failures()),
                after.since(before, bed.bed(), result.operations()),
                after.foreignCoresSince(before));
        side.windows().add(window);
        told.window(side.contender(path), window, result);
        return new Window(result.perSecond(), histogram.getValueAtPercentile(TAIL));
    }

    private Row row(Side90 side, String path) {
        return Row.of(
                scenario.workload("pressure"), side.contender(path), side.windows(), Percentile.curve(side.all()));
    }

    private List<Check> checks() {
        double failures = beside.windows().stream()
                .mapToLong(window -> window.figures().failures())
                .sum();
        return List.of(
                latency.atMost("P90 latency of the pairs, with / without, median of pairs", P90_BAR),
                throughput.atLeast("their throughput, with / without, median of pairs", THROUGHPUT_BAR),
                Check.atMost("requests of the pairs refused", failures, 0));
    }
}
