package io.dray.sidecar.replies;

import io.dray.sidecar.frame.Frame;
import io.dray.sidecar.local.LocalAgent;
import io.dray.sidecar.queue.Parcel;
import io.dray.types.v1.Envelope;

/**
 * A request that waits for the reply to an identical one, with bytes of its own.
 *
 * @param requester who asks
 * @param request as it would be forwarded
 * @param envelope what it says
 * @param bytes what it holds of the budget
 * @param dueNanos of the monotonic clock: when it waits no more
 * @param endMicros when nobody waits for its own reply any more
 */
record Waiter(LocalAgent requester, Parcel request, Envelope envelope, long bytes, long dueNanos, long endMicros) {
    /** What it takes beside its bytes. */
    private static final int ADDED_BYTES = 512;

    static long bytesOf(Parcel parcel) {
        return parcel.length + (long) ADDED_BYTES;
    }

    /** Copies a request out of its frame. */
    static Waiter of(LocalAgent requester, Parcel parcel, long dueNanos, long endMicros) {
        Parcel request = parcel.copy();
        byte[] range = new byte[parcel.length];
        System.arraycopy(parcel.frame.bytes(), parcel.offset, range, 0, parcel.length);
        request.frame = Frame.of(range, parcel.arrivedNanos);
        request.offset = 0;
        Envelope envelope = Envelopes.of(range, range.length - parcel.envelopeBytes, parcel.envelopeBytes);
        return new Waiter(requester, request, envelope, bytesOf(parcel), dueNanos, endMicros);
    }
}
