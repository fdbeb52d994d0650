package io.dray.sidecar.frame;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.dray.core.wire.FrameWalker;

/** Reads what stands beside the envelopes of a frame with the generated parser. */
public final class ControlFields {
    /** Empty messages of two bytes each would become fifty times as large. */
    private static final int MAX_FIELDS = 16_384;

    private ControlFields() {}

    /**
     * Checks the shape of a whole frame and parses all its fields but the envelopes.
     *
     * @param envelopes number of the field to leave out
     * @param none returned, without parsing, when there is nothing else
     * @throws InvalidProtocolBufferException when the frame is not protobuf
     */
    public static <M extends MessageLite> M parse(
            FrameWalker walker, Frame frame, int envelopes, Parser<M> parser, M none)
            throws InvalidProtocolBufferException {
        OutboundFrame control = null;
        int controls = 0;
        walker.start(frame.bytes(), 0, frame.length());
        while (walker.next()) {
            boolean envelope = walker.field() == envelopes;
            if (envelope && walker.wireType() != FrameWalker.LENGTH_DELIMITED) {
                throw new InvalidProtocolBufferException("an envelope with wire type " + walker.wireType());
            }
            if (!envelope) {
                if (++controls > MAX_FIELDS) {
                    throw new InvalidProtocolBufferException("more than " + MAX_FIELDS + " fields beside envelopes");
                }
                control = control == null ? new OutboundFrame() : control;
                control.add(frame.bytes(), walker.fieldStart(), walker.fieldEnd() - walker.fieldStart());
            }
        }
        if (walker.isRefused()) {
            throw new InvalidProtocolBufferException("the field at byte " + walker.position() + " is not valid");
        }
        return control == null ? none : parser.parseFrom(control.toByteArray());
    }
}
