package io.dray.sidecar.replies;

import io.dray.agent.v1.AttachResponse;
import io.dray.core.net.LaneSchedule;
import io.dray.sidecar.frame.Frame;
import io.dray.sidecar.frame.ProtoWriter;
import io.dray.sidecar.inbound.Delivery;
import io.dray.sidecar.queue.Destination;
import io.dray.sidecar.queue.Hop;
import io.dray.sidecar.queue.Levels;
import io.dray.sidecar.queue.Origin;
import io.dray.sidecar.queue.Parcel;
import io.dray.types.v1.Address;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Error;
import io.dray.types.v1.HopNote;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Gives kept replies again: as new envelopes of a session of this sidecar, said to be cached by their note, in the name of
 * the instance that answered first. Thread-safe.
 */
public final class CachedReplyWriter {
    private static final Hop CACHED =
            Hop.of(HopNote.newBuilder().setCached(true).build());

    private final Delivery delivery;
    private final long session;
    private final AtomicLong sequence = new AtomicLong();

    /**
     * Creates a writer.
     *
     * @param session of all its envelopes
     */
    public CachedReplyWriter(Delivery delivery, long session) {
        this.delivery = delivery;
        this.session = session;
    }

    /** Answers a request; false when its requester has no room for the reply, or is gone. */
    boolean write(Envelope request, Envelope content) {
        Envelope reply = content.toBuilder()
                .setTo(Address.newBuilder().setInstance(request.getFrom()))
                .setSession(session)
                .setSequence(sequence.incrementAndGet())
                .setPriority(request.getPriority())
                .setHops(request.getHops() + 1)
                .setConversationId(request.getConversationId())
                .setCauseSession(request.getSession())
                .setCauseSequence(request.getSequence())
                .setTraceparent(request.getTraceparent())
                .setTracestate(request.getTracestate())
                .build();
        var writing = new Writing();
        Parcel parcel = parcel(reply, writing);
        delivery.deliver(parcel);
        parcel.frame.release();
        return !writing.refused;
    }

    private static Parcel parcel(Envelope reply, Origin writing) {
        byte[] envelope = reply.toByteArray();
        var range = new ProtoWriter();
        range.message(AttachResponse.ENVELOPES_FIELD_NUMBER, envelope, 0, envelope.length);
        Frame frame = Frame.of(Arrays.copyOf(range.bytes(), range.size()), System.nanoTime());
        var destination = new Destination(Destination.INSTANCE, reply.getTo().getInstance());
        var parcel = Parcel.of(frame, range.size(), envelope.length, writing, destination, CACHED);
        parcel.session = reply.getSession();
        parcel.sequence = reply.getSequence();
        parcel.lane = LaneSchedule.laneOf(Math.max(1, reply.getPriorityValue()));
        parcel.encoding = reply.getPayloadEncodingValue();
        return parcel;
    }

    /** Notes whether a reply was refused while it was delivered; what becomes of it later nobody wants to know. */
    private static final class Writing implements Origin {
        private volatile boolean refused;

        @Override
        public void receipts(long session, long first, int count, int level, @Nullable Error error) {
            if (level == Levels.REFUSED) {
                refused = true;
            }
        }

        @Override
        public void flow(Destination destination, int lane, boolean paused) {
            // The agents that ask are told to hold back.
        }

        @Override
        public void held(long bytes) {
            // Counted by the mailbox.
        }
    }
}
