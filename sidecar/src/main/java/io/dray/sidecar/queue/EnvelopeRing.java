package io.dray.sidecar.queue;

import io.dray.sidecar.frame.ChunkCopies;
import io.dray.sidecar.frame.Frame;
import io.dray.sidecar.frame.FramePool;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A growing FIFO of parcels in columns, so that a waiting envelope costs no object. Guarded by its {@link LaneQueue}.
 */
final class EnvelopeRing {
    private static final int NUMBERS = 5;
    private static final int SMALLS = 5;
    private static final int OBJECTS = 4;

    private final ChunkCopies copies;
    private long[] numbers = new long[16 * NUMBERS];
    private int[] smalls = new int[16 * SMALLS];
    private @Nullable Object[] objects = new @Nullable Object[16 * OBJECTS];
    private int head;
    private int size;
    private int settled;

    EnvelopeRing(FramePool pool) {
        copies = new ChunkCopies(pool);
    }

    int size() {
        return size;
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
        @Nullable Object[] o = objects;
        at = slot * OBJECTS;
        o[at] = parcel.frame;
        o[at + 1] = parcel.origin;
        o[at + 2] = parcel.destination;
        o[at + 3] = parcel.hop;
    }

    /** Envelope length of the oldest parcel; the ring must not be empty. */
    int headEnvelopeBytes() {
        return smalls[head * SMALLS + 2];
    }

    /** Takes the oldest parcel out; the ring must not be empty. The count of its frame goes to the caller. */
    void poll(Parcel parcel) {
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
        at = head * OBJECTS;
        parcel.frame = (Frame) taken(at);
        parcel.origin = (Origin) taken(at + 1);
        parcel.destination = (Destination) taken(at + 2);
        parcel.hop = (Hop) taken(at + 3);
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

    private Object taken(int at) {
        Object value = present(at);
        objects[at] = null;
        return value;
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
        numbers = unrolled(numbers, Arrays.copyOf(numbers, numbers.length * 2), NUMBERS, old);
        smalls = unrolled(smalls, Arrays.copyOf(smalls, smalls.length * 2), SMALLS, old);
        objects = unrolled(objects, Arrays.copyOf(objects, objects.length * 2), OBJECTS, old);
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
