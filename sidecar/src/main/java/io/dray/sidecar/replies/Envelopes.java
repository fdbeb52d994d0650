package io.dray.sidecar.replies;

import com.google.protobuf.UnsafeByteOperations;
import io.dray.types.v1.Envelope;
import java.io.IOException;

/** Reads envelopes that passed the door. */
final class Envelopes {
    private Envelopes() {}

    /** Parses one; its payload stays in the array, which must not change while it is used. */
    static Envelope of(byte[] bytes, int offset, int length) {
        var input = UnsafeByteOperations.unsafeWrap(bytes, offset, length).newCodedInput();
        input.enableAliasing(true);
        try {
            return Envelope.parseFrom(input);
        } catch (IOException e) {
            throw new IllegalStateException("an envelope that passed the door is not valid", e);
        }
    }
}
