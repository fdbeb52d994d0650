package io.dray.sidecar.replies;

import io.dray.sidecar.frame.Frame;
import io.dray.sidecar.queue.Parcel;
import io.dray.types.v1.Envelope;

/**
 * A request that waits for the reply to an identical one, with bytes of its own.
 *
 * @param request as it would be forwarded
 * @param envelope what it says
 * @param bytes what it holds of the budget
 */
record Waiter(Parcel request, Envelope envelope, long bytes) {
    /** What it takes beside its bytes. */
    private static final int ADDED_BYTES = 512;

    static long bytesOf(Parcel parcel) {
        return parcel.length + (long) ADDED_BYTES;
    }

    /** Copies a request out of its frame. */
    static Waiter of(Parcel parcel) {
        Parcel request = parcel.copy();
        byte[] range = new byte[parcel.length];
        System.arraycopy(parcel.frame.bytes(), parcel.offset, range, 0, parcel.length);
        request.frame = Frame.of(range, parcel.arrivedNanos);
        request.offset = 0;
        return new Waiter(
                request,
                Envelopes.of(range, range.length - parcel.envelopeBytes, parcel.envelopeBytes),
                bytesOf(parcel));
    }
}
