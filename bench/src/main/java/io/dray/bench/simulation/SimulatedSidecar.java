package io.dray.bench.simulation;

import com.google.protobuf.ByteString;
import io.dray.core.wire.MeshError;
import io.dray.router.dispatch.Dispatcher;
import io.dray.router.fleet.Answer;
import io.dray.router.fleet.Assignment;
import io.dray.router.fleet.NodeFigures;
import io.dray.router.fleet.NodeHello;
import io.dray.router.fleet.NodeStream;
import io.dray.router.fleet.WorkFrame;
import io.dray.router.fleet.Worker;
import io.dray.router.tasks.AttemptEvent;
import io.dray.router.tasks.AttemptKey;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a sidecar says to the router of its node: figures as {@code NodeProbe} measures them, outcomes, and rejections
 * of what the host has no memory for. What placement does not listen to (accepted, started, progress) is left out.
 */
final class SimulatedSidecar implements NodeStream {
    static final String CAPABILITY = "simulate";

    private static final int LEAST_CPU_MILLIS = 500;
    /** Long enough that the router's ramp for fresh nodes is over. */
    private static final Duration AGE = Duration.ofMinutes(1);

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final SimulatedNode node;
    private final Dispatcher dispatcher;
    private final VirtualTime time;
    private final Map<Long, SimulatedTask> tasks;
    private final Map<Long, AttemptKey> running = new LinkedHashMap<>();
    private double usedBefore;
    private long measuredNanos;
    private long lastAssignment;
    private long assignmentsBeforeMeasure;
    private long reports;
    private long events;
    private long rejected;

    SimulatedSidecar(SimulatedNode node, Dispatcher dispatcher, VirtualTime time, Map<Long, SimulatedTask> tasks) {
        this.node = node;
        this.dispatcher = dispatcher;
        this.time = time;
        this.tasks = tasks;
    }

    /** Ends the run at once: thrown inside the dispatcher it would only be logged. */
    static void fail(VirtualTime time, String why) {
        time.after(0, () -> {
            throw new IllegalStateException(why);
        });
    }

    void join() {
        String name = "node-" + node.index();
        Instant started = time.instant().minus(AGE);
        Worker worker = new Worker("worker/1@" + name, List.of(CAPABILITY), node.cpuMillis() / LEAST_CPU_MILLIS);
        dispatcher.onHello(
                this,
                new NodeHello(
                        name,
                        started.getEpochSecond() * NANOS_PER_SECOND + started.getNano(),
                        List.of(worker),
                        List.of(),
                        Map.of(),
                        figures()));
    }

    /** CPU is what was used between two samples, memory what is free now. */
    private NodeFigures figures() {
        long passed = time.nowNanos() - measuredNanos;
        double used = node.usedMillisNanos();
        long usedCpuMillis = measuredNanos == 0 || passed == 0 ? 0 : Math.round((used - usedBefore) / passed);
        usedBefore = used;
        measuredNanos = time.nowNanos();
        long countedThrough = assignmentsBeforeMeasure;
        assignmentsBeforeMeasure = lastAssignment;
        return new NodeFigures(
                ++reports,
                Math.clamp(node.cpuMillis() - usedCpuMillis, 0, node.cpuMillis()),
                node.freeMemoryBytes(),
                node.cpuMillis(),
                node.memoryBytes(),
                countedThrough);
    }

    void measure() {
        send(new WorkFrame(List.of(), false, figures(), List.copyOf(running.values()), List.of()));
    }

    void onEnded(SimulatedTask task) {
        AttemptKey attempt = Objects.requireNonNull(running.remove(task.number()), "the attempt of a task that ended");
        say(attempt, new AttemptEvent.Succeeded(ByteString.EMPTY), null);
    }

    private void say(AttemptKey attempt, AttemptEvent.What what, @Nullable NodeFigures figures) {
        List<AttemptKey> renewed = figures == null ? List.of() : List.copyOf(running.values());
        AttemptEvent event = new AttemptEvent(++events, attempt, what);
        send(new WorkFrame(List.of(), false, figures, renewed, List.of(event)));
    }

    private void send(WorkFrame frame) {
        time.after(Simulation.NETWORK_NANOS, () -> dispatcher.onFrame(this, frame, () -> {}));
    }

    long rejected() {
        return rejected;
    }

    @Override
    public void assign(Assignment assignment) {
        time.after(Simulation.NETWORK_NANOS, () -> onAssignment(assignment));
    }

    private void onAssignment(Assignment assignment) {
        lastAssignment = assignment.number();
        AttemptKey attempt = new AttemptKey(
                assignment.task().id(), assignment.task().attempts().token());
        long number = Long.parseLong(assignment.task().submission().spec().getType());
        SimulatedTask task = Objects.requireNonNull(tasks.get(number), "a task that was submitted and has not ended");
        if (!node.hasMemory(task)) {
            rejected++;
            say(attempt, new AttemptEvent.Rejected(MeshError.of(Code.CODE_NO_ROOM, "no memory")), figures());
            return;
        }
        running.put(number, attempt);
        node.start(task);
    }

    @Override
    public boolean hasRoom() {
        return true;
    }

    @Override
    public void welcome(long epoch) {}

    @Override
    public void cancel(List<AttemptKey> attempts) {
        fail(time, "the router cancels " + attempts + " (expected: nothing is cancelled)");
    }

    @Override
    public void answer(Answer answer) {}

    @Override
    public void receipt(long eventNumber, @Nullable Error refusal) {
        if (refusal != null) {
            fail(time, "the router refuses an outcome: " + refusal);
        }
    }

    @Override
    public void cordoned(boolean cordoned) {}

    @Override
    public void reportTaken(long number) {}

    @Override
    public void end(Error reason) {
        fail(time, "the router ends a work stream: " + reason);
    }
}
