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
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * A consumer at 5,000/s that LOW floods, and the other lanes at rates of their own; all from one agent, as the messages
 * of one program are. Latency counts from the planned time. Used by one thread.
 */
final class Lanes {
    static final String NAME = "lanes";
    static final String WHAT = "LOW floods a consumer at 5,000/s, CRITICAL, HIGH and NORMAL beside it";

    private static final List<String> WORDS = List.of("critical", "high", "normal", "low");
    private static final List<Long> RATES = List.of(100L, 200L, 500L, 0L);
    private static final List<Double> P99_BARS_MICROS = List.of(10_000.0, 100_000.0, 1_000_000.0);
    private static final int LOW = 3;
    private static final double LEAST_LOW_SHARE = 0.05;
    private static final long CONSUMED_PER_S = 5_000;
    private static final int PAYLOAD_BYTES = 100;
    private static final int DIGITS = 3;
    private static final double WINDOW_FACTOR = 5;
    private static final int WINDOWS = 4;
    private static final double SHORT_OF = 0.99;

    private final PressureBed bed;
    private final Contender contender;
    private final Progress told;
    private final List<List<WindowRow>> windows = new ArrayList<>();
    private final List<Histogram> latencies = new ArrayList<>();
    private final List<Long> drained = new ArrayList<>();

    private Lanes(PressureBed bed, Contender contender, Progress told) {
        this.bed = bed;
        this.contender = contender;
        this.told = told;
        for (int lane = 0; lane < WORDS.size(); lane++) {
            windows.add(new ArrayList<>());
            latencies.add(new Histogram(DIGITS));
            drained.add(0L);
        }
    }

    static List<Row> run(Path folder, Timing timing, Progress told, List<String> settings)
            throws IOException, InterruptedException {
        Contender contender = new Contender("dray", "local", "uds");
        Scenario scenario = new Scenario(NAME, WHAT, Work.messages(PAYLOAD_BYTES, CONSUMED_PER_S), 1, List.of());
        try (PressureBed bed = PressureBed.in(folder, scenario, contender, settings)) {
            bed.startAlone("a");
            return new Lanes(bed, contender, told).measure(timing);
        }
    }

    private List<Row> measure(Timing timing) throws IOException, InterruptedException {
        String where = bed.socket("a");
        Child consumer =
                bed.start("sink", Consumers.class, new Consumers.Plan(where, "consumer", CONSUMED_PER_S, 1), true);
        List<Senders.Flow> flows = new ArrayList<>();
        for (int lane = 0; lane < WORDS.size(); lane++) {
            flows.add(new Senders.Flow("program", "consumer", lane, RATES.get(lane), PAYLOAD_BYTES));
        }
        Child senders = bed.start("source", Senders.class, new Senders.Plan(where, flows), true);
        told.say(contender, "warming up");
        var _ = PressureBed.tell(senders, "on");
        sleep(timing.warmUpSeconds());
        var _ = PressureBed.report(consumer);
        for (int i = 0; i < WINDOWS; i++) {
            window(consumer, timing.windowSeconds() * WINDOW_FACTOR);
        }
        List<Senders.Sent> sent = PressureBed.tell(senders, "off");
        return rows(sent);
    }

    private void window(Child consumer, double seconds) throws InterruptedException {
        Snapshot before = Snapshot.of(bed.bed(), List.of(bed.bed()));
        sleep(seconds);
        Snapshot after = Snapshot.of(bed.bed(), List.of(bed.bed()));
        List<Result> lanes = PressureBed.report(consumer);
        long all = lanes.stream().mapToLong(Result::operations).sum();
        for (int lane = 0; lane < lanes.size(); lane++) {
            Result result = lanes.get(lane);
            Histogram histogram = result.histogram();
            latencies.get(lane).add(histogram);
            drained.set(lane, drained.get(lane) + result.operations());
            Latency latency = Latency.of(histogram);
            WindowRow window = WindowRow.of(
                    result.seconds(),
                    lane == LOW
                            ? Figures.ofFlood(result.perSecond(), latency, 0)
                            : Figures.of(result.perSecond(), latency, 0),
                    after.since(before, bed.bed(), all),
                    after.foreignCoresSince(before));
            windows.get(lane).add(window);
            told.window(new Contender(WORDS.get(lane), "local", "uds"), window);
        }
    }

    private List<Row> rows(List<Senders.Sent> sent) {
        List<Row> rows = new ArrayList<>();
        double all = drained.stream().mapToLong(Long::longValue).sum();
        for (int lane = 0; lane < WORDS.size(); lane++) {
            @Nullable Long rate = lane == LOW ? null : RATES.get(lane);
            Workload workload = new Workload(
                    PressureSuite.NAME,
                    NAME + "-" + WORDS.get(lane),
                    lane == LOW ? Shape.FLOOD : Shape.OPEN,
                    PAYLOAD_BYTES,
                    null,
                    rate);
            Row row = Row.of(workload, contender, windows.get(lane), Percentile.curve(latencies.get(lane)));
            rows.add(row.with(checks(lane, all, sent.get(lane))));
        }
        return rows;
    }

    private List<Check> checks(int lane, double all, Senders.Sent sent) {
        Check failed = Check.shown("sends that gave up", (double) sent.failures());
        if (lane == LOW) {
            return List.of(
                    Check.atLeast("LOW's part of what is drained", drained.get(LOW) / all, LEAST_LOW_SHARE), failed);
        }
        List<Double> p99s = windows.get(lane).stream()
                .map(window -> window.figures().p99Us())
                .filter(Objects::nonNull)
                .sorted()
                .toList();
        double rate = windows.get(lane).stream()
                .mapToDouble(window -> window.figures().throughputPerS())
                .average()
                .orElse(0);
        return List.of(
                Check.atMost("P99 us, median of windows", p99s.get(p99s.size() / 2), P99_BARS_MICROS.get(lane)),
                Check.atLeast("arrived / planned", rate / RATES.get(lane), SHORT_OF),
                failed);
    }

    private static void sleep(double seconds) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep((long) (seconds * TimeUnit.SECONDS.toNanos(1)));
    }
}
