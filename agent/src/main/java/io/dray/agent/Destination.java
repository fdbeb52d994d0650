package io.dray.agent;

import io.dray.types.v1.Address;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** What the sender knows of one destination: whether it is paused, and which ordinals are unfinished. Loop only. */
final class Destination extends Timers.Timer {
    /** Unfinished ordinals at most; the receiver tells duplicates apart within as many. */
    static final int SPAN = 4_096;

    /** Where a full span goes on, so that parked messages are not moved for each receipt. */
    private static final int GO_ON_SPAN = 3 * SPAN / 4;

    final Address address;
    final Deque<Outgoing> parked = new ArrayDeque<>();
    long parkedBytes;
    private final Destinations owner;
    private final long[] finished = new long[SPAN / Long.SIZE];
    private long nextOrdinal = 1;
    private long oldest = 1;
    private boolean isPaused;
    private boolean isSpanFull;

    Destination(Destinations owner, Address address) {
        this.owner = owner;
        this.address = address;
    }

    /** Whether messages must wait; what is parked leaves before anything newer. */
    boolean isBlocked() {
        return isPaused || isSpanFull;
    }

    boolean pause(boolean paused) {
        boolean changed = isPaused != paused;
        isPaused = paused;
        return changed;
    }

    long takeOrdinal() {
        long ordinal = nextOrdinal++;
        isSpanFull = nextOrdinal - oldest >= SPAN;
        return ordinal;
    }

    /** Forgets an ordinal; says whether the span has gone from full to free. */
    boolean finish(long ordinal) {
        if (ordinal < oldest) {
            return false;
        }
        finished[word(ordinal)] |= 1L << ordinal;
        while (oldest < nextOrdinal && (finished[word(oldest)] & 1L << oldest) != 0) {
            finished[word(oldest)] &= ~(1L << oldest);
            oldest++;
        }
        boolean freed = isSpanFull && nextOrdinal - oldest <= GO_ON_SPAN;
        isSpanFull &= !freed;
        return freed;
    }

    /** Starts over with a new session. */
    void renumber() {
        Arrays.fill(finished, 0);
        nextOrdinal = 1;
        oldest = 1;
        isSpanFull = false;
    }

    private static int word(long ordinal) {
        return (int) (ordinal & (SPAN - 1)) / Long.SIZE;
    }

    @Override
    void onDue() {
        owner.onFlow(address, false, 0);
    }
}
