package io.dray.sidecar.queue;

import io.dray.sidecar.frame.Frame;
import java.util.function.Consumer;

/**
 * A run of envelopes on its way through the sidecar: a range of a frame and what routing needs to know of it. Mostly it
 * is one envelope; neighbours with the same head and numbers without a gap go the same way as one, see {@link #extend}.
 *
 * <p>A flyweight: one instance per loop and direction is filled again for each envelope, and queues copy its fields into
 * their columns. It owns no count of the frame: a queue retains when it takes a parcel in, and who polls one releases.
 */
@SuppressWarnings("NullAway.Init") // filled before each use
public final class Parcel {
    /** Most envelopes of a run: each step of the way costs as much for one of them as for all. */
    public static final int MAX_RUN = 64;

    /** Most bytes of a run of more than one. */
    public static final int MAX_RUN_BYTES = 8 * 1024;

    /** Field 1, length-delimited, in its shortest form. */
    private static final byte ENVELOPE_TAG = 0x0a;

    /** The frame that holds the bytes. */
    public Frame frame;

    /** Where the range starts, tag included. */
    public int offset;

    /** Length of the range: tags, lengths and envelopes. */
    public int length;

    /** Length of the envelopes alone. */
    public int envelopeBytes;

    /** Envelopes in the range. */
    public int count = 1;

    /** Whom to tell. */
    public Origin origin;

    /** The address as written. */
    public Destination destination;

    /** What this hop knows. */
    public Hop hop;

    /** Session of the id. */
    public long session;

    /** Sequence of the id, the first of the run. */
    public long sequence;

    /** Ordinal for duplicates, the first of the run; 0 for AT_MOST_ONCE. */
    public long ordinal;

    /** Deadline in Unix microseconds of this host's clock, the last one of the run; 0 means none. */
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

    /**
     * Makes a parcel of one AT_MOST_ONCE envelope that starts a frame; id, lane and encoding are to be set.
     *
     * @param length of the range: tag, length and envelope
     */
    public static Parcel of(
            Frame frame, int length, int envelopeBytes, Origin origin, Destination destination, Hop hop) {
        var parcel = new Parcel();
        parcel.frame = frame;
        parcel.arrivedNanos = frame.arrivedNanos();
        parcel.length = length;
        parcel.envelopeBytes = envelopeBytes;
        parcel.origin = origin;
        parcel.destination = destination;
        parcel.hop = hop;
        parcel.deliveryClass = 1;
        return parcel;
    }

    /** Whether somebody waits to hear that it was delivered or done. */
    public boolean tracked() {
        return wish >= Levels.DELIVERED || deliveryClass >= 2;
    }

    /** Tells the sender a level if it wants it. */
    public void tell(int level) {
        if (wish >= level) {
            origin.receipts(session, sequence, count, level, null);
        }
    }

    /** Whether an envelope behind it may become part of its run, as far as this one goes. */
    private boolean mayGrow() {
        return count < MAX_RUN && !deadlineShifted && frame.bytes()[offset] == ENVELOPE_TAG;
    }

    /**
     * Takes the envelope right behind the range into the run. The caller knows that its head is that of this one.
     *
     * @param rangeBytes of the envelope with tag and length
     * @param deadline of the envelope in this host's clock
     * @return whether it did; a run has no gap in its sequences and ordinals, and one deadline to the millisecond
     */
    public boolean extend(
            Frame from, int at, int rangeBytes, int bytes, long nextSequence, long nextOrdinal, long deadline) {
        boolean follows = from == frame
                && at == offset + length
                && nextSequence == sequence + count
                && nextOrdinal == (ordinal == 0 ? 0 : ordinal + count);
        boolean dueTogether = deadline == deadlineMicros
                || (deadline != 0 && deadlineMicros != 0 && deadline / 1_000 == deadlineMicros / 1_000);
        boolean fits = length + rangeBytes <= MAX_RUN_BYTES;
        if (!follows || !dueTogether || !fits || !mayGrow() || from.bytes()[at] != ENVELOPE_TAG) {
            return false;
        }
        length += rangeBytes;
        envelopeBytes += bytes;
        count++;
        deadlineMicros = Math.max(deadline, deadlineMicros);
        return true;
    }

    /**
     * Hands each envelope of the run to the consumer, as this parcel; afterwards it is the whole run again. The range
     * was checked when the run was made.
     */
    public void forEach(Consumer<Parcel> each) {
        if (count == 1) {
            each.accept(this);
            return;
        }
        int first = offset;
        int all = length;
        int bytes = envelopeBytes;
        int many = count;
        long number = sequence;
        long order = ordinal;
        for (int i = 0; i < many; i++) {
            sequence = number + i;
            ordinal = order == 0 ? 0 : order + i;
            keep(1);
            each.accept(this);
            offset += length;
        }
        offset = first;
        length = all;
        envelopeBytes = bytes;
        count = many;
        sequence = number;
        ordinal = order;
    }

    /** Shortens the run to its first envelopes. */
    void keep(int most) {
        byte[] bytes = frame.bytes();
        int end = offset;
        int content = 0;
        for (int i = 0; i < most; i++) {
            int bytesOfNext = Ranges.contentBytes(bytes, end);
            content += bytesOfNext;
            end = Ranges.contentStart(bytes, end) + bytesOfNext;
        }
        length = end - offset;
        envelopeBytes = content;
        count = most;
    }

    /** Whether its time has passed. */
    public boolean expired(long nowMicros) {
        return deadlineMicros != 0 && deadlineMicros <= nowMicros;
    }

    /** Returns a parcel of its own with the same fields, for what must outlive this one. */
    public Parcel copy() {
        var copy = new Parcel();
        copy.frame = frame;
        copy.offset = offset;
        copy.length = length;
        copy.envelopeBytes = envelopeBytes;
        copy.origin = origin;
        copy.destination = destination;
        copy.hop = hop;
        copy.session = session;
        copy.sequence = sequence;
        copy.ordinal = ordinal;
        copy.deadlineMicros = deadlineMicros;
        copy.arrivedNanos = arrivedNanos;
        copy.orderingHash = orderingHash;
        copy.flags(flags());
        return copy;
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
