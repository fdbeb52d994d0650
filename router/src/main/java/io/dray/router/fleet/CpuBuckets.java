package io.dray.router.fleet;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Nodes in buckets by free CPU, each bucket twice as wide as the one below, so that a search for a best fit looks at few
 * nodes. Owned by the dispatcher's thread.
 */
public final class CpuBuckets {
    /** Holds nothing and is never added to. */
    static final CpuBuckets EMPTY = new CpuBuckets();

    private static final int SMALLEST_MILLIS = 25;
    /** Looked at last: a node that failed often gets what no other takes. */
    private static final int SUSPECTS = 28;

    private static final int COUNT = SUSPECTS + 1;

    private final List<Bucket> buckets = new ArrayList<>(COUNT);
    private final Map<Node, Place> places = new HashMap<>();

    CpuBuckets() {
        for (int i = 0; i < COUNT; i++) {
            buckets.add(new Bucket());
        }
    }

    /** Returns the number of buckets. */
    public static int count() {
        return COUNT;
    }

    /** Returns the lowest bucket in which a node may have that much free CPU. */
    public static int of(int cpuMillis) {
        int units = cpuMillis / SMALLEST_MILLIS;
        return Math.min(SUSPECTS - 1, Integer.SIZE - Integer.numberOfLeadingZeros(units));
    }

    /** Returns the nodes of one bucket. */
    public Bucket bucket(int index) {
        return buckets.get(index);
    }

    public boolean isEmpty() {
        return places.isEmpty();
    }

    /** Takes a node in, or notes anew what it has free. */
    void put(Node node) {
        Bucket to = buckets.get(node.isSuspect() ? SUSPECTS : of(node.free().freeCpuMillis()));
        Place place = places.get(node);
        if (place != null && place.bucket == to) {
            to.set(place.index, node);
            return;
        }
        if (place != null) {
            takeOut(place);
        }
        places.put(node, new Place(to, to.add(node)));
    }

    void remove(Node node) {
        Place place = places.remove(node);
        if (place != null) {
            takeOut(place);
        }
    }

    private void takeOut(Place place) {
        Node moved = place.bucket.remove(place.index);
        Place other = places.get(moved);
        if (other != null && other.bucket == place.bucket) {
            other.index = place.index;
        }
    }

    private static final class Place {
        private final Bucket bucket;
        private int index;

        Place(Bucket bucket, int index) {
            this.bucket = bucket;
            this.index = index;
        }
    }
}
