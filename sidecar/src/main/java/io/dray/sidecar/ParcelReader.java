package io.dray.sidecar;

import io.dray.core.net.LaneSchedule;
import io.dray.core.wire.FrameWalker;
import io.dray.core.wire.Header;
import io.dray.sidecar.frame.Frame;
import io.dray.sidecar.queue.Levels;
import io.dray.sidecar.queue.Micros;
import io.dray.sidecar.queue.OrderingHash;
import io.dray.sidecar.queue.Parcel;
import io.dray.types.v1.DeliveryClass;

/** Fills a parcel from a walked envelope: everything but origin and hop. Owned by one loop. */
final class ParcelReader {
    private static final int AT_LEAST_ONCE = DeliveryClass.DELIVERY_CLASS_AT_LEAST_ONCE_VALUE;

    private final DestinationMemo destinations = new DestinationMemo();

    /** Reads the envelope at which the frame walker stands; the deadline is still by the sender's clock. */
    void read(Frame frame, FrameWalker at, Header header, Parcel parcel) {
        read(frame, at.fieldStart(), at.contentStart(), at.contentLength(), header, parcel);
    }

    /** Reads an envelope of {@code length} bytes from {@code content}, in a range from {@code offset}. */
    void read(Frame frame, int offset, int content, int length, Header header, Parcel parcel) {
        byte[] bytes = frame.bytes();
        parcel.frame = frame;
        parcel.arrivedNanos = frame.arrivedNanos();
        parcel.offset = offset;
        parcel.length = content + length - offset;
        parcel.envelopeBytes = length;
        parcel.count = 1;
        parcel.destination = destinations.of(bytes, header);
        parcel.session = header.session();
        parcel.sequence = header.sequence();
        parcel.ordinal = header.deliveryClass() == AT_LEAST_ONCE ? header.ordinal() : 0;
        parcel.deadlineMicros = Micros.ofWire(header.deadlineUnixMicros());
        parcel.deadlineShifted = false;
        parcel.lane = LaneSchedule.laneOf(header.priority());
        parcel.deliveryClass = header.deliveryClass();
        parcel.encoding = header.payloadEncoding();
        parcel.wish = header.receipt() == Levels.REFUSED ? 0 : header.receipt();
        int key = header.orderingKeyLength();
        parcel.orderingHash = key == 0 ? 0 : OrderingHash.of(bytes, header.orderingKeyOffset(), key);
    }
}
