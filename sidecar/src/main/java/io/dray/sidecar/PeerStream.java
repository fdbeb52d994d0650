package io.dray.sidecar;

import io.dray.core.net.DeferredDrain;
import io.dray.core.wire.EnvelopeWalker;
import io.dray.core.wire.Header;
import io.dray.core.wire.MeshError;
import io.dray.peer.v1.DeliverRequest;
import io.dray.peer.v1.LinkHello;
import io.dray.peer.v1.StreamKind;
import io.dray.sidecar.blob.Blob;
import io.dray.sidecar.blob.ChunkView;
import io.dray.sidecar.frame.Frame;
import io.dray.sidecar.frame.FrameReader;
import io.dray.sidecar.frame.OutboundFrame;
import io.dray.sidecar.queue.Destination;
import io.dray.sidecar.queue.Levels;
import io.dray.sidecar.queue.Micros;
import io.dray.sidecar.queue.Parcel;
import io.dray.sidecar.queue.Refusals;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.dray.types.v1.Kind;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** One stream of a link from a peer: envelopes in, receipts and flows out. Owned by the loop of its connection. */
final class PeerStream extends ServerCall.Listener<Frame> {
    private static final int REPLY = Kind.KIND_REPLY_VALUE;

    private static final DeliverRequest NO_CONTROL = DeliverRequest.getDefaultInstance();

    private final ServerCall<Frame, OutboundFrame> call;
    private final PeerDoor door;
    private final DeferredDrain drain;
    private final StreamEnd end;
    private final FrameReader<DeliverRequest> frames;
    private final EnvelopeWalker walker;
    private final Header header = new Header();
    private final Parcel parcel = new Parcel();
    private final FrameNotes notes = new FrameNotes();
    private final ReadTurns turns;
    private final ParcelReader reader = new ParcelReader();
    private final PeerFrameWriter writer = new PeerFrameWriter();
    private final ChunkView chunk = new ChunkView();
    private volatile boolean urgent;
    private boolean bulk;
    private @Nullable InboundNode node;
    private boolean isRunOpen;

    PeerStream(ServerCall<Frame, OutboundFrame> call, ScheduledExecutorService loop, PeerDoor door) {
        this.call = call;
        this.door = door;
        this.end = new StreamEnd(call, door::refused, this::detach);
        this.frames = new FrameReader<>(
                DeliverRequest.ENVELOPES_FIELD_NUMBER,
                DeliverRequest.CHUNKS_FIELD_NUMBER,
                DeliverRequest.parser(),
                NO_CONTROL,
                door.limits());
        this.walker = new EnvelopeWalker(door.limits());
        this.drain = new DeferredDrain(loop, this::drain);
        this.turns = door.turns(loop);
        call.sendHeaders(new Metadata());
        // One at a time: those that were asked for come in the same turn.
        call.request(1);
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
            end.guard(() -> onFrame(frame));
        } finally {
            frame.release();
        }
        turns.readOn(this::request);
    }

    private void request() {
        if (!end.hasCome()) {
            call.request(1);
        }
    }

    @Override
    public void onReady() {
        drain.request();
    }

    @Override
    public void onHalfClose() {
        end.complete();
    }

    @Override
    public void onCancel() {
        end.cancelled();
    }

    private void onFrame(Frame frame) {
        DeliverRequest request = frames.read(frame);
        InboundNode sender = node;
        if (sender == null) {
            onFirst(request);
        } else if (request.hasHello()) {
            throw refusal(Code.CODE_HELLO_EXPECTED, "a second hello", "hello", "no hello after the first frame");
        } else if (request.hasCompressed()) {
            onCompressed(request, frame, sender);
        } else {
            onEnvelopes(request, frame, sender);
        }
    }

    private void onFirst(DeliverRequest request) {
        LinkHello hello = request.getHello();
        if (request.hasHello() && !frames.holdsOneControlFieldAlone()) {
            throw refusal(
                    Code.CODE_HELLO_EXPECTED,
                    "the first frame holds more than the hello",
                    "hello and others",
                    "hello alone");
        }
        node = door.welcome(request);
        urgent = hello.getKind() == StreamKind.STREAM_KIND_URGENT;
        bulk = hello.getKind() == StreamKind.STREAM_KIND_BULK;
        byte[] welcome = door.welcomeFrame().toByteArray();
        call.sendMessage(OutboundFrame.of(welcome));
        node.add(this);
    }

    /** Sizes, ratio and window are checked before memory is taken. */
    private void onCompressed(DeliverRequest outer, Frame frame, InboundNode sender) {
        if (!frames.holdsOneControlFieldAlone()) {
            throw refusal(
                    Code.CODE_BAD_FRAME,
                    "a compressed frame holds more than the compressed one",
                    "compressed and others",
                    "compressed alone");
        }
        Frame raw = door.decompressed(outer.getCompressed(), frame.arrivedNanos(), turns);
        try {
            DeliverRequest inner = frames.read(raw);
            if (raw.length() > door.limits().maxFrameBytes() && !frames.holdsOneEnvelopeAlone()) {
                throw refusal(
                        Code.CODE_BAD_FRAME,
                        "a large compressed frame holds more than one envelope with its notes",
                        raw.length() + " B",
                        "at most " + door.limits().maxFrameBytes() + " B, or one envelope alone");
            }
            if (inner.hasCompressed() || inner.hasHello()) {
                throw refusal(
                        Code.CODE_BAD_COMPRESSION, "a compressed frame holds another one or a hello", "", "envelopes");
            }
            onEnvelopes(inner, raw, sender);
        } finally {
            raw.release();
        }
    }

    private void onEnvelopes(DeliverRequest request, Frame frame, InboundNode sender) {
        if (frames.chunks() > 0) {
            onChunks(frame, sender);
        }
        notes.read(request.getNotesList());
        frames.rewind(frame);
        int index = 0;
        while (frames.nextEnvelope()) {
            accept(frame, index++, sender);
        }
        flush(sender);
        writer.taken(index);
        drain.request();
    }

    private void onChunks(Frame frame, InboundNode sender) {
        if (!bulk) {
            throw refusal(
                    Code.CODE_BAD_FRAME,
                    "chunks on a stream that is not for them",
                    "chunks",
                    "chunks on the bulk stream");
        }
        frames.eachChunk(frame, (start, length) -> {
            if (!chunk.read(frame, start, length)) {
                throw ChunkView.notValid(length);
            }
            door.blobs().chunk(sender, chunk.session(), chunk);
        });
    }

    private void accept(Frame frame, int index, InboundNode sender) {
        byte[] bytes = frame.bytes();
        Code code = walker.walk(bytes, frames.envelopeStart(), frames.envelopeLength(), header);
        Error error = code == null ? sender.check(bytes, header) : walker.explain(code, bytes, header);
        if (error != null) {
            header.forget();
            flush(sender);
            refuse(error, sender);
            return;
        }
        if (header.kind() == REPLY && door.replies().isConcerned(header)) {
            door.replies().onReply(header, bytes);
        }
        if (isRunOpen && header.isRepeated() && extend(frame, index)) {
            return;
        }
        flush(sender);
        reader.read(frame, frames.rangeStart(), frames.envelopeStart(), frames.envelopeLength(), header, parcel);
        parcel.origin = parcel.destination.kind() == Destination.TOPIC ? sender.publications() : sender;
        parcel.hop = notes.hop(index);
        long deadline = Micros.ofWire(notes.deadlineMicros(index));
        if (deadline != 0) {
            parcel.deadlineMicros = deadline;
            parcel.deadlineShifted = true;
        }
        if (header.blob() == 0) {
            isRunOpen = true;
        } else {
            deliverLarge(sender);
        }
    }

    private boolean extend(Frame frame, int index) {
        int offset = frames.rangeStart();
        return parcel.session == header.session()
                && parcel.hop == notes.hop(index)
                && notes.deadlineMicros(index) == 0
                && parcel.extend(
                        frame,
                        offset,
                        frames.envelopeStart() + frames.envelopeLength() - offset,
                        frames.envelopeLength(),
                        header.sequence(),
                        header.ordinal(),
                        Micros.ofWire(header.deadlineUnixMicros()));
    }

    private void flush(InboundNode sender) {
        if (!isRunOpen) {
            return;
        }
        isRunOpen = false;
        if (parcel.expired(door.nowMicros())) {
            Refusals.expired(parcel);
        } else {
            door.deliver(parcel, sender);
        }
    }

    private void deliverLarge(InboundNode sender) {
        if (parcel.expired(door.nowMicros())) {
            Refusals.expired(parcel);
            return;
        }
        Blob blob = door.blobs().open(parcel, header, sender, true);
        if (blob != null) {
            door.deliver(parcel, sender);
            blob.routed();
        }
    }

    /** Refuses one envelope; without a session there is nobody to tell, so the stream ends instead. */
    private void refuse(Error error, InboundNode sender) {
        if (header.session() == 0) {
            throw MeshError.toStatus(error);
        }
        door.refused(error);
        sender.receipt(header.session(), header.sequence(), Levels.REFUSED, error);
    }

    private void drain() {
        InboundNode sender = node;
        if (sender != null) {
            end.guard(() -> write(sender));
        }
    }

    private void write(InboundNode sender) {
        while (call.isReady()) {
            OutboundFrame frame = writer.next(sender);
            if (frame == null) {
                return;
            }
            call.sendMessage(frame);
        }
    }

    private static StatusRuntimeException refusal(Code code, String message, String value, String expected) {
        return MeshError.toStatus(MeshError.of(code, message, value, expected));
    }

    private void detach() {
        InboundNode sender = node;
        node = null;
        if (sender != null) {
            sender.remove(this);
            if (bulk) {
                door.blobs().ownerLost(sender, Refusals.nodeLost("the link of the sender's node ended"), true);
            }
        }
    }
}
