package io.dray.agent;

import io.dray.agent.v1.AttachRequest;
import io.dray.agent.v1.AttachResponse;
import io.dray.agent.v1.Ring;
import io.dray.agent.v1.RingAnswer;
import io.dray.core.net.RingMemory;
import io.dray.core.net.RingReader;
import io.dray.core.net.RingWriter;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The memory that the sidecar shares with this agent, so that large frames need not go through the socket: one ring for
 * each direction of a stream, once the sidecar offers it. Loop only.
 */
final class Rings {
    /** Feature word of clients that map rings. */
    static final String FEATURE = "rings";

    private static final Logger LOGGER = LoggerFactory.getLogger(Rings.class);
    private static final String NAME = "dray-ring-";

    private @Nullable RingMemory fromAgent;
    private @Nullable RingMemory toAgent;
    private @Nullable RingWriter writer;
    private @Nullable RingReader reader;
    private boolean owesRoom;
    private boolean isCut;

    /** Maps what is offered; returns what to answer before any other frame. */
    AttachRequest onOffer(AttachResponse control) {
        var answers = AttachRequest.newBuilder();
        for (Ring ring : control.getRingsList()) {
            answers.addRingAnswers(
                    RingAnswer.newBuilder().setFromAgent(ring.getFromAgent()).setMapped(map(ring)));
        }
        return answers.build();
    }

    /** Whether a frame may be written; if not, the sidecar tells when, unless {@link #isCut}. */
    boolean hasRoom() {
        try {
            return !isCut && (writer == null || writer.hasRoom());
        } catch (InternalError _) {
            isCut = true;
            return false;
        }
    }

    /** Whether somebody cut a ring's file short, so that its stream must end: this is how the JVM tells of memory that is gone. */
    boolean isCut() {
        return isCut;
    }

    /** Writes a large frame to the ring, after {@link #hasRoom}, and leaves what stands for it in its place. */
    void write(OutFrame frame) {
        int length = frame.buffer.size();
        if (writer == null || length < RingWriter.LEAST_BYTES || !writer.takes(length)) {
            return;
        }
        try {
            writer.write(frame.buffer.bytes(), 0, length);
            writer.settle();
        } catch (InternalError _) {
            isCut = true;
            return;
        }
        frame.clear();
        frame.buffer.integer(AttachRequest.RING_FRAME_FIELD_NUMBER, length);
    }

    /**
     * Reads the frame that one stands for.
     *
     * @param length what {@link AttachResponse#getRingFrame} told
     * @return null when there cannot be such a frame
     */
    @Nullable
    InFrame read(int length) {
        if (reader == null || !reader.takes(length)) {
            return null;
        }
        InFrame frame = InFrame.empty(length);
        try {
            owesRoom |= reader.read(frame.bytes(), length);
        } catch (InternalError _) {
            frame.release();
            return null;
        }
        return frame;
    }

    /** Whether the sidecar waits to be told that the ring of its frames is half empty. */
    boolean owesRoom() {
        return owesRoom;
    }

    /** It is being told. */
    void saidRoom() {
        owesRoom = false;
    }

    /** The stream has ended, and its rings with it. */
    void close() {
        writer = null;
        reader = null;
        owesRoom = false;
        isCut = false;
        if (fromAgent != null) {
            fromAgent.close();
            fromAgent = null;
        }
        if (toAgent != null) {
            toAgent.close();
            toAgent = null;
        }
    }

    private boolean map(Ring ring) {
        if ((ring.getFromAgent() ? fromAgent : toAgent) != null) {
            return false;
        }
        try {
            Path file = Path.of(ring.getPath());
            if (!String.valueOf(file.getFileName()).startsWith(NAME)) {
                throw new IOException(file + " (expected: a file that begins with " + NAME + ")");
            }
            RingMemory memory = RingMemory.open(file, ring.getCapacity());
            if (ring.getFromAgent()) {
                fromAgent = memory;
                writer = new RingWriter(memory);
            } else {
                toAgent = memory;
                reader = new RingReader(memory);
            }
            return true;
        } catch (IOException | RuntimeException e) {
            // As in a container that has its own shared memory.
            LOGGER.debug("The sidecar's memory cannot be mapped; its socket carries all frames", e);
            return false;
        }
    }
}
