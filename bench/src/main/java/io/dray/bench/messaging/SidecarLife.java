package io.dray.bench.messaging;

import io.dray.agent.AgentSpec;
import io.dray.agent.Mesh;
import io.dray.agent.MeshConfig;
import io.dray.agent.Message;
import io.dray.bench.mesh.CpuTime;
import io.dray.bench.mesh.LocalMesh;
import io.dray.bench.mesh.Memory;
import io.dray.bench.report.Contender;
import io.dray.bench.report.Cost;
import io.dray.bench.report.Figures;
import io.dray.bench.report.Latency;
import io.dray.bench.report.Percentile;
import io.dray.bench.report.Row;
import io.dray.bench.report.Shape;
import io.dray.bench.report.WindowRow;
import io.dray.bench.report.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** A sidecar without load: how long it takes from its start to the first routed message, and what it weighs idle. */
final class SidecarLife {
    static final String START = "start";
    static final String IDLE = "idle";

    private static final int DIGITS = 3;
    private static final int PAYLOAD_BYTES = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** Until then what only the start needed has gone back to the system. */
    private static final Duration SETTLING = Duration.ofSeconds(12);

    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MICROS_PER_SECOND = 1e6;

    private final Path folder;
    private final Launcher launcher = Launcher.find();
    private int starts;

    SidecarLife(Path folder) {
        this.folder = folder;
    }

    /** Starts a sidecar so many times, without and with the AOT cache in turn if there is one. */
    List<Row> start(int times) throws IOException {
        List<Boolean> modes = modes();
        // The first start warms up this process's own agents and the machine's file cache.
        modes.forEach(aot -> firstMessage(aot, new Histogram(DIGITS)));
        List<List<WindowRow>> windows = new ArrayList<>();
        List<Histogram> latencies = new ArrayList<>();
        for (boolean _ : modes) {
            windows.add(new ArrayList<>());
            latencies.add(new Histogram(DIGITS));
        }
        for (int i = 0; i < times; i++) {
            for (int mode = 0; mode < modes.size(); mode++) {
                windows.get(mode).add(firstMessage(modes.get(mode), latencies.get(mode)));
            }
        }
        List<Row> rows = new ArrayList<>();
        for (int mode = 0; mode < modes.size(); mode++) {
            rows.add(row(START, system(modes.get(mode)), windows.get(mode), Percentile.curve(latencies.get(mode))));
        }
        return rows;
    }

    /** Lets a sidecar stand without agents, without and with the AOT cache, and weighs it so many times. */
    List<Row> idle(int times, double seconds) throws IOException, InterruptedException {
        List<Row> rows = new ArrayList<>();
        for (boolean aot : modes()) {
            rows.add(idle(aot, times, seconds));
        }
        return rows;
    }

    private Row idle(boolean aot, int times, double seconds) throws IOException, InterruptedException {
        Path place = place();
        ServerProgram sidecar = launcher.startSidecar(place, aot);
        try (var _ = sidecar.child()) {
            awaitReady(sidecar);
            Thread.sleep(SETTLING);
            List<WindowRow> windows = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                Moment before = Moment.of(sidecar);
                Thread.sleep((long) (seconds * 1_000));
                windows.add(before.window(0, new Histogram(DIGITS)));
            }
            return row(IDLE, system(aot), windows, List.of());
        } finally {
            LocalMesh.deleteFolder(place);
        }
    }

    /** Without the AOT cache first, then with it if there is one. */
    private List<Boolean> modes() {
        return launcher.hasAotCache() ? List.of(false, true) : List.of(false);
    }

    private static String system(boolean aot) {
        return aot ? "dray-aot" : "dray";
    }

    private WindowRow firstMessage(boolean aot, Histogram all) {
        try {
            Path place = place();
            long started = System.nanoTime();
            ServerProgram sidecar = launcher.startSidecar(place, aot);
            Moment before = new Moment(sidecar, started, CpuTime.machineSeconds(), CpuTime.seconds(List.of(self())));
            try (var _ = sidecar.child()) {
                awaitReady(sidecar);
                request(place.resolve("agents.sock"));
                Histogram latency = new Histogram(DIGITS);
                latency.recordValue(System.nanoTime() - started);
                all.add(latency);
                return before.window(1, latency);
            } finally {
                LocalMesh.deleteFolder(place);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path place() throws IOException {
        return Files.createDirectories(folder.resolve("sidecar-" + starts++));
    }

    /** The product's launcher has said READY before, with the id of the process. */
    private static void awaitReady(ServerProgram sidecar) {
        var _ = sidecar.child().ready(PATIENCE);
    }

    private static void request(Path socket) {
        MeshConfig config = MeshConfig.defaults()
                .withSidecar("unix:" + socket)
                .withInlineCallbacks(true)
                .withCloseTimeout(Duration.ofMillis(100));
        AgentSpec answering = AgentSpec.named("sink").inlineHandlers().onRequest(message -> message.payload());
        try (Mesh _ = Mesh.connect(answering, config);
                Mesh source = Mesh.connect(AgentSpec.named("source"), config)) {
            var _ = source.requestBlocking(Message.to("sink").payload(new byte[PAYLOAD_BYTES]), PATIENCE);
        }
    }

    private static long self() {
        return ProcessHandle.current().pid();
    }

    private static Row row(String scenario, String system, List<WindowRow> windows, List<Percentile> curve) {
        Workload workload = new Workload(Scenario.SUITE, scenario, Shape.CLOSED, PAYLOAD_BYTES, 1, null);
        return Row.of(workload, new Contender(system, "local", "uds"), windows, curve);
    }

    /** What had been used when a window began. */
    private record Moment(ServerProgram sidecar, long nanos, double machineCpuS, double ownCpuS) {
        static Moment of(ServerProgram sidecar) {
            return new Moment(
                    sidecar,
                    System.nanoTime(),
                    CpuTime.machineSeconds(),
                    CpuTime.seconds(List.of(self(), sidecar.pid())));
        }

        WindowRow window(int messages, Histogram latency) {
            double seconds = (System.nanoTime() - nanos) / NANOS_PER_SECOND;
            double cpu = CpuTime.seconds(List.of(sidecar.pid()));
            double own = CpuTime.seconds(List.of(self(), sidecar.pid())) - ownCpuS;
            double foreign = Math.max(0, CpuTime.machineSeconds() - machineCpuS - own) / seconds;
            Cost cost = new Cost(
                    messages == 0 ? 0 : cpu * MICROS_PER_SECOND,
                    Map.of("sidecar-a", cpu),
                    Map.of("sidecar-a", Memory.residentMib(sidecar.pid())),
                    null,
                    null,
                    null);
            return WindowRow.of(seconds, Figures.of(messages / seconds, Latency.of(latency), 0), cost, foreign);
        }
    }
}
