package io.dray.router.balance;

import io.dray.router.fleet.Affinity;
import io.dray.router.fleet.Bucket;
import io.dray.router.fleet.CpuBuckets;
import io.dray.router.fleet.Demand;
import io.dray.router.fleet.Filter;
import io.dray.router.fleet.Fleet;
import io.dray.router.fleet.Node;
import io.dray.router.fleet.Wishes;
import io.dray.router.fleet.Worker;
import java.util.Collection;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Picks the worker for a task: in the lowest bucket of free CPU that has one, the node that leaves least over; ties are
 * broken by the given random source. Reads the fleet and changes nothing. Called on the dispatcher's thread.
 */
public final class Balancer {
    /** Enough to find a good fit; a bucket of a large mesh holds thousands. */
    private static final int MAX_FITTING_PER_BUCKET = 64;

    private final RandomGenerator random;

    public Balancer(RandomGenerator random) {
        this.random = random;
    }

    /** Returns where the task goes; null when no node takes it now. */
    public @Nullable Placement place(Fleet fleet, Ask ask) {
        CpuBuckets free = fleet.free(ask.capability());
        if (free.isEmpty()) {
            return null;
        }
        return ask.wishes().isAnywhere() ? fitting(free, ask, null) : wished(fleet, free, ask);
    }

    /** Returns the best fit; with an affinity only a node that meets each wish in full. */
    private @Nullable Placement fitting(CpuBuckets free, Ask ask, @Nullable Affinity affinity) {
        for (int bucket = CpuBuckets.of(ask.demand().cpuMillis()); bucket < CpuBuckets.count(); bucket++) {
            Placement best = best(free.bucket(bucket), ask, affinity);
            if (best != null) {
                return best;
            }
        }
        return null;
    }

    /** Mostly the best fit takes it, and no other node is touched; else the best of those that do. */
    private @Nullable Placement best(Bucket bucket, Ask ask, @Nullable Affinity affinity) {
        int start = bucket.size() == 0 ? 0 : random.nextInt(bucket.size());
        int at = bucket.bestFit(ask.demand(), start, MAX_FITTING_PER_BUCKET);
        if (at == Bucket.NONE) {
            return null;
        }
        Placement best = candidate(bucket.node(at), ask, affinity);
        return best == null ? bestTaker(bucket, start, ask, affinity) : best;
    }

    private static @Nullable Placement bestTaker(Bucket bucket, int start, Ask ask, @Nullable Affinity affinity) {
        Placement best = null;
        int bestAt = Bucket.NONE;
        int fitting = 0;
        for (int n = 0; n < bucket.size() && fitting < MAX_FITTING_PER_BUCKET; n++) {
            int at = (start + n) % bucket.size();
            if (!bucket.fits(at, ask.demand())) {
                continue;
            }
            fitting++;
            if (bestAt != Bucket.NONE && bucket.compare(at, bestAt) >= 0) {
                continue;
            }
            Placement taker = candidate(bucket.node(at), ask, affinity);
            if (taker != null) {
                best = taker;
                bestAt = at;
            }
        }
        return best;
    }

    private static @Nullable Placement candidate(Node node, Ask ask, @Nullable Affinity affinity) {
        if (affinity != null && !Score.isPerfect(node, ask.wishes(), affinity)) {
            return null;
        }
        Worker worker = Filters.candidate(node, ask);
        return worker == null ? null : new Placement(node, worker);
    }

    /*
     * First nodes that meet each wish in full, for the best of which no other has to be looked at: the two that a task can
     * name, then the best fit of each bucket's first nodes. Only where none does are all compared that could take it.
     */
    private @Nullable Placement wished(Fleet fleet, CpuBuckets free, Ask ask) {
        Wishes wishes = ask.wishes();
        Affinity affinity = fleet.affinity();
        Placement found = named(fleet, affinity.lastNode(wishes.stickyKey()), ask);
        if (found == null) {
            found = named(fleet, wishes.nearNode(), ask);
        }
        if (found == null) {
            found = fitting(free, ask, affinity);
        }
        return found == null ? bestOfAll(fleet, free, ask) : found;
    }

    private static @Nullable Placement named(Fleet fleet, String name, Ask ask) {
        Node node = name.isEmpty() ? null : fleet.find(name);
        if (node == null || !ask.wishes().prefersMost(node.labels())) {
            return null;
        }
        Worker worker = Filters.candidate(node, ask);
        return worker == null ? null : new Placement(node, worker);
    }

    private @Nullable Placement bestOfAll(Fleet fleet, CpuBuckets free, Ask ask) {
        Best best = new Best(ask, fleet.affinity());
        Collection<Node> labelled = fleet.labelled(ask.wishes().required());
        if (labelled != null) {
            labelled.forEach(best::offer);
            return best.placement;
        }
        for (int bucket = CpuBuckets.of(ask.demand().cpuMillis()); bucket < CpuBuckets.count(); bucket++) {
            Bucket nodes = free.bucket(bucket);
            for (int i = 0; i < nodes.size(); i++) {
                best.offer(nodes.node(i));
            }
        }
        return best.placement;
    }

    /** The best of the nodes that were offered, by all terms. */
    private final class Best {
        private final Ask ask;
        private final Affinity affinity;
        private @Nullable Placement placement;
        private int ties = 1;

        Best(Ask ask, Affinity affinity) {
            this.ask = ask;
            this.affinity = affinity;
        }

        void offer(Node node) {
            Worker worker = Filters.candidate(node, ask);
            if (worker == null) {
                return;
            }
            int order = placement == null ? -1 : Score.compare(node, placement.node(), ask, affinity);
            ties = order == 0 ? ties + 1 : 1;
            if (order < 0 || (order == 0 && random.nextInt(ties) == 0)) {
                placement = new Placement(node, worker);
            }
        }
    }

    /** Returns what becomes of the task on each node: the chosen one first, then those that take it, then by name. */
    public List<Verdict> explain(Fleet fleet, Ask ask) {
        Placement placement = place(fleet, ask);
        return Explainer.verdicts(fleet, ask, placement == null ? null : placement.node());
    }

    /** Returns a demand as people say it. */
    public static String words(Demand demand) {
        return Explainer.size(demand.cpuMillis(), demand.memoryBytes());
    }

    /**
     * Returns the node to keep free for a task that waits too long: the one closest to having room. Null when none could
     * ever have it, or when one has it already: then only a slot is missing, and the next one goes to the oldest task.
     */
    public @Nullable Node keepFor(Fleet fleet, Ask ask) {
        Node best = null;
        for (Node node : fleet.nodes()) {
            if (isShut(node) || !node.knows(ask.capability()) || Filters.isImpossible(node, ask)) {
                continue;
            }
            if (node.free().fits(ask.demand())) {
                return null;
            }
            boolean closer =
                    best == null || node.free().freeCpuMillis() > best.free().freeCpuMillis();
            if (closer && !ask.kept().contains(node)) {
                best = node;
            }
        }
        return best;
    }

    /** A fresh node that has enough for now will take more soon; the others that are closed will not. */
    private static boolean isShut(Node node) {
        return node.closed() != null && node.closed() != Filter.RAMPING;
    }
}
