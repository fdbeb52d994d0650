package io.dray.router.tasks;

/** The states by name; the numbers are those of the contract and are stored. */
public enum StateName {
    WAITING(1),
    PENDING(2),
    ASSIGNED(3),
    RUNNING(4),
    PARKED(5),
    SUCCEEDED(6),
    FAILED(7),
    CANCELLED(8),
    EXPIRED(9);

    private final int number;

    StateName(int number) {
        this.number = number;
    }

    /** Returns the number in the contract. */
    public int number() {
        return number;
    }

    /** Returns whether a task in this state will not change any more. */
    public boolean isEnded() {
        return number >= SUCCEEDED.number;
    }

    /** Returns the state of a number of the contract. */
    public static StateName of(int number) {
        for (StateName name : values()) {
            if (name.number == number) {
                return name;
            }
        }
        throw new IllegalArgumentException("task state: " + number + " (expected: 1-9)");
    }
}
