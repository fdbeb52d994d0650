package io.dray.router.dispatch;

import com.google.protobuf.ByteString;
import io.dray.router.fleet.Demand;
import io.dray.router.fleet.Ending;
import io.dray.router.fleet.Fleet;
import io.dray.router.fleet.Node;
import io.dray.router.fleet.NodeStream;
import io.dray.router.fleet.Wishes;
import io.dray.router.tasks.AttemptKey;
import io.dray.router.tasks.Hold;
import io.dray.router.tasks.Submission;
import io.dray.router.tasks.TaskEntry;
import io.dray.router.tasks.TaskQueue;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.router.tasks.TaskState;
import io.dray.router.tasks.TaskState.Held;
import io.dray.router.tasks.TaskState.Pending;
import io.dray.router.tasks.TaskState.Waiting;
import io.dray.router.tasks.TaskTable;
import io.dray.router.tasks.WaitingReason;
import io.dray.router.v1.Placement;
import io.dray.router.v1.Resources;
import io.dray.router.v1.TaskSpec;
import io.dray.types.v1.Error;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The state of one pool: its tasks, their queue, the fleet and the timers, kept in step with each other by {@link #move}.
 * Owned by the dispatcher's thread.
 */
final class Pool {
    private static final long MAX_TICK_NANOS = 500_000_000;

    private final DispatchSettings settings;
    private final Time time;
    private final DispatchMeters meters;
    private final TaskTable tasks = new TaskTable();
    private final TaskQueue queue;
    private final Limits limits;
    private final Set<TaskEntry> held = new LinkedHashSet<>();
    private final Fleet fleet;
    private final Timers timers = new Timers();
    private final Watches watches = new Watches();
    private final Completions completions = new Completions();
    private final Set<AttemptKey> moving = new HashSet<>();
    private long payloadBytes;
    private long leaseClockNanos;
    private long lastTickNanos;

    Pool(DispatchSettings settings, Time time, DispatchMeters meters) {
        this.settings = settings;
        this.time = time;
        this.meters = meters;
        this.queue = new TaskQueue(settings.ageing());
        this.limits = new Limits(queue, time.nanos());
        this.fleet = new Fleet(time.nanos());
        this.lastTickNanos = time.nowNanos();
    }

    DispatchSettings settings() {
        return settings;
    }

    Time time() {
        return time;
    }

    DispatchMeters meters() {
        return meters;
    }

    TaskTable tasks() {
        return tasks;
    }

    TaskQueue queue() {
        return queue;
    }

    Limits limits() {
        return limits;
    }

    Fleet fleet() {
        return fleet;
    }

    Timers timers() {
        return timers;
    }

    Watches watches() {
        return watches;
    }

    Completions completions() {
        return completions;
    }

    /** Returns the attempts that are to end and be placed elsewhere, since their node is drained. */
    Set<AttemptKey> moving() {
        return moving;
    }

    /** Returns the tasks that workers have, oldest assignment first. */
    List<TaskEntry> held() {
        return List.copyOf(held);
    }

    /** Takes in a task that was submitted or read from the store. */
    void add(TaskEntry entry) {
        tasks.add(entry);
        timers.at(entry.submission().deadlineMicros(), entry);
        enter(entry);
        ByteString payload = entry.payload();
        payloadBytes += payload == null ? 0 : payload.size();
    }

    /** Gives a task its next state; the caller has it committed where that must last. */
    void move(TaskEntry entry, TaskSnapshot next) {
        if (entry.state() instanceof Held holding) {
            fleet.ended(holding.hold().node(), ending(next));
            if (next.isEnded()) {
                completions.note(capability(entry), time.nowNanos());
            }
        }
        leave(entry, next);
        entry.clearRecovered();
        entry.become(next);
        enter(entry);
    }

    /** Parks a task: its worker goes on to hold it, under its lease, but needs neither slot nor CPU for it. */
    void park(TaskEntry entry, TaskSnapshot parked) {
        move(entry, parked);
        entry.leaseUntil(leaseEndNanos());
    }

    /** Lets the worker of a parked task go on: it takes its slot and its share of the node again. */
    void resume(TaskEntry entry, TaskSnapshot running) {
        move(entry, running);
        entry.leaseUntil(leaseEndNanos());
        if (running.state() instanceof Held holding) {
            Hold hold = holding.hold();
            fleet.resume(hold.node(), hold.instance(), entry.id(), demand(entry.submission()));
        }
    }

    private static Ending ending(TaskSnapshot next) {
        if (next.state() instanceof TaskState.Succeeded) {
            return Ending.SUCCEEDED;
        }
        if (next.state() instanceof Pending) {
            return Ending.REJECTED;
        }
        Error error = next.attempts().error();
        if (error == null || !(next.state() instanceof Waiting || next.state() instanceof TaskState.Failed)) {
            return Ending.OTHER;
        }
        return switch (error.getCode()) {
            case CODE_HANDLER_FAILED -> Ending.HANDLER_FAILED;
            case CODE_WORKER_LOST -> Ending.LOST;
            default -> Ending.OTHER;
        };
    }

    private static String capability(TaskEntry entry) {
        return entry.submission().spec().getCapability();
    }

    private void leave(TaskEntry entry, TaskSnapshot next) {
        if (entry.state() instanceof Pending) {
            queue.remove(entry);
        }
        if (entry.state() instanceof Held holding) {
            held.remove(entry);
            moving.remove(new AttemptKey(entry.id(), holding.hold().token()));
            release(entry, holding);
            limits.ended(entry.submission(), !(next.state() instanceof Pending));
            entry.leaseUntil(TaskEntry.NO_LEASE);
        }
    }

    private void release(TaskEntry entry, Held holding) {
        fleet.release(holding.hold().node(), entry.id());
        TaskSpec spec = entry.submission().spec();
        if (spec.hasPlacement()) {
            fleet.affinity().release(wishes(spec), holding.hold().node());
        }
    }

    private void enter(TaskEntry entry) {
        TaskState state = entry.state();
        if (state instanceof Pending) {
            queue.add(entry);
            timers.at(entry.queueUntilMicros(), entry);
        }
        if (state instanceof Waiting waiting) {
            timers.at(waiting.untilMicros(), entry);
        }
        if (state instanceof Held holding) {
            held.add(entry);
            limits.started(entry.submission());
            TaskSpec spec = entry.submission().spec();
            if (spec.hasPlacement()) {
                fleet.affinity().hold(wishes(spec), holding.hold().node());
            }
        }
    }

    /**
     * Changes what is not stored (a start, progress, the end of a wait) and shows it at once, or with the commit that is
     * under way: readers see nothing that may still be lost. The queue is kept in step; who holds the task stays.
     */
    void note(TaskEntry entry, TaskSnapshot next) {
        boolean becomesReady = next.state() instanceof Pending && !(entry.state() instanceof Pending);
        entry.become(next);
        if (becomesReady) {
            enter(entry);
        }
        if (entry.visible() != null && entry.isCommitted()) {
            show(entry, next);
        }
    }

    /** Moves the clock of the leases on; time in which this thread stood still does not count against workers. */
    void tick() {
        long now = time.nowNanos();
        leaseClockNanos += Math.min(now - lastTickNanos, MAX_TICK_NANOS);
        lastTickNanos = now;
        fleet.tick(now, time.nowMicros());
    }

    long leaseClockNanos() {
        return leaseClockNanos;
    }

    /** Returns when a lease that is renewed now ends, by the clock of the leases. */
    long leaseEndNanos() {
        return leaseClockNanos + settings.lease().toNanos();
    }

    /** Returns the stream of the node that has the hold; null while it is away. */
    @Nullable
    NodeStream streamOf(Hold hold) {
        Node node = fleet.find(hold.node());
        return node == null ? null : node.stream();
    }

    /** Returns a demand by the contract's message, defaults filled in already. */
    static Demand demand(Submission submission) {
        return demand(submission.spec());
    }

    static Demand demand(TaskSpec spec) {
        Resources resources = spec.getResources();
        return new Demand(resources.getCpuMillis(), resources.getMemoryBytes());
    }

    /** Returns where a task wants to run. */
    static Wishes wishes(TaskSpec spec) {
        if (!spec.hasPlacement()) {
            return Wishes.NONE;
        }
        Placement placement = spec.getPlacement();
        return new Wishes(
                placement.getRequiredLabelsMap(),
                placement.getExcludedLabelsMap(),
                placement.getPreferredLabelsMap(),
                placement.getSpreadKey(),
                placement.getNearNode(),
                placement.getStickyKey());
    }

    /** Shows a task to readers and watchers as it is committed, unless they have seen a newer state. */
    void show(TaskEntry entry, TaskSnapshot task) {
        TaskSnapshot before = entry.visible();
        if (before != null && before.revision() >= task.revision()) {
            return;
        }
        if (before != null) {
            meters.leave(before.state().name());
        }
        meters.enter(task.state().name());
        entry.show(task);
        TaskSnapshot shown = view(entry);
        watches.publish(shown == null ? task : shown);
    }

    /**
     * Returns a task as its readers see it: as committed, and WAITING while a limit holds it back. That is seen when
     * somebody looks and kept nowhere, so that a limit costs no write per task.
     */
    @Nullable
    TaskSnapshot view(TaskEntry entry) {
        TaskSnapshot visible = entry.visible();
        if (visible != null && isReady(visible.state()) && isReady(entry.state()) && queue.isHeldBack(entry)) {
            return visible.withState(new Waiting(WaitingReason.QUEUE_LIMIT, 0));
        }
        return visible;
    }

    private static boolean isReady(TaskState state) {
        return state instanceof Pending;
    }

    /** Lets go of a payload that the store has when waiting tasks hold too much memory. */
    void trimPayload(TaskEntry entry) {
        if (payloadBytes > settings.payloadMemoryBytes()) {
            dropPayload(entry);
        }
    }

    void dropPayload(TaskEntry entry) {
        @Nullable ByteString payload = entry.payload();
        payloadBytes -= payload == null ? 0 : payload.size();
        entry.dropPayload();
    }

    /** Forgets all tasks; nodes stay known, without their attempts. */
    void clear() {
        held.forEach(entry -> {
            if (entry.state() instanceof Held holding) {
                release(entry, holding);
            }
        });
        held.clear();
        moving.clear();
        tasks.clear();
        queue.clear();
        limits.clear();
        timers.clear();
        payloadBytes = 0;
    }

    /** Takes a task out whose end is committed. */
    void remove(TaskEntry entry) {
        dropPayload(entry);
        tasks.remove(entry);
    }
}
