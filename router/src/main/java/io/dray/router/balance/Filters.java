package io.dray.router.balance;

import io.dray.router.fleet.Filter;
import io.dray.router.fleet.Node;
import io.dray.router.fleet.NodeStream;
import io.dray.router.fleet.Worker;
import org.jspecify.annotations.Nullable;

/** Whether a node takes a task: the one place for it, so that what is explained is what is done. Stateless. */
final class Filters {
    private Filters() {}

    /** Returns the worker that takes the task; null when a filter refuses the node. */
    static @Nullable Worker candidate(Node node, Ask ask) {
        // Asked first, since of many nodes it is all that must be known: why there is no room matters to people alone.
        if (!node.free().fits(ask.demand()) || ofNode(node, ask) != null) {
            return null;
        }
        return node.freeWorker(ask.capability(), ask.nowNanos());
    }

    /** Returns the first filter that refuses the node; null when it takes the task. */
    static @Nullable Filter first(Node node, Ask ask) {
        Filter refused = ofNode(node, ask);
        if (refused != null) {
            return refused;
        }
        return node.freeWorker(ask.capability(), ask.nowNanos()) == null ? ofWorkers(node, ask) : null;
    }

    private static @Nullable Filter ofNode(Node node, Ask ask) {
        Filter closed = node.closed();
        if (closed != null) {
            return closed;
        }
        NodeStream stream = node.stream();
        if (stream == null) {
            return Filter.AWAY;
        }
        if (ask.wishes().isPicky() && !ask.wishes().allow(node.labels())) {
            return Filter.LABELS;
        }
        if (!node.free().fits(ask.demand())) {
            return ofSize(node, ask);
        }
        if (node == ask.avoided()) {
            return Filter.AVOIDED;
        }
        if (!stream.hasRoom()) {
            return Filter.BACKLOG;
        }
        return ask.kept().contains(node) ? Filter.KEPT : null;
    }

    private static Filter ofSize(Node node, Ask ask) {
        if (!node.knows(ask.capability())) {
            return Filter.NO_WORKER;
        }
        if (!node.free().couldFit(ask.demand())) {
            return Filter.TOO_SMALL;
        }
        return ask.demand().cpuMillis() > node.free().freeCpuMillis() ? Filter.CPU : Filter.MEMORY;
    }

    private static Filter ofWorkers(Node node, Ask ask) {
        if (!node.knows(ask.capability())) {
            return Filter.NO_WORKER;
        }
        return node.hasFreeSlot(ask.capability()) ? Filter.RESTING : Filter.NO_SLOT;
    }

    /** Returns whether the node could never take the task, even if nothing else ran there. */
    static boolean isImpossible(Node node, Ask ask) {
        return !node.free().couldFit(ask.demand()) || !ask.wishes().allow(node.labels());
    }
}
