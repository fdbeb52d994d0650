package io.dray.bench.micro;

import com.google.protobuf.InvalidProtocolBufferException;
import io.dray.core.wire.EnvelopeWalker;
import io.dray.core.wire.Header;
import io.dray.core.wire.WireLimits;
import io.dray.types.v1.Code;
import io.dray.types.v1.Envelope;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The walk that a sidecar takes over each envelope, beside the generated parser that it takes the place of. */
@State(Scope.Thread)
public class CodecBench {
    /** Size of the payload. */
    @Param({"100", "1000", "10000"})
    public int payloadBytes;

    private final EnvelopeWalker walker = new EnvelopeWalker(WireLimits.DEFAULT);
    private final Header header = new Header();
    private byte[] envelope = new byte[0];

    /** Writes the envelope, and refuses to measure one that the walker refuses. */
    @Setup
    public void write() {
        envelope = EnvelopeBytes.of(payloadBytes);
        Code code = walkAnother();
        if (code != null) {
            throw new IllegalStateException("walk: " + code + " (expected: the envelope is good)");
        }
    }

    /**
     * Walks the envelope as one whose head is another than that of the one before.
     *
     * @return null, since it is good
     */
    @Benchmark
    public @Nullable Code walkAnother() {
        header.forget();
        return walker.walk(envelope, 0, envelope.length, header);
    }

    /**
     * Walks the envelope as one whose head is that of the one before.
     *
     * @return null, since it is good
     */
    @Benchmark
    public @Nullable Code walkRepeated() {
        return walker.walk(envelope, 0, envelope.length, header);
    }

    /**
     * Parses the envelope into objects.
     *
     * @return the message
     * @throws InvalidProtocolBufferException never
     */
    @Benchmark
    public Envelope parse() throws InvalidProtocolBufferException {
        return Envelope.parseFrom(envelope);
    }
}
