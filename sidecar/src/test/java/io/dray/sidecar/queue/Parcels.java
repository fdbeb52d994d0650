package io.dray.sidecar.queue;

import io.dray.sidecar.frame.Frame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Makes parcels for tests. */
public final class Parcels {
    /** Of one envelope of a run. */
    public static final int RANGE_BYTES = 10;

    private Parcels() {}

    /**
     * Returns a run of as many envelopes with contents of 8 bytes each, all of them the envelope's sequence, NORMAL, for
     * agent {@code b}, from the origin.
     */
    public static Parcel run(Origin origin, long first, int count) {
        byte[] bytes = new byte[count * RANGE_BYTES];
        for (int i = 0; i < count; i++) {
            ByteBuffer.wrap(bytes, i * RANGE_BYTES, RANGE_BYTES)
                    .put((byte) 0x0a)
                    .put((byte) Long.BYTES)
                    .putLong(first + i);
        }
        Parcel run = of(origin, first, RANGE_BYTES);
        run.frame = Frame.of(bytes, 0);
        run.envelopeBytes = Long.BYTES;
        for (int i = 1; i < count; i++) {
            run.extend(run.frame, i * RANGE_BYTES, RANGE_BYTES, Long.BYTES, first + i, 0, 0);
        }
        return run;
    }

    /** Returns what the envelopes of a run hold, as {@link #run} wrote it. */
    public static List<Long> contents(Parcel run) {
        var contents = new ArrayList<Long>();
        run.forEach(one -> contents.add(
                ByteBuffer.wrap(one.frame.bytes(), one.offset + 2, Long.BYTES).getLong()));
        return contents;
    }

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
