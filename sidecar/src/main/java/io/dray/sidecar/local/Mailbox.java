package io.dray.sidecar.local;

import io.dray.sidecar.queue.Destination;
import io.dray.sidecar.queue.LaneQueue;
import io.dray.sidecar.queue.LaneQueue.Offer;
import io.dray.sidecar.queue.Levels;
import io.dray.sidecar.queue.Origin;
import io.dray.sidecar.queue.Parcel;
import io.dray.sidecar.queue.Pauses;
import io.dray.sidecar.queue.Refusals;
import io.dray.types.v1.Error;
import io.dray.types.v1.Window;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one instance, and what was delivered to it and is not yet answered.
 *
 * <p>Any loop offers; the loop of the agent's stream takes, numbers and settles. Numbers and windows start again with
 * each attachment.
 */
public final class Mailbox {
    /** A delivery somebody wants to hear the end of. */
    private record Pending(
            Origin origin,
            Destination destination,
            long session,
            long sequence,
            long ordinal,
            int wish,
            long deadlineMicros) {}

    /** What a client may leave unanswered before nothing more is delivered to it. */
    static final int MAX_UNANSWERED = 16_384;

    private final LaneQueue queue;
    private final Pauses pauses = new Pauses();
    private final DoneListener listener;
    /** By number, so that a run costs what it holds and not what it claims. */
    private final NavigableMap<Long, Pending> pending = new TreeMap<>();

    private long attachment;
    private long nextDelivery = 1;
    private long deliveredBytes;
    private long windowMessages = Long.MAX_VALUE;
    private long windowBytes = Long.MAX_VALUE;
    private boolean isShut;
    /** Since when the agent takes what waits: before that an envelope waited for the agent, not for this sidecar. */
    private long takesSinceNanos = System.nanoTime();

    Mailbox(LaneQueue queue, DoneListener listener) {
        this.queue = queue;
        this.listener = listener;
    }

    /** Takes a parcel in if there is room, and asks its sender to hold back when its lane has little left. */
    public Offer offer(Parcel parcel) {
        Offer offer = queue.offer(parcel);
        if (offer == Offer.QUEUED_PAUSE || offer == Offer.FULL) {
            pauses.pause(parcel.origin, parcel.destination, parcel.lane);
        }
        return offer;
    }

    /** Starts a new attachment: numbers from 1, the agent's first window or no limit. Returns its own number. */
    synchronized long attached(@Nullable Window window) {
        nextDelivery = 1;
        deliveredBytes = 0;
        windowMessages = Long.MAX_VALUE;
        windowBytes = Long.MAX_VALUE;
        isShut = false;
        takesSinceNanos = System.nanoTime();
        if (window != null) {
            onWindow(window);
        }
        return ++attachment;
    }

    /** Widens what may be delivered; a window that shrinks is ignored, since totals cannot go back. */
    public synchronized void onWindow(Window window) {
        windowMessages = widened(windowMessages, window.getMessages());
        windowBytes = widened(windowBytes, window.getBytes());
        if (isShut) {
            isShut = false;
            takesSinceNanos = System.nanoTime();
        }
    }

    /**
     * Takes the next run that may be delivered now; one whose time has passed is refused on the way.
     *
     * @param maxBytes room left in the frame
     * @param mostEnvelopes room left in the frame, at least 1
     * @param forAttachment nothing is taken for another one than the present
     * @return whether the parcel was filled; its frame's count belongs to the caller
     */
    public boolean take(Parcel parcel, long maxBytes, int mostEnvelopes, long nowMicros, long forAttachment) {
        int most = Math.min(mostEnvelopes, deliverable(forAttachment));
        while (most > 0 && queue.poll(parcel, maxBytes, most)) {
            if (!parcel.expired(nowMicros)) {
                return true;
            }
            Refusals.expired(parcel);
            parcel.forEach(one -> undone(one.session, one.destination, one.ordinal));
            parcel.frame.release();
        }
        return false;
    }

    /**
     * Numbers a run that is being written, and says so to its sender if it wants to know. The parcel's arrival
     * moves to when the agent began to take what waits, if that was later.
     *
     * @return number of the first delivery; 0 when the attachment ended meanwhile: the run is refused as lost then
     */
    public long delivered(Parcel parcel, long forAttachment) {
        boolean tracked = parcel.wish >= Levels.DONE || parcel.ordinal != 0;
        long number = 0;
        synchronized (this) {
            if (attachment == forAttachment) {
                number = nextDelivery;
                nextDelivery += parcel.count;
                deliveredBytes += parcel.envelopeBytes;
                if (takesSinceNanos - parcel.arrivedNanos > 0) {
                    parcel.arrivedNanos = takesSinceNanos;
                }
                if (tracked) {
                    pending.put(number, pendingOf(parcel));
                }
            }
        }
        if (number != 0) {
            parcel.tell(Levels.DELIVERED);
        } else if (tracked) {
            finish(pendingOf(parcel), Levels.REFUSED, Refusals.nodeLost("the instance's stream ended"));
        }
        return number;
    }

    /** Forgets an envelope that was taken and is not delivered after all; its sender was told. */
    public void dropped(Parcel parcel) {
        undone(parcel.session, parcel.destination, parcel.ordinal);
    }

    /** Ends a turn: what could not be written lets go of pooled frames; senders go on when there is room again. */
    public void settle() {
        queue.settle();
        pauses.resumeRelaxed(queue);
    }

    /** Hears from the agent what became of a run of deliveries; unknown numbers are ignored. */
    public void onReceipt(long first, int count, int level, @Nullable Error error) {
        removePending(first, count).forEach(delivery -> finish(delivery, level, error));
    }

    /** Gives up on deliveries whose time has passed if many are unanswered, so that a forgetful agent gets on. Whether it did. */
    public boolean forgetExpired(long nowMicros, Error error) {
        List<Pending> expired = new ArrayList<>();
        synchronized (this) {
            if (pending.size() < MAX_UNANSWERED / 2) {
                return false;
            }
            pending.values().removeIf(delivery -> {
                boolean over = delivery.deadlineMicros != 0 && delivery.deadlineMicros < nowMicros;
                return over && expired.add(delivery);
            });
        }
        expired.forEach(delivery -> finish(delivery, Levels.REFUSED, error));
        return !expired.isEmpty();
    }

    /** Ends an attachment: what was delivered and not answered is refused, so that its sender can send it again. */
    void lost(Error error) {
        List<Pending> lost;
        synchronized (this) {
            lost = new ArrayList<>(pending.values());
            pending.clear();
            attachment++;
        }
        lost.forEach(delivery -> finish(delivery, Levels.REFUSED, error));
    }

    /** Refuses everything that waits and all that comes. */
    void close(Error error) {
        queue.close();
        queue.drain(new Parcel(), parcel -> {
            parcel.origin.receipt(parcel.session, parcel.sequence, Levels.REFUSED, error);
            undone(parcel.session, parcel.destination, parcel.ordinal);
        });
        pauses.close();
        lost(error);
    }

    /** Envelopes that wait. */
    public int queuedEnvelopes() {
        return queue.queuedEnvelopes();
    }

    /** Bytes that wait. */
    public long queuedBytes() {
        return queue.queuedBytes();
    }

    /** Deliveries whose end somebody waits for. */
    public synchronized int unanswered() {
        return pending.size();
    }

    private void finish(Pending delivery, int level, @Nullable Error error) {
        boolean done = level == Levels.DONE;
        if (delivery.ordinal != 0) {
            if (done) {
                listener.onDone(delivery.session, delivery.destination, delivery.ordinal);
            } else {
                listener.onUndone(delivery.session, delivery.destination, delivery.ordinal);
            }
        }
        if (!done || delivery.wish >= Levels.DONE || delivery.ordinal != 0) {
            delivery.origin.receipt(delivery.session, delivery.sequence, level, error);
        }
    }

    private void undone(long session, Destination destination, long ordinal) {
        if (ordinal != 0) {
            listener.onUndone(session, destination, ordinal);
        }
    }

    /** How many may be delivered now. One envelope may pass the window's bytes: a large one would never fit a small one. */
    private synchronized int deliverable(long forAttachment) {
        if (attachment != forAttachment) {
            return 0;
        }
        boolean isOpen =
                pending.size() < MAX_UNANSWERED && nextDelivery <= windowMessages && deliveredBytes < windowBytes;
        isShut |= !isOpen;
        if (!isOpen) {
            return 0;
        }
        boolean isNarrow = windowBytes - deliveredBytes < Parcel.MAX_RUN_BYTES;
        return isNarrow ? 1 : (int) Math.min(windowMessages - nextDelivery + 1, Parcel.MAX_RUN);
    }

    private synchronized List<Pending> removePending(long first, int count) {
        if (count == 1) {
            Pending one = pending.remove(first);
            return one == null ? List.of() : List.of(one);
        }
        long end = first + count;
        if (first < 0 || end < 0) {
            // Unsigned on the wire: such numbers were never given.
            return List.of();
        }
        Collection<Pending> run = pending.subMap(first, end).values();
        List<Pending> removed = List.copyOf(run);
        run.clear();
        return removed;
    }

    private static Pending pendingOf(Parcel parcel) {
        return new Pending(
                parcel.origin,
                parcel.destination,
                parcel.session,
                parcel.sequence,
                parcel.ordinal,
                parcel.wish,
                parcel.deadlineMicros);
    }

    private static long widened(long now, long told) {
        // Unsigned on the wire: what is greater than a long can hold means no limit.
        long total = told < 0 ? Long.MAX_VALUE : told;
        return now == Long.MAX_VALUE ? total : Math.max(now, total);
    }
}
