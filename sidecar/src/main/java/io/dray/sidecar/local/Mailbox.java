package io.dray.sidecar.local;

import io.dray.sidecar.queue.LaneQueue;
import io.dray.sidecar.queue.LaneQueue.Offer;
import io.dray.sidecar.queue.Levels;
import io.dray.sidecar.queue.Parcel;
import io.dray.sidecar.queue.Pauses;
import io.dray.sidecar.queue.Refusals;
import io.dray.types.v1.Error;
import io.dray.types.v1.Window;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one instance, and what was delivered to it and is not yet answered.
 *
 * <p>Any loop offers; the loop of the agent's stream takes, numbers and settles. Numbers and windows start again with
 * each attachment.
 */
public final class Mailbox {
    /** What a client may leave unanswered before nothing more is delivered to it. */
    static final int MAX_UNANSWERED = 16_384;

    private final LaneQueue queue;
    private final Pauses pauses = new Pauses();
    private final DoneListener listener;
    private final Deliveries unanswered = new Deliveries();

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
            undone(parcel);
            parcel.frame.release();
        }
        return false;
    }

    /** Room that a frame must have for {@link #take} to take anything, whichever lane's turn it is; 0: nothing may be taken. */
    public long nextBytes(long forAttachment) {
        return deliverable(forAttachment) == 0 ? 0 : queue.nextBytes();
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
                    unanswered.add(number, parcel, parcel.count);
                }
            }
        }
        if (number != 0) {
            parcel.tell(Levels.DELIVERED);
        } else if (tracked) {
            Deliveries.Run run = Deliveries.alone(1, parcel, parcel.count);
            finish(run, Levels.REFUSED, Refusals.nodeLost("the instance's stream ended"));
        }
        return number;
    }

    /** Forgets an envelope that was taken and is not delivered after all; its sender was told. */
    public void dropped(Parcel parcel) {
        undone(parcel);
    }

    /** Ends a turn: what could not be written lets go of pooled frames; senders go on when there is room again. */
    public void settle() {
        queue.settle();
        pauses.resumeRelaxed(queue);
    }

    /** Looks, some times a second, whether the agent takes anything; see {@link LaneQueue#look}. */
    public boolean look() {
        return queue.look();
    }

    /** Hears from the agent what became of a run of deliveries; unknown numbers are ignored. */
    public void onReceipt(long first, int count, int level, @Nullable Error error) {
        List<Deliveries.Run> answered;
        synchronized (this) {
            answered = unanswered.take(first, count);
        }
        answered.forEach(run -> finish(run, level, error));
    }

    /** Gives up on deliveries whose time has passed if many are unanswered, so that a forgetful agent gets on. Whether it did. */
    public boolean forgetExpired(long nowMicros, Error error) {
        List<Deliveries.Run> expired;
        synchronized (this) {
            if (unanswered.size() < MAX_UNANSWERED / 2) {
                return false;
            }
            expired = unanswered.takeExpired(nowMicros);
        }
        expired.forEach(run -> finish(run, Levels.REFUSED, error));
        return !expired.isEmpty();
    }

    /** Ends an attachment: what was delivered and not answered is refused, so that its sender can send it again. */
    void lost(Error error) {
        List<Deliveries.Run> lost;
        synchronized (this) {
            lost = unanswered.takeAll();
            attachment++;
        }
        lost.forEach(run -> finish(run, Levels.REFUSED, error));
    }

    /** Whether its agent is gone for good. */
    public boolean isClosed() {
        return queue.isClosed();
    }

    /** Refuses everything that waits and all that comes. */
    void close(Error error) {
        queue.close();
        queue.drain(new Parcel(), parcel -> {
            Refusals.refuse(parcel, error);
            undone(parcel);
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

    /** Whether more than half of a lane is taken. */
    public boolean isCrowded(int lane) {
        return queue.crowded(lane);
    }

    /** Deliveries whose end somebody waits for. */
    public synchronized int unanswered() {
        return unanswered.size();
    }

    private void finish(Deliveries.Run run, int level, @Nullable Error error) {
        boolean done = level == Levels.DONE;
        if (run.ordinal != 0) {
            if (done) {
                listener.onDone(run.session, run.destination, run.ordinal, run.count());
            } else {
                listener.onUndone(run.session, run.destination, run.ordinal, run.count());
            }
        }
        if (!done || run.wish >= Levels.DONE || run.ordinal != 0) {
            run.origin.receipts(run.session, run.sequence, run.count(), level, error);
        }
    }

    private void undone(Parcel parcel) {
        if (parcel.ordinal != 0) {
            listener.onUndone(parcel.session, parcel.destination, parcel.ordinal, parcel.count);
        }
    }

    /** How many may be delivered now. One envelope may pass the window's bytes: a large one would never fit a small one. */
    private synchronized int deliverable(long forAttachment) {
        if (attachment != forAttachment) {
            return 0;
        }
        boolean isOpen =
                unanswered.size() < MAX_UNANSWERED && nextDelivery <= windowMessages && deliveredBytes < windowBytes;
        isShut |= !isOpen;
        if (!isOpen) {
            return 0;
        }
        boolean isNarrow = windowBytes - deliveredBytes < Parcel.MAX_RUN_BYTES;
        long most = Math.min(windowMessages - nextDelivery + 1, MAX_UNANSWERED - unanswered.size());
        return isNarrow ? 1 : (int) Math.min(most, Parcel.MAX_RUN);
    }

    private static long widened(long now, long told) {
        // Unsigned on the wire: what is greater than a long can hold means no limit.
        long total = told < 0 ? Long.MAX_VALUE : told;
        return now == Long.MAX_VALUE ? total : Math.max(now, total);
    }
}
