package io.dray.sidecar;

import io.dray.agent.v1.AttachRequest;
import io.dray.agent.v1.AttachResponse;
import io.dray.agent.v1.Ring;
import io.dray.agent.v1.RingAnswer;
import io.dray.core.net.RingReader;
import io.dray.core.net.RingWriter;
import io.dray.core.wire.FrameWalker;
import io.dray.core.wire.MeshError;
import io.dray.sidecar.frame.Frame;
import io.dray.sidecar.frame.OutboundFrame;
import io.dray.sidecar.frame.ProtoWriter;
import io.dray.types.v1.Code;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rings of one stream, one for each direction. One is offered to the agent once as much as it holds went through the
 * socket in large frames; until the agent has mapped it, and for small frames always, the socket is used.
 *
 * <pre>
 *   SOCKET --offer--> OFFERED --mapped--> RING
 *      ^                 +--not mapped--> SOCKET for good
 * </pre>
 *
 * <p>Owned by the stream's loop. The agent's counters are not trusted: what cannot be ends the stream.
 */
final class StreamRings {
    private static final Logger log = LoggerFactory.getLogger(StreamRings.class);
    private static final int TAG = AttachRequest.RING_FRAME_FIELD_NUMBER << 3;
    private static final int MOST_POINTER_BYTES = 6;

    private final Rings rings;
    private final Consumer<Ring> offer;
    private final FrameWalker walker = new FrameWalker();
    private final ProtoWriter pointer = new ProtoWriter();
    private final OutboundFrame pointerFrame = new OutboundFrame();
    private final Way fromAgent = new Way(true);
    private final Way toAgent = new Way(false);
    private @Nullable RingReader reader;
    private @Nullable RingWriter writer;
    private boolean wanted;
    private boolean owesRoom;

    /**
     * Makes it without a ring.
     *
     * @param offer tells the agent of a ring
     */
    StreamRings(Rings rings, Consumer<Ring> offer) {
        this.rings = rings;
        this.offer = offer;
    }

    /** The agent takes offers. */
    void want() {
        wanted = true;
    }

    /**
     * Reads the frame that the given one stands for.
     *
     * @return that frame, to be released by the caller; null when the given one stands for itself
     */
    @Nullable
    Frame read(Frame arrived) {
        int length = lengthIn(arrived);
        if (length == 0) {
            fromAgent.carried(arrived.length());
            return null;
        }
        RingReader ring = reader;
        if (ring == null || !ring.takes(length)) {
            throw notValid("a frame of " + length + " bytes", "a length that fits the ring of frames from the agent");
        }
        Frame frame = rings.pool().empty(length, arrived.arrivedNanos());
        try {
            owesRoom |= ring.read(frame.bytes(), length);
        } catch (InternalError e) {
            frame.release();
            throw cut(e);
        }
        rings.onRead();
        return frame;
    }

    /** Whether the agent waits to be told that the ring of its frames is half empty. */
    boolean owesRoom() {
        return owesRoom;
    }

    /** It is being told. */
    void saidRoom() {
        owesRoom = false;
    }

    /** Whether a frame may be written; if not, the agent tells when. */
    boolean hasRoom() {
        RingWriter ring = writer;
        try {
            return ring == null || ring.hasRoom();
        } catch (IllegalStateException e) {
            throw notValid(String.valueOf(e.getMessage()), "what the reader of a ring has read of it");
        } catch (InternalError e) {
            throw cut(e);
        }
    }

    /** Writes a frame to the ring, after {@link #hasRoom}; returns what is to be sent: what stands for it, or itself. */
    OutboundFrame write(OutboundFrame frame) {
        RingWriter ring = writer;
        int length = frame.size();
        if (ring == null) {
            toAgent.carried(length);
            return frame;
        }
        if (length < RingWriter.LEAST_BYTES || !ring.takes(length)) {
            return frame;
        }
        try {
            frame.eachRange(ring::write);
            ring.settle();
        } catch (InternalError e) {
            throw cut(e);
        }
        rings.onWritten();
        pointer.clear();
        pointer.integer(AttachResponse.RING_FRAME_FIELD_NUMBER, length);
        pointerFrame.clear();
        pointerFrame.add(pointer.bytes(), 0, pointer.size());
        return pointerFrame;
    }

    /** The agent has mapped a ring, or has not. */
    void onAnswer(RingAnswer answer) {
        Way way = answer.getFromAgent() ? fromAgent : toAgent;
        Rings.Made made = way.offered();
        if (made == null) {
            throw notValid("an answer to a ring", "one answer to each that was offered");
        }
        if (!answer.getMapped()) {
            log.info("an agent of another user or container cannot map {}; its socket carries all frames", made.file());
            way.close();
        } else if (answer.getFromAgent()) {
            reader = new RingReader(made.memory());
        } else {
            writer = new RingWriter(made.memory());
        }
    }

    /** Gives all memory back. */
    void close() {
        reader = null;
        writer = null;
        fromAgent.close();
        toAgent.close();
    }

    /** A frame that stands for another one holds its length and nothing else. */
    private int lengthIn(Frame frame) {
        if (frame.length() > MOST_POINTER_BYTES || frame.length() == 0 || frame.bytes()[0] != TAG) {
            return 0;
        }
        walker.start(frame.bytes(), 0, frame.length());
        boolean alone = walker.next() && walker.fieldEnd() == frame.length();
        return alone ? Math.clamp(walker.number(), 0, Integer.MAX_VALUE) : 0;
    }

    static RuntimeException notValid(String value, String expected) {
        return MeshError.toStatus(
                MeshError.of(Code.CODE_BAD_FRAME, "the agent breaks the rules of rings", value, expected));
    }

    private static RuntimeException cut(InternalError fault) {
        return notValid("a file that was cut short: " + fault.getMessage(), "the file as it was made");
    }

    /** One direction. */
    private final class Way {
        private final boolean isFromAgent;
        private Rings.@Nullable Made made;
        private boolean answered;
        private long carriedBytes;

        Way(boolean isFromAgent) {
            this.isFromAgent = isFromAgent;
        }

        /** Counts a frame that went through the socket. */
        void carried(int length) {
            if (!wanted || made != null || length < RingWriter.LEAST_BYTES) {
                return;
            }
            carriedBytes += length;
            if (carriedBytes < Rings.CAPACITY) {
                return;
            }
            carriedBytes = 0;
            Rings.Made ring = rings.make();
            made = ring;
            if (ring != null) {
                offer.accept(Ring.newBuilder()
                        .setFromAgent(isFromAgent)
                        .setPath(ring.file().toString())
                        .setCapacity(Rings.CAPACITY)
                        .build());
            }
        }

        /** Returns the ring that the agent answers to for the first time; nobody else maps it from then on. */
        Rings.@Nullable Made offered() {
            Rings.Made ring = made;
            if (ring == null || answered) {
                return null;
            }
            answered = true;
            Rings.delete(ring.file());
            return ring;
        }

        void close() {
            Rings.Made ring = made;
            if (ring != null) {
                made = null;
                wanted = false;
                Rings.delete(ring.file());
                ring.memory().close();
                rings.release();
            }
        }
    }
}
