package io.dray.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.agent.v1.AttachRequest;
import io.dray.core.testing.ManualLoop;
import io.dray.core.wire.Addresses;
import io.dray.core.wire.FrameWalker;
import io.dray.core.wire.MeshError;
import io.dray.types.v1.Code;
import io.dray.types.v1.DeliveryClass;
import io.dray.types.v1.Encoding;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.HopNote;
import io.dray.types.v1.Kind;
import io.dray.types.v1.Priority;
import io.dray.types.v1.ReceiptLevel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written and read by hand against what the generated classes write and read. */
class EnvelopeBytesTest {
    private static final String FROM = "sender/one@here";
    private static final long SESSION = 0xfeedL;

    private final ManualLoop manual = new ManualLoop();
    private final Loop loop = new Loop(manual, () -> true, manual.clock(), manual.clock()::nanoTime);
    private final EnvelopeWriter writer = new EnvelopeWriter();

    @ParameterizedTest
    @CsvSource({"PT-1S, 0", "PT-87600H, 0", "PT0S, 0", "PT2.0009S, 2000", "PT2562047788015H, 2147483647"})
    void aReplyIsKeptForNoLongerThanWasSaid(Duration time, int millis) {
        assertThat(Message.content().cacheFor(time).template().envelope().getCacheTtlMillis())
                .isEqualTo(millis);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void writesWhatTheGeneratedClassesWouldWrite(long seed) throws IOException {
        var random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            Envelope wanted = envelope(random);
            Outgoing event = drafts().event(Message.received(wanted, HopNote.getDefaultInstance()));
            event.number(SESSION, 1 + i);
            event.ordinal = random.nextInt(3);

            Envelope written = written(event);

            assertThat(written)
                    .as("seed %s, envelope %s", seed, i)
                    .isEqualTo(wanted.toBuilder()
                            .setFrom(FROM)
                            .setSession(SESSION)
                            .setSequence(1 + i)
                            .setKind(Kind.KIND_EVENT)
                            .setReceiptValue(event.receipt)
                            .setOrdinal(event.ordinal)
                            .setDeadlineUnixMicros(event.deadlineMicros)
                            .build());
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void answersAsTheContractWants(long seed) throws IOException {
        var random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            Envelope request = envelope(random);
            Envelope content = envelope(random);
            Outgoing reply = drafts().reply(read(request), 77, Message.received(content, HopNote.getDefaultInstance()));
            reply.number(SESSION, 1 + i);

            Envelope written = written(reply);

            assertThat(written)
                    .as("seed %s, envelope %s", seed, i)
                    .isEqualTo(content.toBuilder()
                            .setTo(Addresses.instance(request.getFrom()))
                            .setFrom(FROM)
                            .setSession(SESSION)
                            .setSequence(1 + i)
                            .setKind(Kind.KIND_REPLY)
                            .setPriority(request.getPriority())
                            .setDeadlineUnixMicros(77)
                            .setHops(request.getHops() + 1)
                            .setConversationId(request.getConversationId())
                            .setCauseSession(request.getSession())
                            .setCauseSequence(request.getSequence())
                            .setOrdinal(0)
                            .build());
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void readsWhatTheGeneratedClassesWrite(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            Envelope sent = envelope(random);

            Message received = Message.received(read(sent), HopNote.getDefaultInstance());

            assertThat(received.envelope()).as("seed %s, envelope %s", seed, i).isEqualTo(sent);
            assertThat(received.type()).isEqualTo(sent.getType());
            assertThat(received.contentType()).isEqualTo(sent.getContentType());
            assertThat(received.payload()).isEqualTo(sent.getPayload());
            assertThat(received.from()).isEqualTo(sent.getFrom());
            assertThat(received.to()).isEqualTo(sent.getTo());
            assertThat(received.topic()).isEqualTo(sent.getTo().getTopic());
            assertThat(received.isRequest()).isEqualTo(sent.getKind() == Kind.KIND_REQUEST);
            assertThat(received.headers()).isEqualTo(sent.getHeadersMap());
            assertThat(received.type("other").payload("else").envelope())
                    .isEqualTo(sent.toBuilder()
                            .setType("other")
                            .setContentType("text/plain")
                            .setPayload(ByteString.copyFromUtf8("else"))
                            .build());
        }
    }

    private Drafts drafts() {
        var destinations = new Destinations(new Timers(loop), (_, _) -> {});
        var unfinished = new Unfinished(
                loop,
                new Timers(loop),
                destinations,
                new ResendPause(new Random(1)),
                (_, _, _) -> {},
                new OutgoingBlobs(() -> {}),
                _ -> {});
        return new Drafts(
                loop::unixMicros,
                unfinished,
                Duration.ofSeconds(30),
                new Callbacks(true),
                () -> Session.SendLimits.DEFAULTS);
    }

    private Envelope written(Outgoing message) throws IOException {
        var buffer = new WireBuffer(16);
        int size = writer.write(message, FROM.getBytes(StandardCharsets.UTF_8), buffer);
        var frame = AttachRequest.parseFrom(ByteString.copyFrom(buffer.bytes(), 0, buffer.size()));
        assertThat(frame.getEnvelopesCount()).isOne();
        assertThat(frame.getEnvelopes(0).getSerializedSize()).isEqualTo(size);
        return frame.getEnvelopes(0);
    }

    private static Incoming read(Envelope envelope) {
        byte[] bytes = envelope.toByteArray();
        return Objects.requireNonNull(Incoming.read(bytes, 0, bytes.length, new FrameWalker(), new TextMemo()));
    }

    /** Each field is there or not; sizes lie around those where a length takes one byte more. */
    private static Envelope envelope(Random random) {
        var envelope = Envelope.newBuilder()
                .setTo(Addresses.instance("agent" + random.nextInt(3) + "/x@there"))
                .setFrom("peer" + random.nextInt(3) + "/y@else")
                .setSession(random.nextLong())
                .setSequence(1 + random.nextInt(1_000))
                .setDeadlineUnixMicros(random.nextInt(2) * random.nextLong())
                .setPriority(Priority.forNumber(random.nextInt(5)))
                .setDeliveryClass(DeliveryClass.forNumber(random.nextInt(4)))
                .setReceipt(ReceiptLevel.forNumber(random.nextInt(6)))
                .setHops(random.nextInt(3))
                .setKind(Kind.forNumber(random.nextInt(5)))
                .setCauseSession(1 + random.nextInt(2))
                .setCauseSequence(random.nextInt(2))
                .setRawBytes(random.nextInt(2) * 300L)
                .setPayloadEncoding(Encoding.forNumber(random.nextInt(3)))
                .setPayload(ByteString.copyFrom(new byte[random.nextInt(4) == 0 ? 16_300 : random.nextInt(150)]));
        if (random.nextBoolean()) {
            envelope.setType("type" + random.nextInt(100)).setContentType("text/é" + random.nextInt(100));
        }
        if (random.nextBoolean()) {
            envelope.setOrderingKey("key")
                    .setConversationId("talk" + random.nextInt(9))
                    .setTraceparent("00-a-b-01");
        }
        if (random.nextBoolean()) {
            envelope.putHeaders("n", "1").putHeaders("m", "ü").setCacheTtlMillis(5);
        }
        if (random.nextInt(8) == 0) {
            envelope.setTo(Addresses.topic("news.a")).setError(MeshError.of(Code.CODE_EXPIRED, "late"));
        }
        return envelope.build();
    }
}
