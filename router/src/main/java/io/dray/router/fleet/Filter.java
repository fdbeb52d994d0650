package io.dray.router.fleet;

/** Why a node does not take a task now; the numbers are the contract's. */
public enum Filter {
    AWAY(1),
    CORDONED(2),
    EJECTED(3),
    NO_WORKER(4),
    LABELS(5),
    TOO_SMALL(6),
    CPU(7),
    MEMORY(8),
    NO_SLOT(9),
    RESTING(10),
    KEPT(11),
    AVOIDED(12),
    RAMPING(13),
    BACKLOG(14);

    private final int number;

    Filter(int number) {
        this.number = number;
    }

    /** Returns the number in the contract. */
    public int number() {
        return number;
    }
}
