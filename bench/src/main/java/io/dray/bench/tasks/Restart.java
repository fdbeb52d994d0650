package io.dray.bench.tasks;

import com.google.protobuf.ByteString;
import io.dray.bench.mesh.CpuTime;
import io.dray.bench.mesh.LocalMesh;
import io.dray.bench.mesh.Memory;
import io.dray.bench.messaging.Progress;
import io.dray.bench.messaging.Timing;
import io.dray.bench.report.Cost;
import io.dray.bench.report.Figures;
import io.dray.bench.report.Latency;
import io.dray.bench.report.Percentile;
import io.dray.bench.report.Row;
import io.dray.bench.report.Shape;
import io.dray.bench.report.WindowRow;
import io.dray.bench.report.Workload;
import io.dray.router.v1.TaskSpec;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.HdrHistogram.Histogram;

/**
 * A router with many tasks that nobody can do: how long it takes to fill, what it weighs, and how long it takes, killed
 * and started again, until it answers a submission. Used by one thread.
 */
final class Restart {
    private static final String CAPABILITY = "nobody";
    private static final int BATCH_TASKS = 1_000;
    private static final int CALLERS = 4;
    /** What a user gives a router of a million tasks; the default is made for thousands. */
    private static final String HEAP = "-Xmx1g";

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration CALL = Duration.ofSeconds(30);
    private static final String PENDING = "PENDING";
    private static final int DIGITS = 3;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MICROS_PER_SECOND = 1e6;

    private final int tasks;
    private final int payloadBytes;

    Restart(int tasks, int payloadBytes) {
        this.tasks = tasks;
        this.payloadBytes = payloadBytes;
    }

    String name() {
        return "restart-" + label();
    }

    String what() {
        return String.format(Locale.ROOT, "a router with %,d pending tasks is killed and started again", tasks);
    }

    List<Row> run(Path folder, Timing timing, Progress told) throws IOException, InterruptedException {
        try (LocalMesh mesh = new LocalMesh(Files.createDirectories(folder), "auto")) {
            mesh.setRouterFlags(HEAP);
            mesh.set("router", "pool.max-live-tasks=" + 2 * tasks);
            mesh.startRouter();
            List<Row> rows = new ArrayList<>();
            rows.add(row("fill-" + label(), List.of(fill(mesh, told)), new Histogram(DIGITS)));
            List<WindowRow> windows = new ArrayList<>();
            Histogram latencies = new Histogram(DIGITS);
            for (int i = 0; i < timing.windows(); i++) {
                WindowRow window = restart(mesh, i, latencies);
                told.window(TaskBeds.SQLITE, window);
                windows.add(window);
            }
            rows.add(row(name(), windows, latencies));
            return rows;
        }
    }

    private WindowRow fill(LocalMesh mesh, Progress told) throws InterruptedException {
        told.say(TaskBeds.SQLITE, "is filled");
        Moment before = Moment.of(mesh);
        ManagedChannel channel = RouterTasks.open(mesh);
        try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            RouterTasks router = new RouterTasks(channel);
            ByteString payload = ByteString.copyFrom(new byte[payloadBytes]);
            List<Future<Integer>> calls = new ArrayList<>();
            for (int first = 0; first < tasks; first += BATCH_TASKS) {
                int from = first;
                int count = Math.min(BATCH_TASKS, tasks - first);
                calls.add(callers.submit(
                        () -> router.submit(batch(from, count, payload)).size()));
            }
            for (Future<Integer> call : calls) {
                var _ = call.get();
            }
            long missing = tasks - router.count().getOrDefault(PENDING, 0L);
            WindowRow window = before.window(mesh, tasks, Math.abs(missing), new Histogram(DIGITS));
            told.window(TaskBeds.SQLITE, window);
            return window;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the router could not be filled: " + e.getCause(), e);
        } finally {
            channel.shutdownNow();
        }
    }

    private static List<TaskSpec> batch(int first, int count, ByteString payload) {
        List<TaskSpec> batch = new ArrayList<>(count);
        for (int i = first; i < first + count; i++) {
            batch.add(RouterTasks.spec(CAPABILITY, "fill-" + i)
                    .setPayload(payload)
                    .build());
        }
        return batch;
    }

    /** A submission is what it has to answer: that needs the keys of all tasks, so that none is taken twice. */
    private WindowRow restart(LocalMesh mesh, int number, Histogram all) throws IOException, InterruptedException {
        long expected = (long) tasks + number;
        mesh.router().kill();
        Moment before = Moment.now();
        mesh.startRouter();
        ManagedChannel channel = RouterTasks.open(mesh);
        try {
            RouterTasks router = new RouterTasks(channel);
            TaskSpec probe = RouterTasks.spec(CAPABILITY, "probe-" + number).build();
            if (!Patience.until(PATIENCE, () -> router.submit(probe, CALL).isPresent())) {
                throw new IllegalStateException("the router took no task within " + PATIENCE + " after its start");
            }
            Histogram latency = new Histogram(DIGITS);
            latency.recordValue(System.nanoTime() - before.nanos());
            all.add(latency);
            long missing = expected + 1 - router.count().getOrDefault(PENDING, 0L);
            return before.window(mesh, 1, Math.abs(missing), latency);
        } finally {
            channel.shutdownNow();
        }
    }

    private Row row(String scenario, List<WindowRow> windows, Histogram latencies) {
        Workload workload = new Workload(TasksSuite.NAME, scenario, Shape.CLOSED, payloadBytes, 1, null);
        return Row.of(workload, TaskBeds.SQLITE, windows, Percentile.curve(latencies));
    }

    private String label() {
        return tasks % 1_000_000 == 0 ? tasks / 1_000_000 + "m" : tasks / 1_000 + "k";
    }

    /** What had been used when a window began. */
    private record Moment(long nanos, double machineCpuS, double ownCpuS, double routerCpuS) {
        static Moment of(LocalMesh mesh) {
            double router = CpuTime.seconds(List.of(mesh.router().pid()));
            return new Moment(System.nanoTime(), CpuTime.machineSeconds(), own() + router, router);
        }

        /** While no router runs. */
        static Moment now() {
            return new Moment(System.nanoTime(), CpuTime.machineSeconds(), own(), 0);
        }

        private static double own() {
            return CpuTime.seconds(List.of(ProcessHandle.current().pid()));
        }

        WindowRow window(LocalMesh mesh, int operations, long failures, Histogram latency) {
            double seconds = (System.nanoTime() - nanos) / NANOS_PER_SECOND;
            Moment now = of(mesh);
            double router = now.routerCpuS - routerCpuS;
            double foreign = Math.max(0, now.machineCpuS - machineCpuS - (now.ownCpuS - ownCpuS)) / seconds;
            Cost cost = new Cost(
                    router * MICROS_PER_SECOND / operations,
                    Map.of("router", router),
                    Map.of("router", Memory.residentMib(mesh.router().pid())),
                    null,
                    null,
                    null);
            return WindowRow.of(
                    seconds, Figures.of(operations / seconds, Latency.of(latency), failures), cost, foreign);
        }
    }
}
