package io.dray.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.types.v1.Code;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Priority;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HeadMemoTest {
    private static final int ROUNDS = 100_000;

    private final EnvelopeWalker walker = new EnvelopeWalker(WireLimits.DEFAULT);
    private final Header header = new Header();
    private final Header fresh = new Header();

    @Test
    void repeatsAHeadWithOtherNumbersAndAnotherPayload() {
        walk(envelope(1, 5).setPayload(payload(100)).build());
        assertThat(header.isRepeated()).isFalse();

        walk(envelope(2, 6).setPayload(payload(100)).build());
        assertThat(header.isRepeated()).isTrue();

        walk(envelope(3, 7).setPayload(payload(7_000)).build());
        assertThat(header.isRepeated()).isTrue();
    }

    @Test
    void walksAnotherHead() {
        walk(envelope(1, 5).setPayload(payload(10)).build());

        walk(envelope(2, 6)
                .setPriority(Priority.PRIORITY_CRITICAL)
                .setPayload(payload(10))
                .build());

        assertThat(header.isRepeated()).isFalse();
        assertThat(header.priority()).isEqualTo(1);
    }

    @Test
    void walksAfterItWasToldToForget() {
        walk(envelope(1, 5).setPayload(payload(10)).build());
        header.forget();

        walk(envelope(2, 6).setPayload(payload(10)).build());

        assertThat(header.isRepeated()).isFalse();
    }

    @Test
    void readsWhatAFreshWalkReadsWhateverCameBefore() {
        long seed = System.nanoTime();
        System.out.println("HeadMemoTest.readsWhatAFreshWalkReadsWhateverCameBefore seed " + seed);
        var random = new Random(seed);
        var envelopes = new RandomEnvelopes(seed);
        int repeated = 0;
        int refused = 0;
        byte[] last = envelopes.next().toByteArray();
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = random.nextInt(8) == 0 ? envelopes.next().toByteArray() : last.clone();
            last = bytes.clone();
            if (bytes.length > 0 && random.nextInt(3) > 0) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            int length = random.nextInt(20) == 0 ? random.nextInt(bytes.length + 1) : bytes.length;

            Code code = assertSameAsFresh(bytes, length, random.nextInt(9), "seed " + seed + ", round " + round);

            repeated += header.isRepeated() && code == null ? 1 : 0;
            refused += code != null ? 1 : 0;
        }
        // All sides must be met, or the test says nothing.
        assertThat(repeated).isGreaterThan(ROUNDS / 100);
        assertThat(refused).isGreaterThan(ROUNDS / 100);
    }

    private @Nullable Code assertSameAsFresh(byte[] bytes, int length, int offset, String where) {
        byte[] framed = new byte[offset + bytes.length + 3];
        System.arraycopy(bytes, 0, framed, offset, bytes.length);
        fresh.forget();
        Code expected = walker.walk(framed, offset, length, fresh);

        Code code = walker.walk(framed, offset, length, header);

        assertThat(code).as(where).isEqualTo(expected);
        assertThat(numbers(header)).as(where).isEqualTo(numbers(fresh));
        return code;
    }

    private static String numbers(Header of) {
        return Arrays.toString(new long[] {
            of.addressKind(),
            of.addressOffset(),
            of.addressLength(),
            of.toOffset(),
            of.toLength(),
            of.fromLength() == 0 ? 0 : of.fromOffset(),
            of.fromLength(),
            of.session(),
            of.sequence(),
            of.deadlineUnixMicros(),
            of.priority(),
            of.deliveryClass(),
            of.receipt(),
            of.hops(),
            of.kind(),
            of.ordinal(),
            of.orderingKeyLength() == 0 ? 0 : of.orderingKeyOffset(),
            of.orderingKeyLength(),
            of.deliverAtUnixMicros(),
            of.blob(),
            of.blobBytes(),
            of.payloadEncoding(),
            of.causeSession(),
            of.causeSequence(),
            of.payloadOffset(),
            of.payloadLength(),
            of.envelopeOffset(),
            of.envelopeBytes(),
            of.headerBytes()
        });
    }

    private void walk(Envelope envelope) {
        byte[] bytes = envelope.toByteArray();
        assertThat(walker.walk(bytes, 0, bytes.length, header)).isNull();
        assertThat(header.sequence()).isEqualTo(envelope.getSequence());
        assertThat(header.ordinal()).isEqualTo(envelope.getOrdinal());
        assertThat(header.payloadLength()).isEqualTo(envelope.getPayload().size());
    }

    private static Envelope.Builder envelope(long sequence, long ordinal) {
        return Envelope.newBuilder()
                .setTo(Addresses.agent("digester"))
                .setFrom("reader/1@alpha")
                .setSession(77)
                .setSequence(sequence)
                .setDeadlineUnixMicros(1_800_000_000_000_000L + sequence)
                .setOrdinal(ordinal)
                .setType("demo.Document");
    }

    private static ByteString payload(int bytes) {
        return ByteString.copyFrom(new byte[bytes]);
    }
}
