package io.dray.router.tasks;

/** Why a task is held back; the numbers are stored. */
public enum WaitingReason {
    BACKOFF(1),
    NOT_BEFORE(2),
    QUEUE_LIMIT(3),
    QUOTA(4),
    DEPENDENCY(5);

    private final int number;

    WaitingReason(int number) {
        this.number = number;
    }

    /** Returns the number in the contract, which is also the stored one. */
    public int number() {
        return number;
    }

    /** Returns the reason of a stored number. */
    public static WaitingReason of(int number) {
        for (WaitingReason reason : values()) {
            if (reason.number == number) {
                return reason;
            }
        }
        throw new IllegalArgumentException("waiting reason: " + number + " (expected: 1-5)");
    }
}
