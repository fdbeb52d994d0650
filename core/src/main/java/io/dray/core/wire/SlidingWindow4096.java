package io.dray.core.wire;

import java.util.Arrays;

/**
 * Which ordinals of one (session, to) were seen and which are done: two bits each for the last 4,096. Not
 * thread-safe: it belongs to the loop that delivers.
 */
public final class SlidingWindow4096 {
    /** Ordinals that are remembered. */
    public static final int SPAN = 4096;

    /** What an offered ordinal turns out to be. */
    public enum Verdict {
        /** Never seen, or forgotten: deliver it. */
        NEW,
        /** Seen and not done: its DONE will follow, do not deliver it again. */
        IN_PROGRESS,
        /** Done: say DONE again. */
        DONE,
        /** Zero, or 4,096 or more behind the greatest: refuse it as BAD_SEQUENCE. */
        TOO_OLD
    }

    private final long[] seen = new long[SPAN / Long.SIZE];
    private final long[] done = new long[SPAN / Long.SIZE];
    private long greatest;

    /** Returns what an ordinal is and remembers it as seen. Ordinals are unsigned and start at 1. */
    public Verdict offer(long ordinal) {
        if (Long.compareUnsigned(ordinal, greatest) > 0) {
            advance(ordinal);
        } else if (!isInside(ordinal)) {
            return Verdict.TOO_OLD;
        }
        int word = word(ordinal);
        long bit = 1L << ordinal;
        if ((seen[word] & bit) == 0) {
            seen[word] |= bit;
            return Verdict.NEW;
        }
        return (done[word] & bit) == 0 ? Verdict.IN_PROGRESS : Verdict.DONE;
    }

    /** Remembers that an ordinal is done; nothing if it was never seen or is out of the window. */
    public void done(long ordinal) {
        if (isInside(ordinal)) {
            done[word(ordinal)] |= seen[word(ordinal)] & (1L << ordinal);
        }
    }

    /** Undoes {@link #offer}, so that a resend is delivered. */
    public void forget(long ordinal) {
        if (isInside(ordinal)) {
            seen[word(ordinal)] &= ~(1L << ordinal);
            done[word(ordinal)] &= ~(1L << ordinal);
        }
    }

    /** Returns the greatest ordinal seen; 0 before the first. */
    public long greatest() {
        return greatest;
    }

    private boolean isInside(long ordinal) {
        return ordinal != 0
                && Long.compareUnsigned(ordinal, greatest) <= 0
                && Long.compareUnsigned(greatest - ordinal, SPAN) < 0;
    }

    private void advance(long ordinal) {
        long steps = ordinal - greatest;
        if (Long.compareUnsigned(steps, SPAN) >= 0) {
            Arrays.fill(seen, 0);
            Arrays.fill(done, 0);
        } else {
            for (long next = greatest + 1; next != ordinal + 1; next++) {
                seen[word(next)] &= ~(1L << next);
                done[word(next)] &= ~(1L << next);
            }
        }
        greatest = ordinal;
    }

    private static int word(long ordinal) {
        return (int) (ordinal & (SPAN - 1)) >>> 6;
    }
}
