package io.dray.bench.micro;

import com.google.protobuf.ByteString;
import io.dray.types.v1.Address;
import io.dray.types.v1.Envelope;

/** Envelopes as the SDK writes them. */
final class EnvelopeBytes {
    private static final long SESSION = 0x1234_5678_9abc_def0L;
    private static final long DEADLINE = 1_800_000_000_000_000L;

    private EnvelopeBytes() {}

    static byte[] of(int payloadBytes) {
        return Envelope.newBuilder()
                .setTo(Address.newBuilder().setAgent("sink"))
                .setFrom("source/k3v9@node-a")
                .setSession(SESSION)
                .setSequence(1_000_000)
                .setDeadlineUnixMicros(DEADLINE)
                .setPayload(ByteString.copyFrom(new byte[payloadBytes]))
                .build()
                .toByteArray();
    }
}
