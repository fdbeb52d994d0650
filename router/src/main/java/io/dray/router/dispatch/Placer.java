package io.dray.router.dispatch;

import com.google.protobuf.ByteString;
import io.dray.router.balance.Ask;
import io.dray.router.balance.Balancer;
import io.dray.router.balance.Placement;
import io.dray.router.dispatch.Ageing.Group;
import io.dray.router.fleet.Assignment;
import io.dray.router.fleet.Demand;
import io.dray.router.fleet.Node;
import io.dray.router.fleet.NodeStream;
import io.dray.router.tasks.Attempts;
import io.dray.router.tasks.Hold;
import io.dray.router.tasks.TaskEntry;
import io.dray.router.tasks.TaskQueue;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.router.tasks.TaskState.Held;
import io.dray.router.tasks.TaskState.Pending;
import io.dray.router.v1.TaskSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Matches the queue to the fleet: late binding, a task is assigned only when a worker has a free slot and its node has
 * room. Owned by the dispatcher's thread.
 */
final class Placer {
    /*
     * A task that fits nowhere for the time `ageing` gets one node kept free until it fits, but for tasks whose own turn
     * has come and was earlier: so wide tasks do not starve behind narrow ones, nor these behind wide ones. A tenth of
     * the nodes is kept at most, for the tasks with the earliest turns: a node that waits for its task is half empty, and
     * under a backlog all tasks have waited so long. The order is
     * TaskQueue's within a band and by bands beyond it, but for groups that were passed over too often: Ageing says
     * which, and how long a task can wait at most.
     */
    private static final int KEPT_DIVISOR = 10;

    private final Pool pool;
    private final Commits commits;
    private final Balancer balancer;
    private final Ageing ageing;
    private final Map<TaskEntry, Node> keptFor = new HashMap<>();
    private Set<Node> kept = Set.of();

    Placer(Pool pool, Commits commits, Balancer balancer) {
        this.pool = pool;
        this.commits = commits;
        this.balancer = balancer;
        this.ageing = new Ageing(pool.queue());
    }

    /** Looks again at everything that waits, and at which nodes must be kept for tasks that wait too long. */
    void placeAll() {
        placeFor(pool.queue().capabilities());
        keptFor.clear();
        int most = Math.max(1, pool.fleet().nodes().size() / KEPT_DIVISOR);
        for (TaskEntry entry : waitingTooLong()) {
            if (keptFor.size() == most) {
                break;
            }
            Node node = balancer.keepFor(pool.fleet(), ask(entry, new HashSet<>(keptFor.values())));
            if (node != null) {
                keptFor.put(entry, node);
            }
        }
        kept = Set.copyOf(keptFor.values());
    }

    /** Returns the tasks of all windows that wait too long, by their turns. */
    private List<TaskEntry> waitingTooLong() {
        long oldMicros = pool.time().nowMicros() - pool.settings().ageing().toNanos() / 1_000;
        List<TaskEntry> old = new ArrayList<>();
        for (String capability : pool.queue().capabilities()) {
            for (int band = 0; band < TaskQueue.BANDS; band++) {
                for (TaskEntry entry :
                        pool.queue().head(capability, band, pool.settings().window())) {
                    if (entry.submission().readyMicros() <= oldMicros) {
                        old.add(entry);
                    }
                }
            }
        }
        old.sort(Comparator.comparingLong(TaskEntry::turnMicros).thenComparingLong(TaskEntry::id));
        return old;
    }

    /** Returns the nodes that a task may not use: those kept for others, for later turns only until its own has come. */
    private Set<Node> keptFrom(TaskEntry entry) {
        if (kept.isEmpty() || !(ageing.isDue(entry) || keptFor.containsKey(entry))) {
            return kept;
        }
        Set<Node> others = new HashSet<>();
        keptFor.forEach((other, node) -> {
            if (other != entry && other.turnMicros() <= entry.turnMicros()) {
                others.add(node);
            }
        });
        return others;
    }

    /** Places what fits of the capabilities for which something changed, the most urgent of all of them first. */
    void placeFor(Set<String> capabilities) {
        Set<String> waiting = new HashSet<>(capabilities);
        waiting.removeIf(pool.queue()::isEmpty);
        if (waiting.isEmpty()) {
            return;
        }
        ageing.begin(pool.time().nowMicros());
        for (int band = 0; band < TaskQueue.BANDS; band++) {
            for (String capability : pool.queue().byTurn(waiting, band)) {
                placeBand(capability, band);
            }
        }
    }

    /** The first task goes as long as it fits; else the window slides on as long as something in it could be placed. */
    private void placeBand(String capability, int band) {
        boolean placed = true;
        while (placed && !pool.fleet().free(capability).isEmpty()) {
            TaskEntry first = pool.queue().first(capability, band);
            placed = first != null && (placeInTurn(first) || placeWindow(capability, band, first));
        }
    }

    private boolean placeWindow(String capability, int band, TaskEntry first) {
        boolean placed = false;
        for (TaskEntry entry :
                pool.queue().head(capability, band, pool.settings().window())) {
            placed |= entry != first && placeInTurn(entry);
        }
        return placed;
    }

    private boolean placeInTurn(TaskEntry entry) {
        for (Group owed = ageing.owed(); owed != null; owed = ageing.owed()) {
            if (!placeOneOf(owed)) {
                ageing.setAside(owed);
            }
        }
        return tryPlace(entry);
    }

    private boolean placeOneOf(Group owed) {
        if (pool.fleet().free(owed.capability()).isEmpty()) {
            return false;
        }
        for (TaskEntry entry : pool.queue()
                .head(owed.capability(), owed.band(), pool.settings().window())) {
            if (!ageing.isDue(entry)) {
                return false;
            }
            if (tryPlace(entry)) {
                return true;
            }
        }
        return false;
    }

    private boolean tryPlace(TaskEntry entry) {
        if (!(entry.state() instanceof Pending pending) || !pool.limits().mayStart(entry.submission())) {
            return false;
        }
        Ask ask = ask(entry);
        long startNanos = System.nanoTime();
        Placement placement = balancer.place(pool.fleet(), ask);
        pool.meters().decided(System.nanoTime() - startNanos);
        if (placement == null) {
            return false;
        }
        if (keptFor.remove(entry) != null) {
            kept = Set.copyOf(keptFor.values());
        }
        pool.limits().spend(entry.submission());
        ageing.placed(entry, placement.worker().capabilities());
        assign(entry, pending, placement, ask.demand());
        return true;
    }

    /** Returns what a task that waits asks of the fleet now. */
    Ask ask(TaskEntry entry) {
        return ask(entry, keptFrom(entry));
    }

    /** Returns what a task would ask that was submitted now. */
    Ask ask(TaskSpec spec) {
        return ask(spec, kept, null);
    }

    private Ask ask(TaskEntry entry, Set<Node> others) {
        return ask(entry.submission().spec(), others, avoided(entry));
    }

    private Ask ask(TaskSpec spec, Set<Node> others, @Nullable Node avoided) {
        return new Ask(
                spec.getCapability(),
                Pool.demand(spec),
                Pool.wishes(spec),
                others,
                avoided,
                pool.time().nowNanos());
    }

    /** Returns the node where the last attempt failed, if the task avoids it and another node could do it now or later. */
    private @Nullable Node avoided(TaskEntry entry) {
        Attempts attempts = entry.current().attempts();
        Hold last = attempts.last();
        boolean avoids = entry.submission().spec().getRetry().getAvoidFailedNode();
        Node failed = !avoids || attempts.error() == null || last == null
                ? null
                : pool.fleet().find(last.node());
        return failed != null && isElsewhere(entry.submission().spec().getCapability(), failed) ? failed : null;
    }

    private boolean isElsewhere(String capability, Node failed) {
        for (Node node : pool.fleet().nodes()) {
            if (!node.equals(failed) && node.stream() != null && node.knows(capability)) {
                return true;
            }
        }
        return false;
    }

    private void assign(TaskEntry entry, Pending pending, Placement placement, Demand demand) {
        String node = placement.node().name();
        String instance = placement.worker().instance();
        TaskSnapshot before = entry.current();
        Hold hold = new Hold(
                before.attempts().token() + 1, node, instance, pool.time().nowMicros());
        pool.move(entry, before.assigned(pending, hold));
        long number = pool.fleet().hold(node, instance, entry.id(), demand);
        commits.change(entry);
        ByteString payload = entry.payload();
        if (payload == null) {
            commits.wantPayload(entry.id());
        }
        NodeStream stream = placement.node().stream();
        commits.then(
                payloads -> deliver(entry, hold, number, stream, payload == null ? payloads.get(entry.id()) : payload),
                _ -> {});
    }

    /** The assignment is committed: it leaves, unless the task or the stream has changed meanwhile. */
    private void deliver(
            TaskEntry entry, Hold hold, long number, @Nullable NodeStream stream, @Nullable ByteString payload) {
        if (!(entry.state() instanceof Held held) || held.hold().token() != hold.token()) {
            return;
        }
        Node node = pool.fleet().find(hold.node());
        if (node == null || stream == null || payload == null || !stream.equals(node.stream())) {
            pool.move(entry, entry.current().rejected(held));
            commits.change(entry);
            return;
        }
        entry.leaseUntil(pool.leaseEndNanos());
        stream.assign(new Assignment(number, hold.instance(), entry.current(), payload));
        pool.dropPayload(entry);
        pool.meters().assigned();
    }
}
