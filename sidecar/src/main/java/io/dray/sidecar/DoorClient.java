package io.dray.sidecar;

import com.google.protobuf.InvalidProtocolBufferException;
import io.dray.agent.v1.Answer;
import io.dray.agent.v1.Assignment;
import io.dray.agent.v1.AttachResponse;
import io.dray.agent.v1.Attempt;
import io.dray.core.net.DeferredDrain;
import io.dray.core.wire.InstanceName;
import io.dray.core.wire.MeshError;
import io.dray.sidecar.frame.Frame;
import io.dray.sidecar.frame.FrameLimits;
import io.dray.sidecar.frame.OutboundFrame;
import io.dray.sidecar.frame.ProtoWriter;
import io.dray.sidecar.local.Attachment;
import io.dray.sidecar.local.Identity;
import io.dray.sidecar.local.LocalAgent;
import io.dray.sidecar.queue.Refusals;
import io.dray.types.v1.BlobWindow;
import io.dray.types.v1.Code;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Error;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client of the unary door: an instance of its own inside the sidecar, attached by calls instead of a stream.
 *
 * <p>Owned by the loop of its call; what the mesh says to it arrives there as the frames that a stream would carry.
 */
final class DoorClient implements Attachment, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DoorClient.class);

    /** Agent name of all clients of the unary door. */
    static final String AGENT = "door";

    /** What a frame may hold if there is room for more than its first envelope. */
    private static final long FRAME_BYTES = 32 * 1024;

    /** What hears the frames. */
    interface Listener {
        /**
         * Called on the loop, never concurrently.
         *
         * @return whether it goes on holding the room of the frame's envelopes in the place
         */
        boolean onFrame(AttachResponse frame);

        /** The sidecar ends the client. */
        void onEnd(Error error);
    }

    private final DoorContext context;
    private final Listener listener;
    private final LocalAgent agent;
    private final EnvelopeDoor door;
    private final DoorPlaces.Place place;
    private final long attachment;
    private final AgentFrameWriter writer;
    private final DeferredDrain drain;
    private long lastSequence;
    private boolean closed;

    DoorClient(DoorContext context, String principal, Executor loop, DoorPlaces.Place place, Listener listener) {
        this.context = context;
        this.place = place;
        this.listener = listener;
        var name = new InstanceName(AGENT, Suffixes.random(), context.node());
        this.agent = context.add(
                new Identity(name, context.newSession(), principal, List.of(), Map.of(), 0, Set.of(), false, false));
        this.door = new EnvelopeDoor(agent, context.forwarder(), context.limits(), context.blobs(), context.replies());
        this.drain = new DeferredDrain(loop, this::drain);
        this.attachment = agent.bind(this, null);
        this.writer = new AgentFrameWriter(agent, attachment, context.times(), FrameLimits.DEFAULT);
    }

    LocalAgent agent() {
        return agent;
    }

    /** Starts an envelope with the fields that only the sender's side knows. */
    Envelope.Builder envelope() {
        return Envelope.newBuilder()
                .setFrom(agent.instance())
                .setSession(agent.identity().session())
                .setSequence(++lastSequence);
    }

    /** Sends, or sends again, an envelope through the same strict door as everybody's. */
    void send(Envelope envelope) {
        byte[] content = envelope.toByteArray();
        var range = new ProtoWriter();
        range.message(AttachResponse.ENVELOPES_FIELD_NUMBER, content, 0, content.length);
        byte[] bytes = Arrays.copyOf(range.bytes(), range.size());
        Frame frame = Frame.of(bytes, System.nanoTime());
        door.accept(frame, 0, bytes.length - content.length, content.length, context.nowMicros());
        door.flush();
        frame.release();
    }

    @Override
    public void wake() {
        drain.request();
    }

    @Override
    public void end(Error error) {
        listener.onEnd(error);
    }

    @Override
    public void assign(Assignment assignment) {
        throw new IllegalStateException("a client of the unary door is no worker");
    }

    @Override
    public void cancel(Attempt attempt) {
        // It never has an attempt.
    }

    @Override
    public void answer(Answer answer) {
        // It never has an attempt.
    }

    @Override
    public void finished(Attempt attempt) {
        // It never has an attempt.
    }

    @Override
    public void allow(BlobWindow window) {
        // What it sends stands whole in its envelopes.
    }

    @Override
    public long nanosSinceHeard() {
        return 0;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        place.stopWaiting();
        agent.unbind(this);
        context.remove(agent, Refusals.nodeLost("the client of the unary door left"));
    }

    private void drain() {
        if (closed) {
            return;
        }
        try {
            listen();
        } catch (RuntimeException e) {
            log.error("a call of the unary door failed", e);
            listener.onEnd(MeshError.of(Code.CODE_INTERNAL, "the sidecar failed on this call; see its log", "", ""));
        }
    }

    private void listen() {
        boolean hasMore = true;
        while (hasMore && !closed) {
            hasMore = listenOnce();
        }
        agent.mailbox().settle();
    }

    /** Room is held before an envelope is taken; what finds none stays in the mailbox, which is bounded. */
    private boolean listenOnce() {
        long room = room(agent.mailbox().nextBytes(attachment));
        OutboundFrame frame = closed ? null : writer.next(null, context.nowMicros(), room);
        if (frame == null) {
            place.giveBack(room);
            // What was taken had expired, and a larger one stands behind it.
            return room > 0 && !closed && agent.mailbox().nextBytes(attachment) > room;
        }
        byte[] bytes = frame.toByteArray();
        writer.clear();
        AttachResponse content = parsed(bytes);
        long held = content.getEnvelopesCount() == 0 ? 0 : Math.min(room, bytes.length);
        place.giveBack(room - held);
        if (!listener.onFrame(content)) {
            place.giveBack(held);
        }
        return true;
    }

    private long room(long next) {
        if (next > place.mostBytes()) {
            listener.onEnd(DoorPlaces.full(next));
            return 0;
        }
        return next == 0 ? 0 : place.hold(next, FRAME_BYTES, this::wake);
    }

    private static AttachResponse parsed(byte[] bytes) {
        try {
            return AttachResponse.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a frame that passed the door is not valid", e);
        }
    }
}
