package io.dray.router.fleet;

import java.util.Arrays;

/**
 * Nodes without an order, and beside them what they have free: a search reads two arrays and touches only the node that
 * it finds. Owned by the dispatcher's thread.
 */
public final class Bucket {
    /** What {@link #bestFit} returns when nothing fits. */
    public static final int NONE = -1;

    private static final int FIRST_ROOM = 4;

    private Node[] nodes = new Node[FIRST_ROOM];
    private int[] freeCpuMillis = new int[FIRST_ROOM];
    private long[] freeMemoryBytes = new long[FIRST_ROOM];
    private int size;
    /** No node has more free memory than this; so what fits nowhere is not looked for again and again. */
    private long mostMemoryBytes;

    Bucket() {}

    public int size() {
        return size;
    }

    /** Returns a node by its place, which holds until the next change. */
    public Node node(int index) {
        return nodes[index];
    }

    /** Returns whether the node at that place has room. */
    public boolean fits(int index, Demand demand) {
        return demand.cpuMillis() <= freeCpuMillis[index] && demand.memoryBytes() <= freeMemoryBytes[index];
    }

    /** Compares what two places have free, CPU first: less than 0 when the first one has less. */
    public int compare(int one, int other) {
        int byCpu = Integer.compare(freeCpuMillis[one], freeCpuMillis[other]);
        return byCpu != 0 ? byCpu : Long.compare(freeMemoryBytes[one], freeMemoryBytes[other]);
    }

    /**
     * Returns the place that has least free CPU, then least free memory, among the first that fit.
     *
     * @param start the place to begin at, so that equals take turns
     * @param most how many that fit are compared at most
     */
    public int bestFit(Demand demand, int start, int most) {
        if (demand.memoryBytes() > mostMemoryBytes) {
            return NONE;
        }
        int best = NONE;
        int fitting = 0;
        long seenBytes = 0;
        for (int n = 0; n < size; n++) {
            int index = start + n < size ? start + n : start + n - size;
            seenBytes = Math.max(seenBytes, freeMemoryBytes[index]);
            if (!fits(index, demand)) {
                continue;
            }
            if (best == NONE || compare(index, best) < 0) {
                best = index;
            }
            if (++fitting == most) {
                return best;
            }
        }
        mostMemoryBytes = seenBytes;
        return best;
    }

    int add(Node node) {
        if (size == nodes.length) {
            nodes = Arrays.copyOf(nodes, 2 * size);
            freeCpuMillis = Arrays.copyOf(freeCpuMillis, 2 * size);
            freeMemoryBytes = Arrays.copyOf(freeMemoryBytes, 2 * size);
        }
        set(size, node);
        return size++;
    }

    void set(int index, Node node) {
        nodes[index] = node;
        freeCpuMillis[index] = node.free().freeCpuMillis();
        freeMemoryBytes[index] = node.free().freeMemoryBytes();
        mostMemoryBytes = Math.max(mostMemoryBytes, freeMemoryBytes[index]);
    }

    /** Takes a node out; the last one moves to its place, and is returned. */
    Node remove(int index) {
        int last = --size;
        Node moved = nodes[last];
        nodes[index] = moved;
        freeCpuMillis[index] = freeCpuMillis[last];
        freeMemoryBytes[index] = freeMemoryBytes[last];
        nodes[last] = null;
        return moved;
    }
}
