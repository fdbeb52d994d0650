package io.dray.sidecar.frame;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.dray.core.wire.FrameWalker;
import io.dray.core.wire.MeshError;
import io.dray.core.wire.WireLimits;
import io.dray.types.v1.Code;

/**
 * Reads the frames of one stream: checks the shape of a whole frame before anything of it is taken, parses what stands
 * beside the envelopes by the generated parser, then steps from envelope to envelope. Owned by the stream's loop.
 *
 * @param <M> the frame's message
 */
public final class FrameReader<M extends Message> {
    /** What looks at ranges of a frame. */
    public interface Ranges {
        /** Looks at one range. */
        void at(int start, int length);
    }

    /** Empty messages of two bytes each would become fifty times as large. */
    static final int MAX_CONTROL_FIELDS = 16_384;

    /** Room for fields of newer versions; more costs a copy, and what is compressed can have any amount of it. */
    static final int MAX_UNKNOWN_BYTES = 64 * 1024;

    private final int envelopesField;
    private final int chunksField;
    private final Parser<M> parser;
    private final M none;
    private final WireLimits limits;
    private final FrameWalker walker = new FrameWalker();
    private int envelopes;
    private int controls;
    private int chunks;
    private int controlBytes;
    private int unknownBytes;

    /**
     * Creates a reader.
     *
     * @param envelopesField number of the field that is not parsed
     * @param chunksField number of the other field that is not parsed
     * @param parser of the whole message
     * @param none what {@link #read} returns, without parsing, when there is nothing beside the envelopes
     */
    public FrameReader(int envelopesField, int chunksField, Parser<M> parser, M none, WireLimits limits) {
        this.envelopesField = envelopesField;
        this.chunksField = chunksField;
        this.parser = parser;
        this.none = none;
        this.limits = limits;
    }

    /**
     * Checks a frame and parses all its fields but the envelopes.
     *
     * @throws io.grpc.StatusRuntimeException when the frame is not valid or breaks a limit; nothing of it counts then
     */
    public M read(Frame frame) {
        envelopes = 0;
        controls = 0;
        chunks = 0;
        controlBytes = 0;
        unknownBytes = 0;
        OutboundFrame control = null;
        walker.start(frame.bytes(), 0, frame.length());
        while (walker.next()) {
            if (walker.field() == envelopesField) {
                countEnvelope(frame);
            } else if (walker.field() == chunksField) {
                countControl();
                chunks++;
            } else {
                countControl();
                countBytes(frame);
                control = control == null ? new OutboundFrame() : control;
                control.add(frame.bytes(), walker.fieldStart(), walker.fieldEnd() - walker.fieldStart());
            }
        }
        if (walker.isRefused()) {
            throw badFrame("the field at byte " + walker.position() + " is not valid", frame);
        }
        return control == null ? none : parsed(control, frame);
    }

    /** Whether the frame that was read holds one field, once, and it is no envelope: what must stand alone. */
    public boolean holdsOneControlFieldAlone() {
        return controls == 1 && envelopes == 0;
    }

    /** Whether the frame that was read holds one envelope and next to nothing beside it: what may be large. */
    public boolean holdsOneEnvelopeAlone() {
        return envelopes == 1 && chunks == 0 && controlBytes <= MAX_UNKNOWN_BYTES;
    }

    /** Chunks in the frame that was read. */
    public int chunks() {
        return chunks;
    }

    /**
     * Goes through the chunks of a frame that was read.
     *
     * @throws io.grpc.StatusRuntimeException when one is not valid; those before it are taken
     */
    public void eachChunk(Frame frame, Ranges each) {
        rewind(frame);
        while (walker.next()) {
            if (walker.field() == chunksField) {
                if (walker.wireType() != FrameWalker.LENGTH_DELIMITED) {
                    throw badFrame("a chunk with wire type " + walker.wireType(), frame);
                }
                each.at(walker.contentStart(), walker.contentLength());
            }
        }
    }

    /** Goes back to the first envelope of a frame that was read. */
    public void rewind(Frame frame) {
        walker.start(frame.bytes(), 0, frame.length());
    }

    /** Goes to the next envelope; false at the end of the frame. */
    public boolean nextEnvelope() {
        while (walker.next()) {
            if (walker.field() == envelopesField) {
                return true;
            }
        }
        return false;
    }

    /** Where the present envelope's range starts, tag included. */
    public int rangeStart() {
        return walker.fieldStart();
    }

    /** Where the present envelope itself starts. */
    public int envelopeStart() {
        return walker.contentStart();
    }

    /** Length of the present envelope itself. */
    public int envelopeLength() {
        return walker.contentLength();
    }

    private void countEnvelope(Frame frame) {
        if (walker.wireType() != FrameWalker.LENGTH_DELIMITED) {
            throw badFrame("an envelope with wire type " + walker.wireType(), frame);
        }
        int most = limits.maxEnvelopesPerFrame();
        if (++envelopes > most) {
            throw refusal(Code.CODE_TOO_MANY, "a frame with too many envelopes", "over " + most, "at most " + most);
        }
        if (envelopes > 1 && frame.length() > limits.maxFrameBytes()) {
            throw refusal(
                    Code.CODE_TOO_LARGE,
                    "a large frame with more than one envelope",
                    frame.length() + " B",
                    "at most " + limits.maxFrameBytes() + " B, or one envelope alone");
        }
    }

    private void countControl() {
        if (++controls > MAX_CONTROL_FIELDS) {
            throw refusal(
                    Code.CODE_TOO_MANY,
                    "a frame with too many fields beside its envelopes",
                    "over " + MAX_CONTROL_FIELDS,
                    "at most " + MAX_CONTROL_FIELDS);
        }
    }

    private void countBytes(Frame frame) {
        int length = walker.fieldEnd() - walker.fieldStart();
        controlBytes += length;
        if (none.getDescriptorForType().findFieldByNumber(walker.field()) == null) {
            unknownBytes += length;
        }
        if (unknownBytes > MAX_UNKNOWN_BYTES) {
            throw badFrame("over " + MAX_UNKNOWN_BYTES + " B of fields that nobody knows", frame);
        }
    }

    private M parsed(OutboundFrame control, Frame frame) {
        try {
            return parser.parseFrom(control.toByteArray());
        } catch (InvalidProtocolBufferException e) {
            throw badFrame(String.valueOf(e.getMessage()), frame);
        }
    }

    private static RuntimeException badFrame(String why, Frame frame) {
        return refusal(
                Code.CODE_BAD_FRAME,
                "the stream message breaks the rules of frames: " + why,
                frame.length() + " B",
                "a protobuf message of the stream's type");
    }

    private static RuntimeException refusal(Code code, String message, String value, String expected) {
        return MeshError.toStatus(MeshError.of(code, message, value, expected));
    }
}
