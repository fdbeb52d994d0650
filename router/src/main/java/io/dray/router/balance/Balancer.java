package io.dray.router.balance;

import io.dray.router.fleet.CpuBuckets;
import io.dray.router.fleet.Demand;
import io.dray.router.fleet.Fleet;
import io.dray.router.fleet.Node;
import io.dray.router.fleet.NodeStream;
import io.dray.router.fleet.Worker;
import java.util.Collection;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Picks the worker for a task: in the lowest bucket of free CPU that has one, the node that leaves least over; ties are
 * broken by the given random source. Reads the fleet and changes nothing. Called on the dispatcher's thread.
 */
public final class Balancer {
    /** Enough to find a good fit; a bucket of a large mesh holds thousands. */
    private static final int MAX_EXAMINED_PER_BUCKET = 64;

    private final RandomGenerator random;

    public Balancer(RandomGenerator random) {
        this.random = random;
    }

    /** Returns where the task goes; null when no node has a free worker and room, or those that do are kept. */
    public @Nullable Placement place(Fleet fleet, String capability, Demand demand, Set<Node> kept, long nowNanos) {
        CpuBuckets free = fleet.free(capability);
        if (free.isEmpty()) {
            return null;
        }
        for (int bucket = CpuBuckets.of(demand.cpuMillis()); bucket < CpuBuckets.count(); bucket++) {
            Placement best = best(free.bucket(bucket), capability, demand, kept, nowNanos);
            if (best != null) {
                return best;
            }
        }
        return null;
    }

    private @Nullable Placement best(
            Collection<Node> nodes, String capability, Demand demand, Set<Node> kept, long nowNanos) {
        Placement best = null;
        int examined = 0;
        int ties = 1;
        for (Node node : nodes) {
            if (examined++ == MAX_EXAMINED_PER_BUCKET) {
                break;
            }
            Worker worker = kept.contains(node) ? null : candidate(node, capability, demand, nowNanos);
            if (worker == null) {
                continue;
            }
            int order = best == null ? -1 : BestFit.compare(node, best.node());
            ties = order == 0 ? ties + 1 : 1;
            if (order < 0 || (order == 0 && random.nextInt(ties) == 0)) {
                best = new Placement(node, worker);
            }
        }
        return best;
    }

    private static @Nullable Worker candidate(Node node, String capability, Demand demand, long nowNanos) {
        NodeStream stream = node.stream();
        if (stream == null || !stream.hasRoom() || !node.free().fits(demand)) {
            return null;
        }
        return node.freeWorker(capability, nowNanos);
    }

    /**
     * Returns the node to keep free for a task that waits too long: the one closest to having room. Null when none could
     * ever have it, or when one has it already: then only a slot is missing, and the next one goes to the oldest task.
     */
    public @Nullable Node keepFor(Fleet fleet, String capability, Demand demand, Set<Node> kept) {
        Node best = null;
        for (Node node : fleet.nodes()) {
            if (node.stream() == null || !node.knows(capability) || !node.free().couldFit(demand)) {
                continue;
            }
            if (node.free().fits(demand)) {
                return null;
            }
            boolean closer =
                    best == null || node.free().freeCpuMillis() > best.free().freeCpuMillis();
            if (closer && !kept.contains(node)) {
                best = node;
            }
        }
        return best;
    }
}
