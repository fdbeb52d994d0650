package io.dray.sidecar;

import com.google.protobuf.InvalidProtocolBufferException;
import io.dray.core.net.DeferredDrain;
import io.dray.core.wire.EnvelopeWalker;
import io.dray.core.wire.FrameWalker;
import io.dray.core.wire.Header;
import io.dray.core.wire.MeshError;
import io.dray.peer.v1.DeliverRequest;
import io.dray.peer.v1.DeliverResponse;
import io.dray.peer.v1.DestinationFlow;
import io.dray.peer.v1.LinkHello;
import io.dray.peer.v1.Load;
import io.dray.peer.v1.StreamKind;
import io.dray.sidecar.frame.ControlFields;
import io.dray.sidecar.frame.Frame;
import io.dray.sidecar.frame.OutboundFrame;
import io.dray.sidecar.frame.ProtoWriter;
import io.dray.sidecar.queue.Levels;
import io.dray.sidecar.queue.Micros;
import io.dray.sidecar.queue.Parcel;
import io.dray.sidecar.queue.Refusals;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.dray.types.v1.Receipt;
import io.dray.types.v1.ReceiptLevel;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One stream of a link from a peer: envelopes in, receipts and flows out. Owned by the loop of its connection. */
final class PeerStream extends ServerCall.Listener<Frame> {
    private static final int REQUESTED = 8;
    private static final Logger log = LoggerFactory.getLogger(PeerStream.class);
    private static final int MAX_CONTROL_BYTES = 64 * 1024;
    private static final int MAX_FLOWS = 512;
    private static final DeliverRequest NO_CONTROL = DeliverRequest.getDefaultInstance();

    private final ServerCall<Frame, OutboundFrame> call;
    private final PeerDoor door;
    private final DeferredDrain drain;
    private final FrameWalker walker = new FrameWalker();
    private final EnvelopeWalker envelopes;
    private final Header header = new Header();
    private final Parcel parcel = new Parcel();
    private final FrameNotes notes = new FrameNotes();
    private final ParcelReader reader = new ParcelReader();
    private final ProtoWriter control = new ProtoWriter();
    private final List<DestinationFlow> flows = new ArrayList<>();
    private volatile boolean urgent;
    private @Nullable InboundNode node;
    private boolean closed;
    private long taken;
    private long acknowledged;

    PeerStream(ServerCall<Frame, OutboundFrame> call, EventLoop loop, PeerDoor door) {
        this.call = call;
        this.door = door;
        this.envelopes = new EnvelopeWalker(door.limits());
        this.drain = new DeferredDrain(loop, this::drain);
        call.sendHeaders(new Metadata());
        call.request(REQUESTED);
    }

    boolean isUrgent() {
        return urgent;
    }

    void wake() {
        drain.request();
    }

    @Override
    public void onMessage(Frame frame) {
        try {
            if (!closed) {
                onFrame(frame);
            }
        } catch (StatusRuntimeException e) {
            refuse(MeshError.from(e));
        } catch (RuntimeException e) {
            log.error("link stream failed", e);
            refuse(MeshError.of(Code.CODE_INTERNAL, "the sidecar failed on this stream; see its log", "", ""));
        } finally {
            frame.release();
        }
        if (!closed) {
            call.request(1);
        }
    }

    @Override
    public void onReady() {
        drain.request();
    }

    @Override
    public void onHalfClose() {
        if (!closed) {
            closed = true;
            call.close(Status.OK, new Metadata());
            detach();
        }
    }

    @Override
    public void onCancel() {
        closed = true;
        detach();
    }

    private void onFrame(Frame frame) {
        DeliverRequest request = parse(frame);
        InboundNode sender = node;
        if (sender == null) {
            onFirst(request);
        } else if (request.hasHello()) {
            throw MeshError.toStatus(MeshError.of(
                    Code.CODE_HELLO_EXPECTED, "a second hello", "hello", "no hello after the first frame"));
        } else if (request.hasCompressed()) {
            onCompressed(request, frame, sender);
        } else {
            onEnvelopes(request, frame, sender);
        }
    }

    private void onFirst(DeliverRequest request) {
        LinkHello hello = request.getHello();
        node = door.welcome(request);
        urgent = hello.getKind() == StreamKind.STREAM_KIND_URGENT;
        byte[] welcome = door.welcomeFrame().toByteArray();
        call.sendMessage(OutboundFrame.of(welcome));
        node.add(this);
    }

    /** Sizes, ratio and window are checked before memory is taken. */
    private void onCompressed(DeliverRequest outer, Frame frame, InboundNode sender) {
        Frame raw = door.decompressed(outer.getCompressed(), frame.arrivedNanos());
        DeliverRequest inner = parse(raw);
        if (inner.hasCompressed() || inner.hasHello()) {
            throw MeshError.toStatus(MeshError.of(
                    Code.CODE_BAD_COMPRESSION, "a compressed frame holds another one or a hello", "", "envelopes"));
        }
        onEnvelopes(inner, raw, sender);
        raw.release();
    }

    private void onEnvelopes(DeliverRequest request, Frame frame, InboundNode sender) {
        notes.read(request.getNotesList());
        walker.start(frame.bytes(), 0, frame.length());
        int index = 0;
        while (walker.next()) {
            if (walker.field() == DeliverRequest.ENVELOPES_FIELD_NUMBER) {
                if (index == door.limits().maxEnvelopesPerFrame()) {
                    throw MeshError.toStatus(MeshError.of(
                            Code.CODE_TOO_MANY,
                            "a frame with too many envelopes",
                            "over " + index,
                            "at most " + index));
                }
                accept(frame, index++, sender);
            }
        }
        taken += index;
        drain.request();
    }

    private void accept(Frame frame, int index, InboundNode sender) {
        Code code = envelopes.walk(frame.bytes(), walker.contentStart(), walker.contentLength(), header);
        if (code != null) {
            Error error = envelopes.explain(code, frame.bytes(), header);
            sender.receipt(header.session(), header.sequence(), Levels.REFUSED, error);
            return;
        }
        reader.read(frame, walker, header, parcel);
        parcel.origin = sender;
        parcel.hop = notes.hop(index);
        long deadline = Micros.ofWire(notes.deadlineMicros(index));
        if (deadline != 0) {
            parcel.deadlineMicros = deadline;
            parcel.deadlineShifted = true;
        }
        if (parcel.expired(door.nowMicros())) {
            Refusals.expired(parcel);
        } else {
            door.deliver(parcel);
        }
    }

    private DeliverRequest parse(Frame frame) {
        try {
            return ControlFields.parse(
                    walker, frame, DeliverRequest.ENVELOPES_FIELD_NUMBER, DeliverRequest.parser(), NO_CONTROL);
        } catch (InvalidProtocolBufferException e) {
            throw MeshError.toStatus(MeshError.of(
                    Code.CODE_BAD_FRAME,
                    "the stream message is not a DeliverRequest: " + e.getMessage(),
                    frame.length() + " B",
                    "a protobuf message of that type"));
        }
    }

    private void drain() {
        InboundNode sender = node;
        while (!closed && sender != null && call.isReady() && fill(sender)) {
            OutboundFrame frame = new OutboundFrame();
            frame.add(control.bytes(), 0, control.size());
            call.sendMessage(frame);
        }
    }

    private boolean fill(InboundNode sender) {
        control.clear();
        if (taken > acknowledged) {
            acknowledged = taken;
            byte[] receipt = Receipt.newBuilder()
                    .setFirst(taken)
                    .setLevel(ReceiptLevel.RECEIPT_LEVEL_ACCEPTED)
                    .build()
                    .toByteArray();
            control.message(DeliverResponse.RECEIPTS_FIELD_NUMBER, receipt, 0, receipt.length);
        }
        sender.receipts().moveTo(control, DeliverResponse.RECEIPTS_FIELD_NUMBER, true, MAX_CONTROL_BYTES);
        sender.takeFlows(flows, MAX_FLOWS);
        for (DestinationFlow flow : flows) {
            byte[] bytes = flow.toByteArray();
            control.message(DeliverResponse.FLOWS_FIELD_NUMBER, bytes, 0, bytes.length);
        }
        flows.clear();
        for (Load load : sender.takeLoads()) {
            byte[] bytes = load.toByteArray();
            control.message(DeliverResponse.LOADS_FIELD_NUMBER, bytes, 0, bytes.length);
        }
        return control.size() > 0;
    }

    private void refuse(Error error) {
        if (closed) {
            return;
        }
        closed = true;
        StatusRuntimeException status = MeshError.toStatus(error);
        Metadata trailers = status.getTrailers();
        call.close(status.getStatus(), trailers == null ? new Metadata() : trailers);
        door.refused(error);
        detach();
    }

    private void detach() {
        InboundNode sender = node;
        node = null;
        if (sender != null) {
            sender.remove(this);
        }
    }
}
