package io.dray.sidecar.queue;

import io.dray.sidecar.frame.Frame;

/**
 * One envelope on its way through the sidecar: a range of a frame and what routing needs to know of it.
 *
 * <p>A flyweight: one instance per loop and direction is filled again for each envelope, and queues copy its fields into
 * their columns. It owns no count of the frame: a queue retains when it takes a parcel in, and who polls one releases.
 */
@SuppressWarnings("NullAway.Init") // filled before each use
public final class Parcel {
    /** The frame that holds the bytes. */
    public Frame frame;

    /** Where the range starts, tag included. */
    public int offset;

    /** Length of the range: tag, length and envelope. */
    public int length;

    /** Length of the envelope alone. */
    public int envelopeBytes;

    /** Whom to tell. */
    public Origin origin;

    /** The address as written. */
    public Destination destination;

    /** What this hop knows. */
    public Hop hop;

    /** Session of the id. */
    public long session;

    /** Sequence of the id. */
    public long sequence;

    /** Ordinal for duplicates; 0 for AT_MOST_ONCE. */
    public long ordinal;

    /** Deadline in Unix microseconds of this host's clock; 0 means none. */
    public long deadlineMicros;

    /** When its frame was received, on the scale of {@link System#nanoTime()}. */
    public long arrivedNanos;

    /** Whether the envelope's own deadline is by another clock. */
    public boolean deadlineShifted;

    /** Lane, 0 (CRITICAL) to 3 (LOW). */
    public int lane;

    /** Number of the delivery class, 1-3. */
    public int deliveryClass;

    /** Number of the payload's encoding; 0 and 1 mean as it is. */
    public int encoding;

    /** Number of the highest receipt level that is wanted; 0 means none. */
    public int wish;

    /** Hash of the ordering key; 0 means none. */
    public int orderingHash;

    /** Whether somebody waits to hear that it was delivered or done. */
    public boolean tracked() {
        return wish >= Levels.DELIVERED || deliveryClass >= 2;
    }

    /** Tells the sender a level if it wants it. */
    public void tell(int level) {
        if (wish >= level) {
            origin.receipt(session, sequence, level, null);
        }
    }

    /** Whether its time has passed. */
    public boolean expired(long nowMicros) {
        return deadlineMicros != 0 && deadlineMicros <= nowMicros;
    }

    int flags() {
        return lane | (deliveryClass << 2) | (wish << 4) | (deadlineShifted ? 1 << 7 : 0) | (encoding << 8);
    }

    void flags(int flags) {
        lane = flags & 3;
        deliveryClass = (flags >>> 2) & 3;
        wish = (flags >>> 4) & 7;
        deadlineShifted = (flags & (1 << 7)) != 0;
        encoding = flags >>> 8;
    }
}
