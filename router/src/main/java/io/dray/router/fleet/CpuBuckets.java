package io.dray.router.fleet;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Nodes in buckets by free CPU, each bucket twice as wide as the one below, so that a search for a best fit looks at few
 * nodes. Owned by the dispatcher's thread.
 */
public final class CpuBuckets {
    /** Holds nothing and is never added to. */
    static final CpuBuckets EMPTY = new CpuBuckets();

    private static final int SMALLEST_MILLIS = 25;
    private static final int COUNT = 28;

    private final List<Set<Node>> buckets = new ArrayList<>(COUNT);
    private final Map<Node, Integer> places = new HashMap<>();

    CpuBuckets() {
        for (int i = 0; i < COUNT; i++) {
            buckets.add(new LinkedHashSet<>());
        }
    }

    /** Returns the number of buckets. */
    public static int count() {
        return COUNT;
    }

    /** Returns the lowest bucket in which a node may have that much free CPU. */
    public static int of(int cpuMillis) {
        int units = cpuMillis / SMALLEST_MILLIS;
        return Math.min(COUNT - 1, Integer.SIZE - Integer.numberOfLeadingZeros(units));
    }

    /** Returns the nodes of one bucket. */
    public Collection<Node> bucket(int index) {
        return buckets.get(index);
    }

    public boolean isEmpty() {
        return places.isEmpty();
    }

    void put(Node node) {
        // The last bucket is looked at last: a node that failed often gets what no other takes.
        int to = node.isSuspect() ? COUNT - 1 : of(node.free().freeCpuMillis());
        Integer from = places.put(node, to);
        if (from != null && from != to) {
            buckets.get(from).remove(node);
        }
        if (from == null || from != to) {
            buckets.get(to).add(node);
        }
    }

    void remove(Node node) {
        Integer from = places.remove(node);
        if (from != null) {
            buckets.get(from).remove(node);
        }
    }
}
