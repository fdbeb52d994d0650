package io.dray.bench.simulation;

import com.google.protobuf.ByteString;
import io.dray.router.balance.Balancer;
import io.dray.router.dispatch.DispatchMeters;
import io.dray.router.dispatch.DispatchSettings;
import io.dray.router.dispatch.Dispatcher;
import io.dray.router.dispatch.NewTask;
import io.dray.router.dispatch.Time;
import io.dray.router.fleet.Fleet;
import io.dray.router.fleet.Node;
import io.dray.router.store.StoreThread;
import io.dray.router.tasks.Outcome;
import io.dray.router.v1.Resources;
import io.dray.router.v1.TaskSpec;
import io.dray.types.v1.Priority;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.ValueAtPercentile;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The router's own dispatcher with all that it decides by (queue, ageing, fleet, balancer, leases, rejections), on
 * virtual time. Only its store and its network are played: the one keeps nothing, the other is a delay.
 */
final class RouterScheduler implements Scheduler {
    /** About the median of a commit to SQLite with fsync. */
    private static final long COMMIT_NANOS = 300_000;

    private static final Duration LEASE = Duration.ofSeconds(5);
    private static final int WINDOW = 16;
    private static final Duration AGEING = Duration.ofSeconds(5);
    private static final long PAYLOAD_BYTES = 32L << 20;
    private static final String DECISIONS = "dray_decision_time";
    private static final double MEDIAN = 0.5;

    private final VirtualTime time;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Map<Long, SimulatedTask> underWay = new HashMap<>();
    private final List<SimulatedSidecar> sidecars = new ArrayList<>();
    private final Dispatcher dispatcher;

    /** The defaults of a router's configuration, but for the number of tasks: a peer's queues have no bound either. */
    RouterScheduler(Mesh mesh, VirtualTime time, long seed) {
        this.time = time;
        dispatcher = new Dispatcher(
                new DispatchSettings(LEASE, WINDOW, AGEING, Integer.MAX_VALUE, PAYLOAD_BYTES),
                new Time(time::instant, time::nowNanos),
                time,
                new StoreThread(new ForgetfulStore(), work -> time.after(COMMIT_NANOS, work)),
                new Balancer(new SplittableRandom(seed)),
                new SplittableRandom(seed),
                new DispatchMeters(registry));
        mesh.nodes().forEach(node -> sidecars.add(new SimulatedSidecar(node, dispatcher, time, underWay)));
    }

    @Override
    public void start() {
        CompletableFuture<Boolean> opened = dispatcher.start();
        while (!opened.isDone() && time.step()) {
            // It reads its store.
        }
        if (!opened.getNow(false)) {
            throw new IllegalStateException("the router does not serve (expected: it owns its store)");
        }
        sidecars.forEach(SimulatedSidecar::join);
    }

    @Override
    public void submit(SimulatedTask task) {
        underWay.put(task.number(), task);
        TaskSpec spec = TaskSpec.newBuilder()
                .setCapability(SimulatedSidecar.CAPABILITY)
                .setType(Long.toString(task.number()))
                .setQueue("default")
                .setPool("default")
                .setPriority(Priority.PRIORITY_NORMAL)
                .setResources(
                        Resources.newBuilder().setCpuMillis(task.cpuMillis()).setMemoryBytes(task.memoryBytes()))
                .build();
        NewTask submitted = new NewTask(spec, ByteString.EMPTY, "default", "simulation", ByteString.EMPTY);
        var _ = dispatcher.submit(List.of(submitted)).thenAccept(outcome -> {
            if (outcome instanceof Outcome.Refused<?> refused) {
                SimulatedSidecar.fail(time, "a task was refused: " + refused.error());
            }
        });
    }

    @Override
    public void onEnded(SimulatedNode node, SimulatedTask task) {
        underWay.remove(task.number());
        sidecars.get(node.index()).onEnded(task);
    }

    @Override
    public void measure(SimulatedNode node) {
        sidecars.get(node.index()).measure();
    }

    @Override
    public long rejected() {
        return sidecars.stream().mapToLong(SimulatedSidecar::rejected).sum();
    }

    @Override
    public Decisions decisions() {
        Timer timer = registry.get(DECISIONS).timer();
        double median = 0;
        for (ValueAtPercentile value : timer.takeSnapshot().percentileValues()) {
            if (value.percentile() == MEDIAN) {
                median = value.value(TimeUnit.NANOSECONDS);
            }
        }
        return new Decisions(timer.count(), timer.mean(TimeUnit.NANOSECONDS), median);
    }

    @Override
    public void checkIdle() {
        CompletableFuture<Integer> held = dispatcher.readFleet(RouterScheduler::attempts);
        while (!held.isDone() && time.step()) {
            // The dispatcher comes to it.
        }
        if (held.getNow(-1) != 0) {
            throw new IllegalStateException("the router holds " + held.getNow(-1) + " attempts (expected: 0)");
        }
    }

    private static int attempts(Fleet fleet) {
        return fleet.nodes().stream().mapToInt(Node::attempts).sum();
    }
}
