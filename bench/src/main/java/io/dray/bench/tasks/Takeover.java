package io.dray.bench.tasks;

import io.dray.bench.mesh.Child;
import io.dray.bench.mesh.CpuTime;
import io.dray.bench.mesh.Jvm;
import io.dray.bench.mesh.LocalMesh;
import io.dray.bench.mesh.Memory;
import io.dray.bench.messaging.Progress;
import io.dray.bench.report.Check;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.HdrHistogram.Histogram;
import tools.jackson.databind.ObjectMapper;

/**
 * Two routers on one PostgreSQL: the one that has the pool is killed while a thousand tasks are waiting or running, and
 * the other is asked until it takes a task, and until that task has succeeded through the sidecar. Each time the one that
 * was killed is started again, to stand by. Used by one thread.
 */
final class Takeover {
    static final String NAME = "takeover";
    static final String WHAT = "the router that has the pool is killed; until the other has taken and finished a task";

    private static final String WORK = "work";
    private static final String PROBE = "probe";
    private static final int TASKS = 1_000;
    private static final TaskSide.Offer WORKER = new TaskSide.Offer(WORK, 32, 20);
    /** Has slots of its own, so that it does not wait for the others. */
    private static final TaskSide.Offer PROBER = new TaskSide.Offer(PROBE, 4, 0);

    private static final Duration CALL = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LAST_TASK = Duration.ofSeconds(60);
    private static final Duration START = Duration.ofSeconds(60);
    private static final int DIGITS = 3;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double MICROS_PER_SECOND = 1e6;

    private final TaskBeds beds;
    private final int times;
    private final int payloadBytes;
    private final List<Double> answeredMillis = new ArrayList<>();
    private final Histogram latencies = new Histogram(DIGITS);

    Takeover(TaskBeds beds, int times, int payloadBytes) {
        this.beds = beds;
        this.times = times;
        this.payloadBytes = payloadBytes;
    }

    List<Row> run(Path folder, Progress told) throws IOException, InterruptedException {
        try (LocalMesh one = router(folder, "one");
                LocalMesh other = router(folder, "other")) {
            // The sidecar ends with the first mesh; it knows both routers.
            one.set(TaskBeds.NODE, sidecar(one.routerAddress(), other.routerAddress()));
            one.startSidecar(TaskBeds.NODE);
            TaskSide side = new TaskSide("dray", one.socket(TaskBeds.NODE), List.of(WORKER, PROBER));
            try (Child workers = Jvm.start(
                    "workers", TaskWorkers.class, List.of(new ObjectMapper().writeValueAsString(side)), folder)) {
                workers.ready(START);
                return List.of(row(windows(one, other, told)));
            }
        }
    }

    private List<WindowRow> windows(LocalMesh one, LocalMesh other, Progress told)
            throws IOException, InterruptedException {
        List<WindowRow> windows = new ArrayList<>();
        LocalMesh owner = one;
        LocalMesh standby = other;
        for (int i = 0; i < times; i++) {
            WindowRow window = lose(owner, standby, i);
            told.window(TaskBeds.POSTGRES, window);
            windows.add(window);
            if (i + 1 < times) {
                owner.startRouter();
                LocalMesh next = standby;
                standby = owner;
                owner = next;
            }
        }
        return windows;
    }

    private WindowRow lose(LocalMesh owner, LocalMesh standby, int number) throws InterruptedException {
        ManagedChannel before = RouterTasks.open(owner);
        ManagedChannel after = RouterTasks.open(standby);
        try {
            RouterTasks first = new RouterTasks(before);
            RouterTasks second = new RouterTasks(after);
            awaitSuccess(first, "first-" + number);
            List<String> ids = first.submit(batch(number));
            double machineCpuS = CpuTime.machineSeconds();
            double ownCpuS = ownSeconds();

            long killed = System.nanoTime();
            owner.router().kill();
            awaitSuccess(second, PROBE + "-" + number, killed);
            long served = System.nanoTime();

            int lost = lost(second, ids);
            double seconds = (served - killed) / NANOS_PER_SECOND;
            Histogram latency = new Histogram(DIGITS);
            latency.recordValue(served - killed);
            latencies.add(latency);
            double elapsed = (System.nanoTime() - killed) / NANOS_PER_SECOND;
            double foreign = CpuTime.machineSeconds() - machineCpuS - (ownSeconds() - ownCpuS);
            return WindowRow.of(
                    seconds,
                    Figures.of(1 / seconds, Latency.of(latency), lost),
                    cost(standby, ownSeconds() - ownCpuS),
                    Math.max(0, foreign) / elapsed);
        } finally {
            before.shutdownNow();
            after.shutdownNow();
        }
    }

    private static List<TaskSpec> batch(int number) {
        List<TaskSpec> batch = new ArrayList<>(TASKS);
        for (int i = 0; i < TASKS; i++) {
            batch.add(RouterTasks.spec(WORK, "task-" + number + "-" + i).build());
        }
        return batch;
    }

    private void awaitSuccess(RouterTasks router, String key, long since) throws InterruptedException {
        String id = submit(router, key);
        answeredMillis.add((System.nanoTime() - since) / NANOS_PER_MILLI);
        awaitSuccessOf(router, id);
    }

    private static void awaitSuccess(RouterTasks router, String key) throws InterruptedException {
        awaitSuccessOf(router, submit(router, key));
    }

    /** Under one key, so that a call whose answer was lost makes no second task. */
    private static String submit(RouterTasks router, String key) throws InterruptedException {
        TaskSpec spec = RouterTasks.spec(PROBE, key).build();
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < giveUp) {
            var id = router.submit(spec, CALL);
            if (id.isPresent()) {
                return id.get();
            }
            Thread.sleep(1);
        }
        throw new IllegalStateException("no router took a task within " + PATIENCE);
    }

    private static void awaitSuccessOf(RouterTasks router, String id) throws InterruptedException {
        if (!Patience.until(PATIENCE, () -> router.hasSucceeded(id, CALL))) {
            throw new IllegalStateException("task " + id + " did not succeed within " + PATIENCE);
        }
    }

    /** Acknowledged tasks that do not succeed in the end. */
    private static int lost(RouterTasks router, List<String> ids) throws InterruptedException {
        Set<String> left = new HashSet<>(ids);
        var _ = Patience.until(LAST_TASK, () -> {
            left.removeIf(id -> router.hasSucceeded(id, CALL));
            return left.isEmpty();
        });
        return left.size();
    }

    private LocalMesh router(Path folder, String name) throws IOException {
        LocalMesh mesh = new LocalMesh(Files.createDirectories(folder.resolve(name)), "auto");
        List<String> words = new ArrayList<>(List.of(beds.inPostgres("bench_" + NAME)));
        words.add("name=" + name);
        mesh.set("router", words.toArray(String[]::new));
        mesh.startRouter();
        return mesh;
    }

    private String[] sidecar(String... routers) {
        List<String> words = new ArrayList<>(List.of(beds.sidecar()));
        words.add("router.endpoints=" + String.join(",", routers));
        return words.toArray(String[]::new);
    }

    /** Of this bench and all its children, those that were killed too. */
    private static double ownSeconds() {
        return CpuTime.treeSeconds(ProcessHandle.current().pid());
    }

    private static Cost cost(LocalMesh standby, double cpuS) {
        return new Cost(
                cpuS * MICROS_PER_SECOND,
                Map.of("all", cpuS),
                Map.of("router", Memory.residentMib(standby.router().pid())),
                null,
                null,
                null);
    }

    private Row row(List<WindowRow> windows) {
        Workload workload = new Workload(TasksSuite.NAME, NAME, Shape.CLOSED, payloadBytes, 1, null);
        double slowest =
                answeredMillis.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        return Row.of(workload, TaskBeds.POSTGRES, windows, Percentile.curve(latencies))
                .with(List.of(Check.shown("until a submission was answered, the slowest, ms", slowest)));
    }
}
