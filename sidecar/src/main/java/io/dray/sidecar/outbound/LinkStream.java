package io.dray.sidecar.outbound;

import io.dray.core.net.DeferredDrain;
import io.dray.peer.v1.DeliverResponse;
import io.dray.peer.v1.LinkHello;
import io.dray.peer.v1.StreamKind;
import io.dray.sidecar.blob.ChunkQueue;
import io.dray.sidecar.blob.QueuedChunk;
import io.dray.sidecar.blob.StreamBranch;
import io.dray.sidecar.frame.Frame;
import io.dray.sidecar.frame.FrameLimits;
import io.dray.sidecar.frame.OutboundFrame;
import io.dray.sidecar.queue.LaneQueue;
import io.dray.sidecar.queue.Parcel;
import io.dray.sidecar.queue.Pauses;
import io.dray.sidecar.queue.Refusals;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One of the streams of a link, with the queue in front of it. Offered to from any loop; everything else runs on the
 * link's loop.
 */
final class LinkStream {
    private final PeerLink link;
    private final StreamKind kind;
    private final LaneQueue queue;
    private final Pauses pauses = new Pauses();
    private final DeferredDrain drain;
    private final ChunkQueue chunks;
    private final LinkFrameWriter writer;
    private final FrameLimits limits;
    private final Parcel parcel = new Parcel();
    private @Nullable ClientCall<OutboundFrame, Frame> call;
    private boolean welcomed;
    private long sent;
    private long acknowledged;
    private volatile long unacknowledged;

    LinkStream(PeerLink link, StreamKind kind, LaneQueue queue, LinkFrameWriter writer, FrameLimits limits) {
        this.link = link;
        this.kind = kind;
        this.queue = queue;
        this.writer = writer;
        this.limits = limits;
        this.drain = new DeferredDrain(link.loop(), this::drain);
        this.chunks = new ChunkQueue(drain::request);
    }

    /** Takes a parcel in if there is room; asks its sender to hold back when there is little left. */
    LaneQueue.Offer offer(Parcel offered) {
        LaneQueue.Offer offer = queue.offer(offered);
        if (offer == LaneQueue.Offer.QUEUED_PAUSE || offer == LaneQueue.Offer.FULL) {
            pauses.pause(offered.origin, offered.destination, offered.lane);
        }
        drain.request();
        return offer;
    }

    /** Chunks that wait; only the bulk stream has any. */
    ChunkQueue chunks() {
        return chunks;
    }

    /** Whether more than half of a lane is taken. */
    boolean isCrowded(int lane) {
        return queue.crowded(lane);
    }

    /** Envelopes that wait or are not yet acknowledged. */
    long outstanding() {
        return queue.queuedEnvelopes() + unacknowledged;
    }

    long queuedBytes() {
        return queue.queuedBytes();
    }

    long queuedEnvelopes() {
        return queue.queuedEnvelopes();
    }

    boolean welcomed() {
        return welcomed;
    }

    void start(ClientCall<OutboundFrame, Frame> newCall, LinkHello hello) {
        call = newCall;
        welcomed = false;
        sent = 0;
        acknowledged = 0;
        unacknowledged = 0;
        newCall.start(new Listener(newCall), new Metadata());
        newCall.request(8);
        newCall.sendMessage(writer.hello(hello.toBuilder().setKind(kind).build()));
    }

    void stop(String why) {
        ClientCall<OutboundFrame, Frame> stopped = call;
        call = null;
        welcomed = false;
        if (stopped != null) {
            stopped.cancel(why, null);
        }
        chunks.lost(Refusals.nodeLost("the link to node " + link.peer().node() + " ended"));
    }

    /** Refuses what waits. */
    void refuseAll(io.dray.types.v1.Error error) {
        queue.drain(parcel, refused -> Refusals.refuse(refused, error));
        pauses.resumeAll();
    }

    void close() {
        queue.close();
    }

    private void drain() {
        ClientCall<OutboundFrame, Frame> out = call;
        while (out != null && welcomed && out.isReady() && fill()) {
            OutboundFrame frame = writer.finish(sent + 1);
            sent += writer.envelopes();
            unacknowledged = sent - acknowledged;
            out.sendMessage(frame);
            writer.clear();
        }
        queue.settle();
        pauses.resumeRelaxed(queue);
    }

    private boolean fill() {
        long now = link.nowMicros();
        while (writer.envelopes() < limits.envelopes()) {
            long room = writer.envelopes() == 0 ? Long.MAX_VALUE : limits.bytes() - writer.size();
            if (!queue.poll(parcel, room, limits.envelopes() - writer.envelopes())) {
                break;
            }
            if (parcel.expired(now)) {
                Refusals.expired(parcel);
                parcel.frame.release();
                continue;
            }
            if (parcel.origin instanceof StreamBranch large && !large.isLive()) {
                // Its payload ended while it waited; the sender was told.
                parcel.frame.release();
                continue;
            }
            link.sending(parcel);
            writer.add(parcel, link.clockOffsetMicros());
        }
        QueuedChunk chunk = chunks.isWaiting() ? chunks.poll() : null;
        if (chunk != null) {
            writer.add(chunk);
        }
        return writer.size() > 0;
    }

    private void onFrame(Frame frame) {
        DeliverResponse response;
        try {
            response = DeliverResponse.parseFrom(ByteBuffer.wrap(frame.bytes(), 0, frame.length()));
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            stop("a frame from the peer is not a DeliverResponse: " + e.getMessage());
            link.onBroken(this, Status.INTERNAL.withDescription("peer sent a bad frame"));
            return;
        } finally {
            frame.release();
        }
        if (response.hasWelcome() && !welcomed) {
            welcomed = true;
            link.onWelcome(response.getWelcome());
            drain.request();
        }
        response.getReceiptsList().stream()
                .filter(receipt -> receipt.getSession() == 0)
                .forEach(receipt -> acknowledged = receipt.getFirst());
        unacknowledged = sent - acknowledged;
        try {
            link.onResponse(response);
        } catch (StatusRuntimeException e) {
            stop("the peer breaks a limit: " + e.getMessage());
            link.onBroken(this, e.getStatus());
        }
    }

    @SuppressWarnings("ReferenceEquality") // late events of an earlier call are told by identity
    private final class Listener extends ClientCall.Listener<Frame> {
        private final ClientCall<OutboundFrame, Frame> own;

        Listener(ClientCall<OutboundFrame, Frame> own) {
            this.own = own;
        }

        @Override
        public void onMessage(Frame message) {
            own.request(1);
            if (call == own) {
                onFrame(message);
            } else {
                message.release();
            }
        }

        @Override
        public void onReady() {
            drain.request();
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            // gRPC's resolver, a thread of its own, tells of a connection that is refused before it has returned.
            if (link.loop().inEventLoop()) {
                onClose(status);
                return;
            }
            try {
                link.loop().execute(() -> onClose(status));
            } catch (RejectedExecutionException _) {
                // The loop has shut down, and the link with it.
            }
        }

        private void onClose(Status status) {
            if (call == own) {
                call = null;
                welcomed = false;
                link.onBroken(LinkStream.this, status);
            }
        }
    }
}
