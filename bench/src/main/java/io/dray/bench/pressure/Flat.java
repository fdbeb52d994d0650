package io.dray.bench.pressure;

import io.dray.bench.load.Result;
import io.dray.bench.load.Work;
import io.dray.bench.mesh.Child;
import io.dray.bench.messaging.Progress;
import io.dray.bench.messaging.Scenario;
import io.dray.bench.messaging.Snapshot;
import io.dray.bench.messaging.Timing;
import io.dray.bench.report.Check;
import io.dray.bench.report.Contender;
import io.dray.bench.report.Figures;
import io.dray.bench.report.Latency;
import io.dray.bench.report.Percentile;
import io.dray.bench.report.Row;
import io.dray.bench.report.Shape;
import io.dray.bench.report.WindowRow;
import io.dray.bench.report.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * A producer at full speed against a consumer at 5,000/s: whether the sidecar's memory grows. A window for each second.
 * Used by one thread.
 */
final class Flat {
    static final String NAME = "flat";
    static final String WHAT = "a producer at full speed against a consumer at 5,000/s";

    private static final int NORMAL = 2;
    private static final long CONSUMED_PER_S = 5_000;
    private static final int PAYLOAD_BYTES = 1_024;
    private static final int DIGITS = 3;
    private static final double MOST_GROWTH = 1.05;
    private static final double MAILBOX_MIB = 4;
    private static final double MIB = 1024 * 1024;
    private static final int SECONDS_PER_WINDOW = 3;
    private static final double SECONDS_PER_MINUTE = 60;

    private final PressureBed bed;
    private final Contender contender;
    private final Progress told;
    private final List<WindowRow> windows = new ArrayList<>();
    private final Histogram latencies = new Histogram(DIGITS);
    private double mostQueued;

    private Flat(PressureBed bed, Contender contender, Progress told) {
        this.bed = bed;
        this.contender = contender;
        this.told = told;
    }

    static List<Row> run(Path folder, Timing timing, Progress told, List<String> settings)
            throws IOException, InterruptedException {
        Contender contender = new Contender("dray", "local", "uds");
        Scenario scenario = new Scenario(NAME, WHAT, Work.flood(PAYLOAD_BYTES, 1), 1, List.of());
        try (PressureBed bed = PressureBed.in(folder, scenario, contender, settings)) {
            bed.startAlone("a");
            return new Flat(bed, contender, told).measure(timing);
        }
    }

    private List<Row> measure(Timing timing) throws IOException, InterruptedException {
        String where = bed.socket("a");
        Child consumer =
                bed.start("sink", Consumers.class, new Consumers.Plan(where, "consumer", CONSUMED_PER_S, 1), true);
        Senders.Flow flood = new Senders.Flow("producer", "consumer", NORMAL, 0, PAYLOAD_BYTES);
        Child senders = bed.start("source", Senders.class, new Senders.Plan(where, List.of(flood)), true);
        double refusedBefore = bed.meter("dray_refused_total");
        told.say(contender, "warming up");
        var _ = PressureBed.tell(senders, "on");
        TimeUnit.MILLISECONDS.sleep((long) (timing.warmUpSeconds() * 1_000));
        var _ = PressureBed.report(consumer);
        for (int i = 0; i < timing.windows() * SECONDS_PER_WINDOW; i++) {
            window(consumer);
        }
        List<Senders.Sent> sent = PressureBed.tell(senders, "off");
        var _ = PressureBed.ask(consumer, "free");
        bed.await("dray_queued_envelopes", waiting -> waiting == 0);
        double refused = bed.meter("dray_refused_total") - refusedBefore;
        Workload workload = new Workload(PressureSuite.NAME, NAME, Shape.FLOOD, PAYLOAD_BYTES, null, null);
        return List.of(Row.of(workload, contender, windows, Percentile.curve(latencies))
                .with(checks(sent.getFirst(), refused)));
    }

    private void window(Child consumer) throws InterruptedException {
        Snapshot before = Snapshot.of(bed.bed(), List.of(bed.bed()));
        TimeUnit.SECONDS.sleep(1);
        Snapshot after = Snapshot.of(bed.bed(), List.of(bed.bed()));
        Result result = PressureBed.report(consumer).get(NORMAL);
        Histogram histogram = result.histogram();
        latencies.add(histogram);
        mostQueued = Math.max(mostQueued, after.meters().getOrDefault("dray_mailbox_queued_bytes", 0.0));
        WindowRow window = WindowRow.of(
                result.seconds(),
                Figures.ofFlood(result.perSecond(), Latency.of(histogram), 0),
                after.since(before, bed.bed(), result.operations()),
                after.foreignCoresSince(before));
        windows.add(window);
        told.window(contender, window);
    }

    private List<Check> checks(Senders.Sent sent, double refused) {
        List<Double> rss = windows.stream()
                .map(window -> window.cost().rssMb().get("sidecar-a"))
                .filter(Objects::nonNull)
                .toList();
        int third = Math.max(1, rss.size() / 3);
        double early = median(rss.subList(0, third));
        double late = median(rss.subList(rss.size() - third, rss.size()));
        return List.of(
                Check.atMost("sidecar RSS, last third / first third", late / early, MOST_GROWTH),
                Check.shown(
                        "sidecar RSS, least MiB",
                        rss.stream().min(Double::compare).orElse(0.0)),
                Check.shown(
                        "sidecar RSS, greatest MiB",
                        rss.stream().max(Double::compare).orElse(0.0)),
                Check.shown("sidecar RSS, slope in MiB per minute", slope(rss) * SECONDS_PER_MINUTE),
                Check.atMost("greatest mailbox MiB", mostQueued / MIB, MAILBOX_MIB),
                Check.atMost("refused to the producer, which heeds Flow", refused + sent.failures(), 0),
                Check.atMost("bytes of the memory budget in use at the end", bed.meter("dray_memory_used_bytes"), 0));
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    /** Of the line through all samples with the least squares, per sample. */
    private static double slope(List<Double> values) {
        double middle = (values.size() - 1) / 2.0;
        double above = IntStream.range(0, values.size())
                .mapToDouble(i -> (i - middle) * values.get(i))
                .sum();
        double below = IntStream.range(0, values.size())
                .mapToDouble(i -> (i - middle) * (i - middle))
                .sum();
        return below == 0 ? 0 : above / below;
    }
}
