package io.dray.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.sun.management.ThreadMXBean;
import io.dray.types.v1.Address;
import io.dray.types.v1.Code;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Error;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EnvelopeWalkerTest {
    private static final int MUTATIONS = 100_000;
    private static final Envelope GOOD = Envelope.newBuilder()
            .setTo(Addresses.agent("digester"))
            .setFrom("reader/1@alpha")
            .setSession(0x0123_4567_89ab_cdefL)
            .setSequence(17)
            .setDeadlineUnixMicros(1_800_000_000_000_000L)
            .setOrdinal(300)
            .setType("demo.Document")
            .setPayload(ByteString.copyFrom(new byte[100]))
            .build();

    private final EnvelopeWalker walker = new EnvelopeWalker(WireLimits.DEFAULT);
    private final Header header = new Header();

    @Test
    void readsWhatTheGeneratedParserReads() throws Exception {
        long seed = System.nanoTime();
        System.out.println("EnvelopeWalkerTest.readsWhatTheGeneratedParserReads seed " + seed);
        RandomEnvelopes envelopes = new RandomEnvelopes(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = envelopes.next().toByteArray();
            byte[] framed = new byte[bytes.length + 13];
            System.arraycopy(bytes, 0, framed, 6, bytes.length);

            Code code = walker.walk(framed, 6, bytes.length, header);

            assertThat(code).as("seed %d, envelope %d", seed, i).isNull();
            assertSame(Envelope.parseFrom(bytes), framed, "seed " + seed + ", envelope " + i);
        }
    }

    @Test
    void acceptsNothingThatTheGeneratedParserReadsOtherwise() {
        long seed = System.nanoTime();
        System.out.println("EnvelopeWalkerTest.acceptsNothingThatTheGeneratedParserReadsOtherwise seed " + seed);
        RandomEnvelopes envelopes = new RandomEnvelopes(seed);
        Random random = new Random(seed);
        int accepted = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] bytes = mutate(envelopes.next().toByteArray(), random);

            Code code = walker.walk(bytes, 0, bytes.length, header);

            if (code == null) {
                accepted++;
                assertParses(bytes, "seed " + seed + ", mutation " + i);
            } else {
                assertThat(walker.explain(code, bytes, header).getCode()).isEqualTo(code);
            }
        }
        // Both sides must be met, or the test says nothing.
        assertThat(accepted).isBetween(MUTATIONS / 20, MUTATIONS - MUTATIONS / 20);
    }

    @Test
    void allocatesNothing() {
        byte[] bytes = GOOD.toByteArray();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        walkOften(bytes, 20_000);

        long before = threads.getCurrentThreadAllocatedBytes();
        int refused = walkOften(bytes, 10_000);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(refused).isZero();
        // The measurement itself allocates a little, 10,000 walks would allocate at least 160,000 bytes.
        assertThat(allocated).isLessThan(1_000);
    }

    @Test
    void putsDefaultsInPlaceOfUnspecified() {
        byte[] bytes =
                Envelope.newBuilder().setTo(Addresses.topic("a.b")).build().toByteArray();

        Code code = walker.walk(bytes, 0, bytes.length, header);

        assertThat(code).isNull();
        assertThat(header.priority()).isEqualTo(3);
        assertThat(header.deliveryClass()).isEqualTo(1);
        assertThat(header.kind()).isEqualTo(1);
        assertThat(header.payloadEncoding()).isEqualTo(1);
        assertThat(header.headerBytes()).isEqualTo(bytes.length);
    }

    @Test
    void passesOverFieldsThatItDoesNotKnow() {
        byte[] bytes = join(GOOD, "f80601", "fa0603616263", "fd0601020304", "f9060102030405060708");

        assertThat(walker.walk(bytes, 0, bytes.length, header)).isNull();
    }

    @Test
    void namesTheRefusedEnvelopeEvenIfItsIdStandsBehindTheFault() {
        byte[] bytes = concat(hex("320101"), GOOD.toByteArray());

        Code code = walker.walk(bytes, 0, bytes.length, header);

        assertThat(code).isEqualTo(Code.CODE_MALFORMED_ENVELOPE);
        assertThat(header.session()).isEqualTo(GOOD.getSession());
        assertThat(header.sequence()).isEqualTo(17);
    }

    @Test
    void forgetsTheEnvelopeBefore() {
        byte[] full = GOOD.toByteArray();
        walker.walk(full, 0, full.length, header);
        byte[] sparse =
                Envelope.newBuilder().setTo(Addresses.capability("c")).build().toByteArray();

        walker.walk(sparse, 0, sparse.length, header);

        assertSame(Envelope.newBuilder().setTo(Addresses.capability("c")).build(), sparse, "sparse");
    }

    @Test
    void refusesASingularFieldThatOccursTwice() {
        Error error = refuse(join(GOOD, "120474776f21"), Code.CODE_REPEATED_FIELD);

        assertThat(error.getValue()).isEqualTo("from");
        assertThat(error.getExpected()).isNotEmpty();
        refuse(join(GOOD, "a20600"), Code.CODE_REPEATED_FIELD);
        refuse(join(GOOD, "210000000000000000"), Code.CODE_REPEATED_FIELD);
    }

    @Test
    void refusesTwoTargets() {
        byte[] to = hex("0a060a016122" + "0162");

        refuse(to, Code.CODE_REPEATED_FIELD);
    }

    @Test
    void refusesAnAddressWithoutTarget() {
        refuse(hex("0a00"), Code.CODE_MISSING_FIELD);
        refuse(hex("120161"), Code.CODE_MISSING_FIELD);
        refuse(new byte[0], Code.CODE_MISSING_FIELD);
    }

    @Test
    void refusesBadNamesAndSaysWhatIsExpected() {
        Error error = refuse(to(Addresses.agent("No Such")), Code.CODE_BAD_NAME);

        assertThat(error.getValue()).isEqualTo("No Such");
        assertThat(error.getExpected()).isEqualTo(Names.NAME_FORM);
        refuse(to(Addresses.agent("")), Code.CODE_BAD_NAME);
        refuse(to(Addresses.agent("a".repeat(64))), Code.CODE_BAD_NAME);
        assertThat(refuse(to(Addresses.instance("a/b")), Code.CODE_BAD_NAME).getExpected())
                .isEqualTo(InstanceName.FORM);
        assertThat(refuse(to(Addresses.topic("a.*")), Code.CODE_BAD_NAME).getExpected())
                .isEqualTo(Names.TOPIC_FORM);
    }

    @Test
    void refusesTextThatIsNotUtf8() {
        for (String field : new String[] {"12", "52", "8201", "8a01", "9201", "aa01", "b201", "ba01"}) {
            byte[] base =
                    Envelope.newBuilder().setTo(Addresses.agent("a")).build().toByteArray();
            Error error = refuse(concat(base, hex(field + "02c328")), Code.CODE_INVALID_UTF8);
            assertThat(error.getExpected()).isEqualTo("valid UTF-8");
        }
        refuse(hex("0a040a02c328"), Code.CODE_INVALID_UTF8);
        refuse(join(GOOD, "f201060a02c3281200"), Code.CODE_INVALID_UTF8);
        refuse(join(GOOD, "f201060a001202c328"), Code.CODE_INVALID_UTF8);
        refuse(join(GOOD, "d201041a02c328"), Code.CODE_INVALID_UTF8);
    }

    @Test
    void refusesLengthsThatLie() {
        byte[] good = GOOD.toByteArray();
        for (int cut = 1; cut < good.length; cut++) {
            byte[] bytes = Arrays.copyOf(good, cut);
            Code code = walker.walk(bytes, 0, cut, header);
            if (code == null) {
                assertParses(bytes, "cut at " + cut);
            }
        }
        refuse(join(GOOD, "8a01ff7f61"), Code.CODE_MALFORMED_ENVELOPE);
        refuse(join(GOOD, "8a01ffffffff0f61"), Code.CODE_MALFORMED_ENVELOPE);
        refuse(hex("0a030a0561"), Code.CODE_MALFORMED_ENVELOPE);
    }

    @Test
    void refusesWhatIsNoFieldOfAnEnvelope() {
        refuse(join(GOOD, "fb06fc06"), Code.CODE_MALFORMED_ENVELOPE);
        refuse(join(GOOD, "0001"), Code.CODE_MALFORMED_ENVELOPE);
        refuse(join(GOOD, "f806" + "ff".repeat(9) + "02"), Code.CODE_MALFORMED_ENVELOPE);
        refuse(join(GOOD, "f806" + "ff".repeat(10) + "00"), Code.CODE_MALFORMED_ENVELOPE);
        refuse(join(GOOD, "4a0101"), Code.CODE_MALFORMED_ENVELOPE);
        refuse(join(GOOD, "488080808010"), Code.CODE_MALFORMED_ENVELOPE);
        refuse(hex("ffffffffffffffff"), Code.CODE_MALFORMED_ENVELOPE);
    }

    @Test
    void refusesValuesThatNoVersionDefines() {
        assertThat(refuse(join(GOOD, "3005"), Code.CODE_UNIMPLEMENTED).getValue())
                .isEqualTo("5");
        refuse(join(GOOD, "3804"), Code.CODE_UNIMPLEMENTED);
        refuse(join(GOOD, "4006"), Code.CODE_UNIMPLEMENTED);
        refuse(join(GOOD, "5805"), Code.CODE_UNIMPLEMENTED);
        refuse(join(GOOD, "30ffffffffffffffffff01"), Code.CODE_UNIMPLEMENTED);
        refuse(join(GOOD, "c00103"), Code.CODE_UNSUPPORTED_ENCODING);
    }

    @Test
    void refusesSizesOverTheLimits() {
        EnvelopeWalker small = new EnvelopeWalker(new WireLimits(4096, 2048, 256, 10, 2));
        byte[] large = GOOD.toBuilder()
                .setPayload(ByteString.copyFrom(new byte[2048]))
                .build()
                .toByteArray();
        byte[] wide = GOOD.toBuilder().setType("x".repeat(300)).build().toByteArray();
        Envelope.Builder many = GOOD.toBuilder();
        many.putHeaders("a", "").putHeaders("b", "").putHeaders("c", "");
        byte[] crowded = many.build().toByteArray();

        assertThat(small.walk(large, 0, large.length, header)).isEqualTo(Code.CODE_TOO_LARGE);
        assertThat(small.explain(Code.CODE_TOO_LARGE, large, header).getExpected())
                .isEqualTo("at most 2048 bytes");
        assertThat(header.sequence()).isEqualTo(17);
        assertThat(small.walk(wide, 0, wide.length, header)).isEqualTo(Code.CODE_HEADER_TOO_LARGE);
        assertThat(small.walk(crowded, 0, crowded.length, header)).isEqualTo(Code.CODE_TOO_MANY);
    }

    private Error refuse(byte[] bytes, Code expected) {
        Code code = walker.walk(bytes, 0, bytes.length, header);
        assertThat(code).isEqualTo(expected);
        Error error = walker.explain(expected, bytes, header);
        assertThat(error.getCode()).isEqualTo(expected);
        assertThat(error.getMessage()).isNotEmpty();
        return error;
    }

    private int walkOften(byte[] bytes, int times) {
        int refused = 0;
        for (int i = 0; i < times; i++) {
            if (walker.walk(bytes, 0, bytes.length, header) != null) {
                refused++;
            }
        }
        return refused;
    }

    private void assertParses(byte[] bytes, String where) {
        try {
            assertSame(Envelope.parseFrom(bytes), bytes, where);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(where + ": accepted, but the parser refuses", e);
        }
    }

    private void assertSame(Envelope envelope, byte[] bytes, String where) {
        assertThat(text(bytes, header.addressOffset(), header.addressLength()))
                .as(where)
                .isEqualTo(target(envelope.getTo()));
        assertThat(header.addressKind())
                .isEqualTo(envelope.getTo().getTargetCase().getNumber());
        assertThat(text(bytes, header.fromOffset(), header.fromLength())).isEqualTo(envelope.getFrom());
        assertThat(text(bytes, header.orderingKeyOffset(), header.orderingKeyLength()))
                .isEqualTo(envelope.getOrderingKey());
        assertThat(ByteString.copyFrom(bytes, header.payloadOffset(), header.payloadLength()))
                .isEqualTo(envelope.getPayload());
        assertThat(numbersOf(header)).as(where).isEqualTo(numbersOf(envelope));
    }

    private static long[] numbersOf(Header header) {
        return new long[] {
            header.session(),
            header.sequence(),
            header.deadlineUnixMicros(),
            header.priority(),
            header.deliveryClass(),
            header.receipt(),
            header.hops(),
            header.kind(),
            header.ordinal(),
            header.deliverAtUnixMicros(),
            header.blob(),
            header.blobBytes(),
            header.payloadEncoding(),
            header.causeSession(),
            header.causeSequence()
        };
    }

    private static long[] numbersOf(Envelope envelope) {
        return new long[] {
            envelope.getSession(),
            envelope.getSequence(),
            envelope.getDeadlineUnixMicros(),
            orElse(envelope.getPriorityValue(), 3),
            orElse(envelope.getDeliveryClassValue(), 1),
            envelope.getReceiptValue(),
            envelope.getHops(),
            orElse(envelope.getKindValue(), 1),
            envelope.getOrdinal(),
            envelope.getDeliverAtUnixMicros(),
            envelope.getBlob(),
            envelope.getBlobBytes(),
            orElse(envelope.getPayloadEncodingValue(), 1),
            envelope.getCauseSession(),
            envelope.getCauseSequence()
        };
    }

    private static int orElse(int value, int whenUnspecified) {
        return value == 0 ? whenUnspecified : value;
    }

    private static @Nullable String target(Address address) {
        return switch (address.getTargetCase()) {
            case AGENT -> address.getAgent();
            case INSTANCE -> address.getInstance();
            case CAPABILITY -> address.getCapability();
            case TOPIC -> address.getTopic();
            case TARGET_NOT_SET -> null;
        };
    }

    private static byte[] mutate(byte[] bytes, Random random) {
        byte[] mutated = bytes.clone();
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(mutated.length);
            switch (random.nextInt(5)) {
                case 0 -> mutated[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> mutated[at] = (byte) random.nextInt();
                case 2 -> mutated = Arrays.copyOf(mutated, Math.max(1, at));
                case 3 -> mutated = concat(mutated, Arrays.copyOfRange(mutated, at, mutated.length));
                default ->
                    mutated =
                            concat(Arrays.copyOf(mutated, at), Arrays.copyOfRange(mutated, at + 1, mutated.length + 1));
            }
        }
        return mutated;
    }

    private static byte[] to(Address address) {
        return Envelope.newBuilder().setTo(address).build().toByteArray();
    }

    private static byte[] join(Envelope envelope, String... hex) {
        return concat(envelope.toByteArray(), hex(String.join("", hex)));
    }

    private static byte[] hex(String text) {
        return java.util.HexFormat.of().parseHex(text);
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static String text(byte[] bytes, int offset, int length) {
        return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }
}
