package io.dray.bench.pressure;

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
import io.dray.bench.report.Row;
import io.dray.bench.report.Shape;
import io.dray.bench.report.WindowRow;
import io.dray.bench.report.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import tools.jackson.databind.JsonNode;

/**
 * Agents that attach and leave, 1,000 in each minute, with traffic to an agent on another node: whether the two sidecars
 * keep anything of them. A window for each minute. Used by one thread.
 */
final class Churn {
    static final String NAME = "churn";
    static final String WHAT = "1,000 agents a minute attach, ask an agent on another node and leave";

    private static final long PER_MINUTE = 1_000;
    private static final long FIRST = 300;
    private static final int PAYLOAD_BYTES = 1_024;
    private static final int WINDOWS_PER_MINUTE = 4;
    private static final double MOST_GROWTH = 1.10;
    /** Netty keeps what it once had in chunks of 2 MiB: two more than before are no leak, which would not end there. */
    private static final double CHUNKS_MIB = 4;

    private static final double MIB = 1024 * 1024;
    /** A directory forgets who left within seconds, and an address that nobody answers after one. */
    private static final long SETTLE_SECONDS = 8;

    private static final Duration VISIT = Duration.ofMinutes(3);

    private final PressureBed bed;
    private final Contender contender;
    private final Progress told;
    private final List<WindowRow> windows = new ArrayList<>();
    private long failures;

    private Churn(PressureBed bed, Contender contender, Progress told) {
        this.bed = bed;
        this.contender = contender;
        this.told = told;
    }

    /** What a sidecar holds. */
    private record Holding(double heapMib, Direct direct, double files, double meters, double cached, double used) {}

    /** Of direct memory, what all of the process has and what Netty's connections have in use of their pool. */
    private record Direct(double mib, double activeBytes) {}

    static List<Row> run(Path folder, Timing timing, Progress told, List<String> settings)
            throws IOException, InterruptedException {
        Contender contender = new Contender("dray", "remote", "uds");
        Scenario scenario = new Scenario(NAME, WHAT, Work.flood(PAYLOAD_BYTES, 1), 1, List.of());
        try (PressureBed bed = PressureBed.in(folder, scenario, contender, settings)) {
            bed.startRouter();
            bed.startSidecar("a");
            bed.startSidecar("b");
            bed.readMeters("a", "b");
            return new Churn(bed, contender, told).measure(Math.max(1, timing.windows() / WINDOWS_PER_MINUTE));
        }
    }

    private List<Row> measure(int minutes) throws IOException, InterruptedException {
        bed.start("sink", Consumers.class, new Consumers.Plan(bed.socket("b"), "host", 0, 1), true);
        Child visitors = bed.start("source", Visitors.class, new Visitors.Plan(bed.socket("a"), "host"), true);
        told.say(contender, "warming up");
        // As fast as they can: what is made once is there before anything is compared.
        visit(visitors, FIRST, PER_MINUTE * 10);
        List<Holding> before = settled();
        for (int i = 0; i < minutes; i++) {
            Snapshot start = Snapshot.of(bed.bed(), List.of(bed.bed()));
            long served = visit(visitors, PER_MINUTE, PER_MINUTE);
            Snapshot end = Snapshot.of(bed.bed(), List.of(bed.bed()));
            double seconds = (end.nanos() - start.nanos()) / 1e9;
            Figures figures = Figures.ofFlood(served / seconds, Latency.of(new Histogram(1)), failures);
            WindowRow window =
                    WindowRow.of(seconds, figures, end.since(start, bed.bed(), served), end.foreignCoresSince(start));
            windows.add(window);
            told.window(contender, window);
        }
        List<Holding> after = settled();
        Workload workload = new Workload(PressureSuite.NAME, NAME, Shape.FLOOD, PAYLOAD_BYTES, null, null);
        return List.of(Row.of(workload, contender, windows, List.of()).with(checks(before, after)));
    }

    private long visit(Child visitors, long count, long perMinute) {
        JsonNode answer = visitors.ask("visit " + count + " " + perMinute, VISIT);
        failures = answer.get("failures").asLong();
        return answer.get("served").asLong();
    }

    private List<Holding> settled() throws IOException, InterruptedException {
        bed.await("dray_agents_attached", attached -> attached == 1);
        TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
        int meters = bed.bed().sidecars().count();
        List<Holding> holdings = new ArrayList<>();
        for (String node : List.of("a", "b")) {
            JsonNode memory = PressureBed.ask(bed.sidecar(node), "memory");
            holdings.add(new Holding(
                    memory.get("heap").asDouble() / MIB,
                    new Direct(memory.get("direct").asDouble() / MIB, bed.lowest(node, "dray_direct_active_bytes")),
                    memory.get("files").asDouble(),
                    meters,
                    bed.meter("dray_address_cache_size"),
                    bed.meter("dray_memory_used_bytes")));
        }
        return holdings;
    }

    private List<Check> checks(List<Holding> before, List<Holding> after) {
        List<Check> checks = new ArrayList<>();
        for (int node = 0; node < before.size(); node++) {
            String name = "sidecar-" + "ab".charAt(node) + ": ";
            Holding then = before.get(node);
            Holding now = after.get(node);
            checks.add(Check.shown(name + "heap after a collection, MiB before", then.heapMib()));
            checks.add(Check.atMost(name + "heap, after / before", now.heapMib() / then.heapMib(), MOST_GROWTH));
            checks.add(Check.shown(
                    name + "direct memory, MiB before", then.direct().mib()));
            checks.add(Check.atMost(
                    name + "direct memory, MiB after",
                    now.direct().mib(),
                    then.direct().mib() + CHUNKS_MIB));
            checks.add(Check.atMost(
                    name + "direct memory in use by connections, bytes after",
                    now.direct().activeBytes(),
                    then.direct().activeBytes()));
            checks.add(Check.atMost(name + "file descriptors after", now.files(), then.files()));
        }
        Holding then = before.getFirst();
        Holding now = after.getFirst();
        checks.add(Check.atMost("meters after", now.meters(), then.meters()));
        checks.add(Check.atMost("addresses cached after", now.cached(), then.cached()));
        checks.add(Check.atMost("bytes of the memory budget in use after", now.used(), 0));
        double failed = windows.stream()
                .mapToLong(window -> window.figures().failures())
                .sum();
        checks.add(Check.atMost("visits that failed", failed, 0));
        return checks;
    }
}
