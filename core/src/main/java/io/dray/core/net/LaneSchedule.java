package io.dray.core.net;

/**
 * Decides which of the four priority lanes sends next: by weight, so that LOW is slow but never starved.
 *
 * <p>Each lane may send as many envelopes as its weight before the credits of all lanes are filled up again; among
 * lanes with credit the most urgent goes first. An envelope at the head of the LOW lane therefore waits for at most 84
 * others. Not thread-safe: guarded by whoever guards the lanes.
 */
public final class LaneSchedule {
    /** Number of lanes: CRITICAL, HIGH, NORMAL, LOW in this order. */
    public static final int LANES = 4;

    private static final int[] WEIGHTS = {64, 16, 4, 1};

    private final int[] credits = WEIGHTS.clone();

    /**
     * Picks the lane to take one envelope from.
     *
     * @param waiting bit {@code 1 << lane} is set for each lane that has something to send; at least one
     * @return 0 (CRITICAL) to 3 (LOW)
     */
    public int next(int waiting) {
        if (waiting <= 0 || waiting >= 1 << LANES) {
            throw new IllegalArgumentException("waiting: " + waiting + " (expected: 1-15, a bit for each lane)");
        }
        int lane = firstWithCredit(waiting);
        if (lane < 0) {
            System.arraycopy(WEIGHTS, 0, credits, 0, LANES);
            lane = Integer.numberOfTrailingZeros(waiting);
        }
        credits[lane]--;
        return lane;
    }

    /** Returns the lane, 0 to 3, of a priority number of the contract; 0 (unspecified) and unknown mean NORMAL. */
    public static int laneOf(int priority) {
        return priority >= 1 && priority <= LANES ? priority - 1 : 2;
    }

    private int firstWithCredit(int waiting) {
        for (int lane = 0; lane < LANES; lane++) {
            if ((waiting & 1 << lane) != 0 && credits[lane] > 0) {
                return lane;
            }
        }
        return -1;
    }
}
