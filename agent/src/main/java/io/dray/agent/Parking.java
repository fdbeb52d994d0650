package io.dray.agent;

import io.dray.core.net.LaneSchedule;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Where messages for blocked destinations wait, so that they hold up nobody else. Loop only.
 *
 * <p>Callers' own sends wait before they come here, but replies do not: handlers may run on the loop. So while a lot is
 * parked for destinations that only just stopped taking, no new deliveries are granted, and what they would cause waits
 * in the sidecar instead. One that has taken nothing for {@link #PATIENCE_NANOS} is stuck: it no longer holds up the
 * others' requests, and what is parked for it is cut down to its share. The patience is halved for each that held up the
 * others for nothing, and doubled for each that did take something, so that many who are stuck one after another cost as
 * much as two.
 */
final class Parking extends Timers.Timer {
    static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long LEAST_PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(125);

    /** What may be parked in all for destinations that are not stuck; those of before a window was withheld are many. */
    static final long BYTES = 64L << 20;

    private final Timers timers;
    private final long crowdBytes;
    private final long shareBytes;
    private final Owner owner;
    private final Set<Destination> waiting = new LinkedHashSet<>();
    private long waitingBytes;
    private long patienceNanos = PATIENCE_NANOS;

    /** Gets what is cut off, and hears when a window may be granted again. */
    interface Owner {
        /** Takes a message that will not be sent; it was counted out of the room before. */
        void onCut(Outgoing message);

        /** A destination is stuck now. */
        void onStuck();

        /** The clock of this turn of the loop. */
        long nowNanos();
    }

    /** Creates an empty one beside an outbox of so many bytes. */
    Parking(Timers timers, long outboxBytes, Owner owner) {
        this.timers = timers;
        // Enough for several that are stuck one after another not to hold up all others each for its own patience.
        this.crowdBytes = 8 * outboxBytes;
        // What was let go on and is parked again must find room beside what came meanwhile.
        this.shareBytes = 2 * outboxBytes;
        this.owner = owner;
    }

    /** Whether replies wait for somebody who may take them soon. */
    boolean isCrowded() {
        return waitingBytes >= crowdBytes;
    }

    /** Takes a message for a blocked destination; false when there is no room for it. */
    boolean add(Destination destination, Outgoing message) {
        if (!message.isAtLeastOnce() && !hasRoom(destination, message)) {
            return false;
        }
        if (destination.parkedBytes == 0) {
            destination.parkedSinceNanos = owner.nowNanos();
            waiting.add(destination);
            if (waiting.size() == 1) {
                timers.start(this, patienceNanos);
            }
        }
        if (waiting.contains(destination)) {
            waitingBytes += message.bytes;
        }
        destination.parkedBytes += message.bytes;
        destination.parked.get(message.lane()).addLast(message);
        return true;
    }

    /** Takes out all that waited in a lane, the oldest first: the destination takes something again. */
    Deque<Outgoing> remove(Destination destination, int lane) {
        Deque<Outgoing> parked = destination.parked.get(lane);
        if (parked.isEmpty()) {
            return parked;
        }
        long bytes = 0;
        for (Outgoing message : parked) {
            bytes += message.bytes;
        }
        Deque<Outgoing> all = new ArrayDeque<>(parked);
        parked.clear();
        if (waiting.remove(destination)) {
            waitingBytes -= destination.parkedBytes;
            patienceNanos = Math.min(2 * patienceNanos, PATIENCE_NANOS);
        }
        destination.parkedBytes -= bytes;
        if (destination.parkedBytes > 0) {
            destination.parkedSinceNanos = owner.nowNanos();
            waiting.add(destination);
            waitingBytes += destination.parkedBytes;
            timers.start(this, patienceNanos);
        }
        return all;
    }

    /** Ends the patience with those that took nothing for long. */
    @Override
    void onDue() {
        long now = owner.nowNanos();
        long next = Long.MAX_VALUE;
        List<Destination> stuck = new ArrayList<>();
        for (Destination destination : waiting) {
            long left = destination.parkedSinceNanos + patienceNanos - now;
            if (left <= 0) {
                stuck.add(destination);
            } else {
                next = Math.min(next, left);
            }
        }
        if (!stuck.isEmpty() && isCrowded()) {
            patienceNanos = Math.max(patienceNanos / 2, LEAST_PATIENCE_NANOS);
        }
        for (Destination destination : stuck) {
            waiting.remove(destination);
            waitingBytes -= destination.parkedBytes;
            cut(destination);
        }
        if (!waiting.isEmpty()) {
            timers.start(this, next);
        }
        if (!stuck.isEmpty()) {
            owner.onStuck();
        }
    }

    /** An error in place of a reply is small, and the only word that its requester gets. */
    private boolean hasRoom(Destination destination, Outgoing message) {
        if (destination.parkedBytes < shareBytes) {
            return true;
        }
        return waiting.contains(destination)
                ? waitingBytes < BYTES
                : message.isFailure && destination.parkedBytes < 2 * shareBytes;
    }

    /** Takes the newest messages of the lowest lanes out until its share is left. */
    private void cut(Destination destination) {
        for (int lane = LaneSchedule.LANES - 1; lane >= 0; lane--) {
            Deque<Outgoing> parked = destination.parked.get(lane);
            Deque<Outgoing> kept = new ArrayDeque<>();
            while (destination.parkedBytes > shareBytes && !parked.isEmpty()) {
                Outgoing last = parked.removeLast();
                if (last.isAtLeastOnce() || last.isFailure) {
                    kept.addFirst(last);
                    continue;
                }
                destination.parkedBytes -= last.bytes;
                owner.onCut(last);
            }
            parked.addAll(kept);
        }
    }
}
