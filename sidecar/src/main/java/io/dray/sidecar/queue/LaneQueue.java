package io.dray.sidecar.queue;

import io.dray.core.net.LaneSchedule;
import io.dray.core.net.MemoryBudget;
import io.dray.sidecar.frame.FramePool;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Envelopes that wait for one stream, in four lanes, each bounded in bytes by itself: a lane that is full takes no room
 * from the others.
 *
 * <p>The last quarter of the budget is for lanes that hold next to nothing, and for small envelopes: whatever some have
 * filled, by senders that do not pause when they are told to, hundreds of others still take what comes for them.
 *
 * <p>Any loop may offer, one loop takes; a short lock guards both and nothing is called while it is held but the budget.
 * What is counted when an envelope is taken in is discounted when it leaves, whether sent or dropped.
 */
public final class LaneQueue {
    /** What an offer came to. */
    public enum Offer {
        /** Taken in. */
        QUEUED,
        /** Taken in, and at least a quarter of what the lane may hold is full: its senders should pause. */
        QUEUED_PAUSE,
        /** Not taken in: the lane is full. */
        FULL,
        /** Not taken in: the memory budget is used up, or so far that lanes which would hold as much get no more. */
        NO_MEMORY,
        /** Not taken in: the queue is closed. */
        CLOSED
    }

    /** What an envelope takes beside its bytes: its columns, and its part of a chunk that is not full. */
    static final int OVERHEAD_BYTES = 160;

    /** What is on its way when senders are told to pause must still fit: over a link that is some megabytes. */
    private static final int PAUSE_PART = 4;

    private static final int GO_ON_PART = 8;

    private static final int CROWDED_PART = 2;

    /** What is left of the budget when lanes no longer grow; what each may hold then: 64 KiB of the default. */
    private static final int SCARCE_PART = 4;

    private static final int FLOOR_PART = 1024;

    /** What an empty lane takes as long as the budget has it: what comes without chunks, 64 KiB and a head. */
    static final int SMALL_BYTES = 72 * 1024;

    private static final int STUCK_LOOKS = 3;

    private final long limitBytes;
    private final MemoryBudget budget;
    private final EnvelopeRing[] lanes = new EnvelopeRing[LaneSchedule.LANES];
    private final LaneSchedule schedule = new LaneSchedule();
    private final long[] laneBytes = new long[LaneSchedule.LANES];
    private long queuedBytes;
    private int queuedEnvelopes;
    private int waiting;
    private boolean closed;
    private boolean moved;
    private int looksWithoutMove;
    /** What is not held against its senders for now, because nothing is taken; empty otherwise. */
    private Map<Origin, Long> excused = Map.of();

    /**
     * Creates an empty queue.
     *
     * @param limitBytes a lane is full at; one envelope may pass the limit
     * @param pool where what waits for longer than a turn of the loop is copied to
     */
    public LaneQueue(long limitBytes, MemoryBudget budget, FramePool pool) {
        this.limitBytes = limitBytes;
        this.budget = budget;
        for (int lane = 0; lane < lanes.length; lane++) {
            lanes[lane] = new EnvelopeRing(pool);
        }
    }

    /** The last of a budget, which is for lanes that hold next to nothing: whatever else takes of it leaves that. */
    public static long scarceBytes(MemoryBudget budget) {
        return budget.limit() / SCARCE_PART;
    }

    /** Takes a copy of the parcel in, with a count of its frame, if there is room. */
    public Offer offer(Parcel parcel) {
        Offer taken;
        long bytes = (long) parcel.length + OVERHEAD_BYTES;
        synchronized (this) {
            Offer refused = refusal(parcel);
            if (refused != Offer.QUEUED) {
                return refused;
            }
            parcel.frame.retain();
            lanes[parcel.lane].add(parcel);
            waiting |= 1 << parcel.lane;
            laneBytes[parcel.lane] += parcel.length;
            queuedBytes += parcel.length;
            queuedEnvelopes += parcel.count;
            taken = laneBytes[parcel.lane] >= roomBytes() / PAUSE_PART ? Offer.QUEUED_PAUSE : Offer.QUEUED;
            if (isStuck()) {
                excused.merge(parcel.origin, bytes, Long::sum);
                return taken;
            }
        }
        parcel.origin.held(bytes);
        return taken;
    }

    /**
     * Takes the next run out, or as much of it as fits; a frame's count goes to the caller. While another lane waits
     * too it is one envelope, since lanes take turns by envelopes.
     *
     * @param maxBytes an envelope with a larger range stays, whatever its lane
     * @param mostEnvelopes at least 1
     * @return whether the parcel was filled
     */
    public boolean poll(Parcel parcel, long maxBytes, int mostEnvelopes) {
        long released;
        Map<Origin, Long> heldAgain;
        synchronized (this) {
            if (waiting == 0) {
                return false;
            }
            int lane = schedule.next(waiting);
            EnvelopeRing ring = lanes[lane];
            boolean isAlone = (waiting & (waiting - 1)) == 0;
            int left = ring.poll(parcel, maxBytes, isAlone ? mostEnvelopes : 1);
            if (left < 0) {
                return false;
            }
            if (ring.size() == 0) {
                waiting &= ~(1 << lane);
            }
            laneBytes[lane] -= parcel.length;
            queuedBytes -= parcel.length;
            queuedEnvelopes -= parcel.count;
            released = left == 0 ? parcel.length + OVERHEAD_BYTES : parcel.length;
            budget.release(released);
            moved = true;
            heldAgain = excused;
            excused = Map.of();
        }
        heldAgain.forEach(Origin::held);
        parcel.origin.held(-released);
        return true;
    }

    /**
     * Looks, some times a second, whether anything is taken. While nothing is, for {@value #STUCK_LOOKS} looks, what waits is
     * not held against its senders: a destination that is stuck must not end their traffic to all others. It stays in the
     * memory budget.
     *
     * @return whether anything waits
     */
    public boolean look() {
        Map<Origin, Long> more = new HashMap<>();
        synchronized (this) {
            looksWithoutMove = waiting == 0 || moved ? 0 : looksWithoutMove + 1;
            moved = false;
            if (!isStuck()) {
                return waiting != 0;
            }
            Map<Origin, Long> all = new HashMap<>();
            for (EnvelopeRing lane : lanes) {
                lane.addTo(all);
            }
            all.forEach((origin, bytes) -> more.put(origin, excused.getOrDefault(origin, 0L) - bytes));
            excused = all;
        }
        more.forEach(Origin::held);
        return true;
    }

    /** Bytes of the largest run that could be taken next, whichever lane's turn it is; 0 when nothing waits. */
    public synchronized long nextBytes() {
        long largest = 0;
        for (EnvelopeRing lane : lanes) {
            largest = Math.max(largest, lane.nextBytes());
        }
        return largest;
    }

    /** Lets go of pooled frames: called at the end of the turn in which they were read. */
    public synchronized void settle() {
        for (EnvelopeRing lane : lanes) {
            lane.settle();
        }
    }

    /** Refuses what is offered from now on. What waits stays until it is drained. */
    public synchronized void close() {
        closed = true;
    }

    /** Whether it was closed. */
    public synchronized boolean isClosed() {
        return closed;
    }

    /** Takes everything out and hands each envelope to the consumer, which must not keep the parcel; frames are released. */
    public void drain(Parcel parcel, Consumer<Parcel> each) {
        while (poll(parcel, Long.MAX_VALUE, Integer.MAX_VALUE)) {
            each.accept(parcel);
            parcel.frame.release();
        }
    }

    /** Whether the senders of a lane may go on: it is at most an eighth full. */
    public synchronized boolean relaxed(int lane) {
        return laneBytes[lane] <= roomBytes() / GO_ON_PART;
    }

    /** Whether those of a lane who were told to pause and did not should be refused: it is over half full. */
    public synchronized boolean crowded(int lane) {
        return laneBytes[lane] > roomBytes() / CROWDED_PART;
    }

    /** Bytes that wait. */
    public synchronized long queuedBytes() {
        return queuedBytes;
    }

    /** Envelopes that wait. */
    public synchronized int queuedEnvelopes() {
        return queuedEnvelopes;
    }

    private boolean isStuck() {
        return looksWithoutMove >= STUCK_LOOKS && !moved;
    }

    private Offer refusal(Parcel parcel) {
        if (closed) {
            return Offer.CLOSED;
        }
        long held = laneBytes[parcel.lane];
        if (held >= limitBytes) {
            return Offer.FULL;
        }
        boolean isTaken =
                (!isScarce() || fits(held, parcel.length)) && budget.tryReserve(parcel.length + OVERHEAD_BYTES);
        return isTaken ? Offer.QUEUED : Offer.NO_MEMORY;
    }

    private boolean fits(long held, int length) {
        return held + length <= roomBytes() || (held == 0 && length <= SMALL_BYTES);
    }

    /** What one lane may hold now. */
    private long roomBytes() {
        return isScarce() ? Math.min(limitBytes, budget.limit() / FLOOR_PART) : limitBytes;
    }

    private boolean isScarce() {
        return budget.free() < scarceBytes(budget);
    }
}
