package io.dray.core.wire;

import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import org.jspecify.annotations.Nullable;

/** The strict walk over one envelope at the door: what it accepts, every protobuf parser reads in the same way. */
@SuppressWarnings("DoNotCallSuggester") // Bodies follow.
public final class EnvelopeWalker {
    private final WireLimits limits;

    /** Makes a walker with limits; thread-safe, since all state is in the header. */
    public EnvelopeWalker(WireLimits limits) {
        this.limits = limits;
    }

    /**
     * Fills a header from the bytes of an envelope (without tag and length). Allocates nothing.
     *
     * @return why the envelope is refused, or null when it is good; even then session and sequence are in the header
     *     if they could be read, so that a receipt can name it
     */
    public @Nullable Code walk(byte[] bytes, int offset, int length, Header header) {
        throw new UnsupportedOperationException("not yet " + limits);
    }

    /** Returns the error of a walk that was just refused, with value and expectation. */
    public Error explain(Code code, byte[] bytes, Header header) {
        throw new UnsupportedOperationException("not yet");
    }
}
