package io.dray.router.dispatch;

import com.google.protobuf.ByteString;
import io.dray.router.balance.Ask;
import io.dray.router.balance.Balancer;
import io.dray.router.balance.Placement;
import io.dray.router.fleet.Assignment;
import io.dray.router.fleet.Demand;
import io.dray.router.fleet.Node;
import io.dray.router.fleet.NodeStream;
import io.dray.router.tasks.Hold;
import io.dray.router.tasks.TaskEntry;
import io.dray.router.tasks.TaskQueue;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.router.tasks.TaskState.Held;
import io.dray.router.tasks.TaskState.Pending;
import io.dray.router.v1.TaskSpec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Matches the queue to the fleet: late binding, a task is assigned only when a worker has a free slot and its node has
 * room. Owned by the dispatcher's thread.
 */
final class Placer {
    /*
     * Two things age. A task that fits nowhere for the time `ageing` gets one node kept free of other tasks until it
     * fits, so that wide tasks do not starve behind narrow ones. And the oldest task of a less urgent band goes before
     * the more urgent ones when it has waited PATIENCE times as long per band, so that LOW is slow but never starved.
     */
    private static final int PATIENCE = 6;

    private final Pool pool;
    private final Commits commits;
    private final Balancer balancer;
    private final Map<TaskEntry, Node> keptFor = new HashMap<>();

    Placer(Pool pool, Commits commits, Balancer balancer) {
        this.pool = pool;
        this.commits = commits;
        this.balancer = balancer;
    }

    /** Looks again at everything that waits, and at which nodes must be kept for tasks that wait too long. */
    void placeAll() {
        keptFor.clear();
        for (String capability : pool.queue().capabilities()) {
            for (int band = 0; band < TaskQueue.BANDS; band++) {
                keepNodes(capability, band);
            }
        }
        placeFor(pool.queue().capabilities());
    }

    private void keepNodes(String capability, int band) {
        for (TaskEntry entry :
                pool.queue().head(capability, band, pool.settings().window())) {
            if (waitedNanos(entry) < pool.settings().ageing().toNanos()) {
                return;
            }
            if (!tryPlace(entry, kept())) {
                Node node =
                        balancer.keepFor(pool.fleet(), ask(entry.submission().spec(), kept()));
                if (node != null) {
                    keptFor.put(entry, node);
                }
            }
        }
    }

    private Set<Node> kept() {
        return keptFor.isEmpty() ? Set.of() : new HashSet<>(keptFor.values());
    }

    /** Places what fits of the capabilities for which something changed. */
    void placeFor(Set<String> capabilities) {
        for (String capability : capabilities) {
            if (!pool.queue().isEmpty(capability)) {
                placeFor(capability);
            }
        }
    }

    private void placeFor(String capability) {
        Set<Node> kept = kept();
        for (int band = TaskQueue.BANDS - 1; band > 0; band--) {
            TaskEntry oldest = pool.queue().first(capability, band);
            if (oldest != null
                    && waitedNanos(oldest)
                            > (long) PATIENCE * band * pool.settings().ageing().toNanos()) {
                tryPlace(oldest, Set.of());
            }
        }
        for (int band = 0; band < TaskQueue.BANDS; band++) {
            placeBand(capability, band, kept);
        }
    }

    /** The window slides on as long as something in it could be placed. */
    private void placeBand(String capability, int band, Set<Node> kept) {
        boolean placed = true;
        while (placed && !pool.fleet().free(capability).isEmpty()) {
            placed = false;
            for (TaskEntry entry :
                    pool.queue().head(capability, band, pool.settings().window())) {
                placed |= tryPlace(entry, kept);
            }
        }
    }

    private long waitedNanos(TaskEntry entry) {
        return pool.time().nowNanos() - entry.readySinceNanos();
    }

    private boolean tryPlace(TaskEntry entry, Set<Node> kept) {
        if (!(entry.state() instanceof Pending pending)) {
            return false;
        }
        Ask ask = ask(entry.submission().spec(), keptFor.containsKey(entry) ? Set.of() : kept);
        long startNanos = System.nanoTime();
        Placement placement = balancer.place(pool.fleet(), ask);
        pool.meters().decided(System.nanoTime() - startNanos);
        if (placement == null) {
            return false;
        }
        keptFor.remove(entry);
        assign(entry, pending, placement, ask.demand());
        return true;
    }

    private Ask ask(TaskSpec spec, Set<Node> kept) {
        return new Ask(
                spec.getCapability(),
                Pool.demand(spec),
                Pool.wishes(spec),
                kept,
                null,
                pool.time().nowNanos());
    }

    /** Returns what a task that waits asks of the fleet now. */
    Ask ask(TaskEntry entry) {
        return ask(entry.submission().spec(), keptFor.containsKey(entry) ? Set.of() : kept());
    }

    /** Returns what a task would ask that was submitted now. */
    Ask ask(TaskSpec spec) {
        return ask(spec, kept());
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
