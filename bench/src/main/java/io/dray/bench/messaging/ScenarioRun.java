package io.dray.bench.messaging;

import io.dray.bench.load.Result;
import io.dray.bench.load.Work;
import io.dray.bench.report.Contender;
import io.dray.bench.report.Figures;
import io.dray.bench.report.Latency;
import io.dray.bench.report.Percentile;
import io.dray.bench.report.Row;
import io.dray.bench.report.WindowRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** One scenario: all its contenders up at once, warmed, then measured window by window in turn. Used by one thread. */
public final class ScenarioRun {
    /** The rest of the warm-up is the load itself. */
    private static final double SHARE_AT_FULL_SPEED = 0.6;

    /** Compilers that use less than this part of a core leave the messages alone. */
    private static final double QUIET_CORES = 0.05;

    /** Half a warm-up each, after it, until compilers are quiet. */
    private static final int MORE_WARM_UPS = 4;

    private static final int DIGITS = 3;
    private static final int FOLDER_CHARACTERS = 24;

    /** All batches are large then, so that code is called less often and compiled later. */
    private static final int FLOOD_WARM_UPS = 2;

    private final Scenario scenario;
    private final BedStarter starter;
    private final Timing timing;
    private final Path folder;
    private final Progress progress;
    private final String suite;
    private final WindowWatch watch;
    private final List<Bed> beds = new ArrayList<>();
    private final Map<Bed, List<WindowRow>> windows = new LinkedHashMap<>();
    private final Map<Bed, Histogram> latencies = new LinkedHashMap<>();
    private int started;

    ScenarioRun(Scenario scenario, BedStarter starter, Timing timing, Path folder, Progress progress) {
        this(scenario, starter, timing, folder, progress, WindowWatch.NONE);
    }

    /** Creates a run whose windows are watched. */
    ScenarioRun(
            Scenario scenario, BedStarter starter, Timing timing, Path folder, Progress progress, WindowWatch watch) {
        this(scenario, starter, timing, folder, progress, Scenario.SUITE, watch);
    }

    /**
     * Creates a run of another suite.
     *
     * @param scenario what is measured
     * @param starter starts the bed of each contender
     * @param timing how long
     * @param folder for sockets and logs
     * @param progress hears how it goes
     * @param suite as in reports
     */
    public ScenarioRun(
            Scenario scenario, BedStarter starter, Timing timing, Path folder, Progress progress, String suite) {
        this(scenario, starter, timing, folder, progress, suite, WindowWatch.NONE);
    }

    private ScenarioRun(
            Scenario scenario,
            BedStarter starter,
            Timing timing,
            Path folder,
            Progress progress,
            String suite,
            WindowWatch watch) {
        this.suite = suite;
        this.watch = watch;
        this.scenario = scenario;
        this.starter = starter;
        this.timing = timing;
        this.folder = folder;
        this.progress = progress;
    }

    /**
     * Measures; contenders that break are left out, and told to the progress.
     *
     * @return a row for each of the others
     * @throws InterruptedException when the thread was interrupted
     */
    public List<Row> run() throws InterruptedException {
        try {
            for (Contender contender : scenario.contenders()) {
                start(contender);
            }
            List.copyOf(beds).forEach(bed -> attempt(bed, () -> warmUp(bed)));
            for (int i = 0; i < timing.windows(); i++) {
                // Who begins changes: what follows another's window is never always the same.
                List<Bed> turn =
                        i % 2 == 0 ? List.copyOf(beds) : List.copyOf(beds).reversed();
                turn.forEach(bed -> attempt(bed, () -> measure(bed)));
            }
            return beds.stream().map(this::row).toList();
        } finally {
            beds.forEach(Bed::close);
        }
    }

    private void start(Contender contender) throws InterruptedException {
        progress.say(contender, "starting");
        String words = contender.system() + "-" + contender.path() + "-" + contender.transport();
        // A Unix socket in it has a path of at most 107 bytes.
        String name = ++started + "-"
                + words.replaceAll("[^a-z0-9.-]", "_").substring(0, Math.min(words.length(), FOLDER_CHARACTERS));
        try {
            Bed bed = starter.start(scenario, contender, folder.resolve(name));
            beds.add(bed);
            windows.put(bed, new ArrayList<>());
            latencies.put(bed, new Histogram(DIGITS));
        } catch (IOException | RuntimeException e) {
            progress.failed(contender, e);
        }
    }

    private void attempt(Bed bed, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            progress.failed(bed.contender(), e);
            beds.remove(bed);
            bed.close();
        }
    }

    private void warmUp(Bed bed) {
        watch.onReady(bed);
        progress.say(bed.contender(), "warming up");
        // What reads the counters comes by another kind of connection: compiled code that had never seen one would be
        // thrown away at the first window, and compiled anew within it.
        var _ = Snapshot.of(bed, beds);
        Work fullSpeed = scenario.fullSpeed();
        if (!fullSpeed.equals(scenario.work())) {
            bed.run(fullSpeed.lasting(timing.warmUpSeconds() * SHARE_AT_FULL_SPEED));
            bed.run(scenario.work().lasting(timing.warmUpSeconds() * (1 - SHARE_AT_FULL_SPEED)));
        } else {
            int times = fullSpeed.kind() == Work.Kind.FLOOD ? FLOOD_WARM_UPS : 1;
            bed.run(fullSpeed.lasting(timing.warmUpSeconds() * times));
        }
        untilCompiled(bed);
    }

    private void untilCompiled(Bed bed) {
        Compilers compilers = new Compilers(bed.parts().stream().map(Part::pid).toList());
        for (int i = 0; i < MORE_WARM_UPS && timing.warmUpSeconds() > 0; i++) {
            var _ = Snapshot.of(bed, beds);
            bed.run(scenario.work().lasting(timing.warmUpSeconds() / 2));
            if (compilers.coresSinceLast() < QUIET_CORES) {
                return;
            }
        }
    }

    private void measure(Bed bed) {
        Work work = scenario.work().lasting(timing.windowSeconds());
        watch.onBegin(bed);
        Snapshot before = Snapshot.of(bed, beds);
        Result result = bed.run(work);
        Snapshot after = Snapshot.of(bed, beds);
        watch.onEnd(bed);

        Histogram histogram = result.histogram();
        Histogram all = latencies.get(bed);
        if (all != null) {
            all.add(histogram);
        }
        WindowRow window = WindowRow.of(
                result.seconds(),
                figures(work, result, histogram),
                after.since(before, bed, result.operations()),
                after.foreignCoresSince(before));
        windows.getOrDefault(bed, new ArrayList<>()).add(window);
        progress.window(bed.contender(), window, result);
    }

    private static Figures figures(Work work, Result result, Histogram histogram) {
        Latency latency = Latency.of(histogram);
        Figures figures = work.kind() == Work.Kind.FLOOD
                ? Figures.ofFlood(result.perSecond(), latency, result.failures())
                : Figures.of(result.perSecond(), latency, result.failures());
        return figures.withDuplicates(result.duplicates());
    }

    private Row row(Bed bed) {
        return Row.of(
                scenario.workload(suite),
                bed.contender(),
                windows.getOrDefault(bed, List.of()),
                Percentile.curve(latencies.getOrDefault(bed, new Histogram(DIGITS))));
    }
}
