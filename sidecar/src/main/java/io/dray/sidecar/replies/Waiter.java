package io.dray.sidecar.replies;

import io.dray.sidecar.frame.Frame;
import io.dray.sidecar.local.LocalAgent;
import io.dray.sidecar.queue.Parcel;
import io.dray.types.v1.Envelope;
import java.util.concurrent.TimeUnit;

/**
 * A request that waits for the reply to an identical one, with bytes of its own.
 *
 * @param requester who asks
 * @param request as it would be forwarded
 * @param envelope what it says
 * @param bytes what it holds of the budget
 * @param time how long it waits
 */
record Waiter(LocalAgent requester, Parcel request, Envelope envelope, long bytes, Time time) {
    /** What it takes beside its bytes. */
    private static final int ADDED_BYTES = 512;

    /**
     * How long it waits.
     *
     * @param dueNanos of the monotonic clock: when it waits no more for this one
     * @param endNanos of the monotonic clock: when nobody waits for its own reply any more
     * @param endMicros the same of Unix time
     */
    record Time(long dueNanos, long endNanos, long endMicros) {
        /** Shorter halves would be a request at each look until the end. */
        private static final long SHORTEST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

        /** Returns the time of one that comes: it waits for half of what it has, however little that is. */
        static Time first(long nowNanos, long endNanos, long endMicros) {
            return new Time(nowNanos + (endNanos - nowNanos) / 2, endNanos, endMicros);
        }

        /** Returns the time of one that waits once more: half of what is left, or for all of it when that is little. */
        static Time half(long nowNanos, long endNanos, long endMicros) {
            long half = (endNanos - nowNanos) / 2;
            return new Time(half < SHORTEST_NANOS ? endNanos : nowNanos + half, endNanos, endMicros);
        }

        boolean isDue(long nowNanos) {
            return dueNanos - nowNanos <= 0;
        }

        boolean isOver(long nowNanos) {
            return endNanos - nowNanos <= 0;
        }
    }

    static long bytesOf(Parcel parcel) {
        return parcel.length + (long) ADDED_BYTES;
    }

    /** Copies a request out of its frame. */
    static Waiter of(LocalAgent requester, Parcel parcel, Time time) {
        Parcel request = parcel.copy();
        byte[] range = new byte[parcel.length];
        System.arraycopy(parcel.frame.bytes(), parcel.offset, range, 0, parcel.length);
        request.frame = Frame.of(range, parcel.arrivedNanos);
        request.offset = 0;
        Envelope envelope = Envelopes.of(range, range.length - parcel.envelopeBytes, parcel.envelopeBytes);
        return new Waiter(requester, request, envelope, bytesOf(parcel), time);
    }

    /** Returns the same one, to wait once more. */
    Waiter again(long nowNanos) {
        return new Waiter(requester, request, envelope, bytes, Time.half(nowNanos, time.endNanos(), time.endMicros()));
    }
}
