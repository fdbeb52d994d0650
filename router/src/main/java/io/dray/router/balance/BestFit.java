package io.dray.router.balance;

import io.dray.router.fleet.Node;

/** The order of nodes that all have room: the one with least free CPU, then least free memory, comes first. Pure. */
final class BestFit {
    private BestFit() {}

    /** Compares what is free now: the demand is the same for both, so the order is that of what is left over. */
    static int compare(Node one, Node other) {
        int byCpu = Integer.compare(one.free().freeCpuMillis(), other.free().freeCpuMillis());
        return byCpu != 0
                ? byCpu
                : Long.compare(one.free().freeMemoryBytes(), other.free().freeMemoryBytes());
    }
}
