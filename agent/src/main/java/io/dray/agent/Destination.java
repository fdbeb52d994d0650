package io.dray.agent;

import io.dray.core.net.LaneSchedule;
import io.dray.types.v1.Address;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** What the sender knows of one destination: whether it is paused, and which ordinals are unfinished. Loop only. */
final class Destination extends Timers.Timer {
    /** Unfinished ordinals at most; the receiver tells duplicates apart within as many. */
    static final int SPAN = 4_096;

    /** Where a full span goes on, so that parked messages are not moved for each receipt. */
    private static final int GO_ON_SPAN = 3 * SPAN / 4;

    final Address address;
    final List<Deque<Outgoing>> parked = new ArrayList<>();
    long parkedBytes;
    /** Since when nothing that is parked could go on. */
    long parkedSinceNanos;

    private final Destinations owner;
    private final long[] finished = new long[SPAN / Long.SIZE];
    private long nextOrdinal = 1;
    private long oldest = 1;
    /** Bit {@code 1 << lane} is set for each lane that is paused. */
    private int pausedLanes;

    private boolean isSpanFull;

    Destination(Destinations owner, Address address) {
        this.owner = owner;
        this.address = address;
        for (int lane = 0; lane < LaneSchedule.LANES; lane++) {
            parked.add(new ArrayDeque<>());
        }
    }

    /** Whether messages of a lane must wait; what is parked leaves before anything newer of it. */
    boolean isBlocked(int lane) {
        return isSpanFull || (pausedLanes & 1 << lane) != 0;
    }

    /** Whether all lanes must wait until an ordinal is finished. */
    boolean isSpanFull() {
        return isSpanFull;
    }

    /** Whether any lane is paused. */
    boolean isPaused() {
        return pausedLanes != 0;
    }

    /** Pauses lanes, given as bits, or lets them go on. */
    void pause(int lanes, boolean paused) {
        pausedLanes = paused ? pausedLanes | lanes : pausedLanes & ~lanes;
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
        owner.onFlow(address, Destinations.ALL_LANES, false, 0);
    }
}
