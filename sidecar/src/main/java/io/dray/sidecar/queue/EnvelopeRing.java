package io.dray.sidecar.queue;

import io.dray.sidecar.frame.ChunkCopies;
import io.dray.sidecar.frame.Frame;
import io.dray.sidecar.frame.FramePool;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A growing FIFO of parcels in columns, so that a waiting envelope costs no object. Guarded by its {@link LaneQueue}.
 */
final class EnvelopeRing {
    private static final int LEAST = 16;
    private static final int NUMBERS = 5;
    private static final int SMALLS = 6;
    private static final int OBJECTS = 4;

    private final ChunkCopies copies;
    // Most lanes of most queues never hold anything, and a thousand idle ones took 5 MB.
    private long[] numbers = {};
    private int[] smalls = {};
    private @Nullable Object[] objects = {};
    private int head;
    private int size;
    private int settled;

    EnvelopeRing(FramePool pool) {
        copies = new ChunkCopies(pool);
    }

    int size() {
        return size;
    }

    /** Bytes of the oldest run; 0 when there is none. */
    int nextBytes() {
        return size == 0 ? 0 : smalls[head * SMALLS + 1];
    }

    /** Adds what each parcel takes to its origin's sum. */
    void addTo(Map<Origin, Long> sums) {
        for (int i = 0; i < size; i++) {
            int slot = slot(i);
            long bytes = (long) smalls[slot * SMALLS + 1] + LaneQueue.OVERHEAD_BYTES;
            sums.merge((Origin) present(slot * OBJECTS + 1), bytes, Long::sum);
        }
    }

    void add(Parcel parcel) {
        if (size * NUMBERS == numbers.length) {
            grow();
        }
        int slot = slot(size++);
        long[] n = numbers;
        int at = slot * NUMBERS;
        n[at] = parcel.session;
        n[at + 1] = parcel.sequence;
        n[at + 2] = parcel.ordinal;
        n[at + 3] = parcel.deadlineMicros;
        n[at + 4] = parcel.arrivedNanos;
        int[] s = smalls;
        at = slot * SMALLS;
        s[at] = parcel.offset;
        s[at + 1] = parcel.length;
        s[at + 2] = parcel.envelopeBytes;
        s[at + 3] = parcel.flags();
        s[at + 4] = parcel.orderingHash;
        s[at + 5] = parcel.count;
        @Nullable Object[] o = objects;
        at = slot * OBJECTS;
        o[at] = parcel.frame;
        o[at + 1] = parcel.origin;
        o[at + 2] = parcel.destination;
        o[at + 3] = parcel.hop;
    }

    /**
     * Takes the oldest run, or its first envelopes; the ring must not be empty. A count of its frame goes to the caller.
     *
     * @return how many envelopes of the run stay; -1 when not even its first one fits and nothing was taken
     */
    int poll(Parcel parcel, long maxBytes, int mostEnvelopes) {
        int bytes = smalls[head * SMALLS + 1];
        int count = smalls[head * SMALLS + 5];
        if (count <= mostEnvelopes && bytes <= maxBytes) {
            fill(parcel);
            drop();
            return 0;
        }
        int fitting = count == 1 ? 0 : fitting(maxBytes, Math.min(mostEnvelopes, count));
        if (fitting == 0) {
            return -1;
        }
        fill(parcel);
        if (fitting == count) {
            drop();
            return 0;
        }
        parcel.keep(fitting);
        parcel.frame.retain();
        behead(parcel);
        return count - fitting;
    }

    /** How many envelopes of the oldest run fit. */
    private int fitting(long maxBytes, int most) {
        byte[] frame = ((Frame) present(head * OBJECTS)).bytes();
        int start = smalls[head * SMALLS];
        int end = start;
        int fitting = 0;
        while (fitting < most) {
            end = Ranges.contentStart(frame, end) + Ranges.contentBytes(frame, end);
            if (end - start > maxBytes) {
                return fitting;
            }
            fitting++;
        }
        return fitting;
    }

    /** Takes what is in the parcel off the front of the oldest run. */
    private void behead(Parcel taken) {
        int at = head * NUMBERS;
        numbers[at + 1] += taken.count;
        numbers[at + 2] += taken.ordinal == 0 ? 0 : taken.count;
        at = head * SMALLS;
        smalls[at] += taken.length;
        smalls[at + 1] -= taken.length;
        smalls[at + 2] -= taken.envelopeBytes;
        smalls[at + 5] -= taken.count;
    }

    private void fill(Parcel parcel) {
        int at = head * NUMBERS;
        parcel.session = numbers[at];
        parcel.sequence = numbers[at + 1];
        parcel.ordinal = numbers[at + 2];
        parcel.deadlineMicros = numbers[at + 3];
        parcel.arrivedNanos = numbers[at + 4];
        at = head * SMALLS;
        parcel.offset = smalls[at];
        parcel.length = smalls[at + 1];
        parcel.envelopeBytes = smalls[at + 2];
        parcel.flags(smalls[at + 3]);
        parcel.orderingHash = smalls[at + 4];
        parcel.count = smalls[at + 5];
        at = head * OBJECTS;
        parcel.frame = (Frame) present(at);
        parcel.origin = (Origin) present(at + 1);
        parcel.destination = (Destination) present(at + 2);
        parcel.hop = (Hop) present(at + 3);
    }

    private void drop() {
        Arrays.fill(objects, head * OBJECTS, (head + 1) * OBJECTS, null);
        head = head + 1 == capacity() ? 0 : head + 1;
        size--;
        settled = Math.max(0, settled - 1);
        if (size == 0) {
            copies.rest();
        }
    }

    /** Copies what lies in pooled or much larger frames: a range of 100 bytes must not hold a frame of 64 KiB. */
    void settle() {
        for (; settled < size; settled++) {
            int slot = slot(settled);
            Frame frame = (Frame) present(slot * OBJECTS);
            int length = smalls[slot * SMALLS + 1];
            if (frame.pooled() || frame.length() / 2 > length) {
                objects[slot * OBJECTS] = copies.copy(frame, smalls[slot * SMALLS], length);
                smalls[slot * SMALLS] = copies.position();
                frame.release();
            }
        }
    }

    private Object present(int at) {
        Object value = objects[at];
        if (value == null) {
            throw new IllegalStateException("ring slot " + at + ": empty (expected: a parcel)");
        }
        return value;
    }

    private int capacity() {
        return numbers.length / NUMBERS;
    }

    private int slot(int index) {
        int slot = head + index;
        return slot < capacity() ? slot : slot - capacity();
    }

    private void grow() {
        int old = capacity();
        int wider = Math.max(LEAST, old * 2);
        numbers = unrolled(numbers, Arrays.copyOf(numbers, wider * NUMBERS), NUMBERS, old);
        smalls = unrolled(smalls, Arrays.copyOf(smalls, wider * SMALLS), SMALLS, old);
        objects = unrolled(objects, Arrays.copyOf(objects, wider * OBJECTS), OBJECTS, old);
        head = 0;
    }

    /** Copies the columns so that the oldest entry stands first. */
    private <A> A unrolled(A from, A to, int width, int old) {
        int first = (old - head) * width;
        System.arraycopy(from, head * width, to, 0, first);
        System.arraycopy(from, 0, to, first, head * width);
        return to;
    }
}
