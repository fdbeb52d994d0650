package io.dray.sidecar.queue;

import io.dray.sidecar.frame.Frame;

/** Makes parcels for tests. */
public final class Parcels {
    private Parcels() {}

    /** Returns a parcel of as many bytes, NORMAL, for agent {@code b}, from the origin. */
    public static Parcel of(Origin origin, long sequence, int bytes) {
        var parcel = new Parcel();
        parcel.frame = Frame.of(new byte[bytes], 0);
        parcel.offset = 0;
        parcel.length = bytes;
        parcel.envelopeBytes = bytes;
        parcel.origin = origin;
        parcel.destination = new Destination(Destination.AGENT, "b");
        parcel.hop = Hop.from("");
        parcel.session = 7;
        parcel.sequence = sequence;
        parcel.lane = 2;
        parcel.deliveryClass = 1;
        return parcel;
    }
}
