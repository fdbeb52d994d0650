package io.dray.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.dray.agent.v1.AttachRequest;
import io.dray.agent.v1.AttachResponse;
import io.dray.core.testing.Await;
import io.dray.types.v1.BlobWindow;
import io.dray.types.v1.Chunk;
import io.dray.types.v1.Code;
import io.dray.types.v1.DeliveryClass;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Kind;
import io.dray.types.v1.Receipt;
import io.dray.types.v1.ReceiptLevel;
import io.dray.types.v1.Version;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Payloads over 64 KiB, out and in. */
class LargePayloadTest {
    private static final int CHUNK = OutgoingBlobs.CHUNK_BYTES;
    private static final long SENDER = 0xabcdL;

    private final BlockingQueue<Message> handled = new LinkedBlockingQueue<>();
    private final CountDownLatch mayReturn = new CountDownLatch(1);
    private MeshFixture fixture;
    private FakeSidecar sidecar;

    @BeforeEach
    void start() throws IOException {
        fixture = new MeshFixture();
        sidecar = fixture.sidecar;
        sidecar.welcome(
                welcome -> welcome.setVersion(Version.newBuilder().setMajor(1).addFeatures("chunks")));
    }

    @AfterEach
    void stop() {
        mayReturn.countDown();
        fixture.close();
    }

    @Test
    void leavesBehindItsEnvelopeAsFarAsAllowed() {
        Mesh mesh = fixture.attach();
        byte[] payload = payload(3 * CHUNK + 10);

        var _ = mesh.send(Message.to("b").payload(payload));
        Envelope envelope = sidecar.awaitEnvelopes(1).getFirst();
        assertThat(envelope.getPayload().isEmpty()).isTrue();
        assertThat(envelope.getBlobBytes()).isEqualTo(payload.length);
        allow(envelope.getBlob(), 2 * CHUNK + 100);
        awaitChunks(2);
        fixture.barrier();
        assertThat(chunks()).hasSize(2);
        allow(envelope.getBlob(), payload.length);

        List<Chunk> chunks = awaitChunks(4);
        assertThat(chunks).extracting(Chunk::getOffset).containsExactly(0L, (long) CHUNK, 2L * CHUNK, 3L * CHUNK);
        assertThat(chunks).extracting(Chunk::getLast).containsExactly(false, false, false, true);
        assertThat(chunks).extracting(Chunk::getBlob).containsOnly(envelope.getBlob());
        assertThat(join(chunks)).isEqualTo(ByteString.copyFrom(payload));
        assertThat(sidecar.frames())
                .allSatisfy(frame -> assertThat(frame.getChunksCount()).isLessThanOrEqualTo(1));
    }

    @Test
    void aSidecarWithoutChunksGetsItWholeAndTheLimitIsNamed() {
        sidecar.welcome(_ -> {});
        Mesh mesh = fixture.attach();

        var _ = mesh.send(Message.to("b").payload(payload(100_000)));

        assertThat(sidecar.awaitEnvelopes(1).getFirst().getPayload().size()).isEqualTo(100_000);
        assertThatThrownBy(() -> mesh.send(Message.to("b").payload(payload(4 << 20))))
                .hasMessageContaining("too large");
    }

    @Test
    void moreThan256MiBIsRefusedWithTheLimit() {
        Mesh mesh = fixture.attach();
        ByteString piece = ByteString.copyFrom(new byte[1 << 20]);
        ByteString tooLarge = ByteString.copyFromUtf8("x");
        for (int i = 0; i < 256; i++) {
            tooLarge = tooLarge.concat(piece);
        }
        Message message = Message.to("b").payload(tooLarge);

        assertThatThrownBy(() -> mesh.send(message)).isInstanceOfSatisfying(MeshException.class, refused -> {
            assertThat(refused.code()).isEqualTo(Code.CODE_TOO_LARGE);
            assertThat(refused).hasMessageContaining("256 MiB");
        });
    }

    @Test
    void sendersWaitWhile64MiBAreOnTheirWay() {
        AttachedMesh mesh = fixture.attach(AgentSpec.named("tester"), MeshFixture.CONFIG.withOnFull(OnFull.FAIL));
        byte[] payload = payload(33 << 20);

        var _ = mesh.send(Message.to("b").payload(payload));
        var _ = mesh.send(Message.to("b").payload(payload));

        assertThatThrownBy(() -> mesh.send(Message.to("b").payload(payload))).hasMessageContaining("large payloads");
        var _ = mesh.send(Message.to("b").payload("small"));
        sidecar.refuse(1, Code.CODE_NO_SUCH_DESTINATION);
        sidecar.refuse(2, Code.CODE_NO_SUCH_DESTINATION);
        Await.until("room again", () -> {
            try {
                var _ = mesh.send(Message.to("b").payload(payload));
                return true;
            } catch (MeshException _) {
                return false;
            }
        });
    }

    @Test
    void stopsWhenTheMessageIsRefused() {
        Mesh mesh = fixture.attach();
        var done = mesh.send(Message.to("b").payload(payload(3 * CHUNK)).receipt(ReceiptLevel.RECEIPT_LEVEL_DONE))
                .done();
        long blob = sidecar.awaitEnvelopes(1).getFirst().getBlob();
        allow(blob, CHUNK);
        awaitChunks(1);

        sidecar.refuse(1, Code.CODE_EXPIRED);

        assertThatThrownBy(done::join).hasMessageContaining("EXPIRED");
        Chunk last = awaitChunks(2).get(1);
        assertThat(last.getLast()).isTrue();
        assertThat(last.getData().isEmpty()).isTrue();
        allow(blob, 3 * CHUNK);
        fixture.barrier();
        assertThat(chunks()).hasSize(2);
    }

    @Test
    void atLeastOnceGoesAgainFromItsStartUnderAnotherNumber() {
        Mesh mesh = fixture.attach();
        var done = mesh.send(Message.to("b")
                        .payload(payload(2 * CHUNK))
                        .deliveryClass(DeliveryClass.DELIVERY_CLASS_AT_LEAST_ONCE))
                .done();
        long first = sidecar.awaitEnvelopes(1).getFirst().getBlob();
        allow(first, CHUNK);
        awaitChunks(1);

        sidecar.refuse(1, Code.CODE_NODE_LOST);

        Envelope again = sidecar.awaitEnvelopes(2).get(1);
        assertThat(again.getSequence()).isOne();
        assertThat(again.getBlob()).isNotEqualTo(first);
        allow(again.getBlob(), 2 * CHUNK);
        Await.until("all of it", () -> join(of(again.getBlob())).size() == 2 * CHUNK);
        sidecar.receipt(1, 1, ReceiptLevel.RECEIPT_LEVEL_DONE);
        assertThat(done.join().id().sequence()).isOne();
    }

    @Test
    void whatIsBeingSentIsNotSilence() {
        Mesh mesh = fixture.attach();
        var _ = mesh.send(Message.to("b")
                .payload(payload(2 * CHUNK))
                .deadline(Duration.ofMinutes(5))
                .deliveryClass(DeliveryClass.DELIVERY_CLASS_AT_LEAST_ONCE));
        long blob = sidecar.awaitEnvelopes(1).getFirst().getBlob();
        allow(blob, CHUNK);
        awaitChunks(1);

        for (int i = 0; i < 10; i++) {
            fixture.advance(Duration.ofSeconds(4));
            fixture.barrier();
        }
        allow(blob, 2 * CHUNK);
        awaitChunks(2);

        assertThat(sidecar.envelopes()).hasSize(1);
    }

    @Test
    void aBrokenStreamFailsOneAndSendsTheOtherAgain() {
        Mesh mesh = fixture.attach();
        sidecar.welcome(
                welcome -> welcome.setVersion(Version.newBuilder().setMajor(1).addFeatures("chunks"))
                        .setReceivedThrough(2));
        var once = mesh.send(Message.to("b").payload(payload(2 * CHUNK)).receipt(ReceiptLevel.RECEIPT_LEVEL_DONE))
                .done();
        var kept = mesh.send(Message.to("b")
                        .payload(payload(2 * CHUNK))
                        .deliveryClass(DeliveryClass.DELIVERY_CLASS_AT_LEAST_ONCE))
                .done();
        sidecar.awaitEnvelopes(2);

        sidecar.breakStream();

        assertThatThrownBy(once::join).hasMessageContaining("broke");
        Envelope again = sidecar.awaitEnvelopes(3).get(2);
        assertThat(again.getSequence()).isEqualTo(2);
        assertThat(kept).isNotDone();
    }

    @Test
    void isAllowedWhenItsEnvelopeCameAndHandledWhenItIsWhole() throws InterruptedException {
        fixture.attach(AgentSpec.named("tester").onMessage((message, _) -> handled.add(message)));
        byte[] payload = payload(3_000_000);

        deliver(1, 9, payload.length, Kind.KIND_EVENT);
        awaitWindow(9, payload.length);
        feed(9, payload, 0, 2_000_000);
        fixture.barrier();
        assertThat(handled).isEmpty();
        feed(9, payload, 2_000_000, payload.length);

        Message message = handled.poll(10, TimeUnit.SECONDS);
        assertThat(message).isNotNull();
        assertThat(message.payload()).isEqualTo(ByteString.copyFrom(payload));
    }

    @Test
    void whatIsGivenUpIsNeverHandled() {
        fixture.attach(AgentSpec.named("tester").onMessage((message, _) -> handled.add(message)));
        byte[] payload = payload(2 * CHUNK);
        deliver(1, 9, payload.length, Kind.KIND_EVENT);
        awaitWindow(9, payload.length);
        feed(9, payload, 0, CHUNK);

        sidecar.send(AttachResponse.newBuilder()
                .addChunks(Chunk.newBuilder()
                        .setSession(SENDER)
                        .setBlob(9)
                        .setLast(true)
                        .setOffset(CHUNK)));
        feed(9, payload, CHUNK, 2 * CHUNK);
        fixture.barrier();

        assertThat(handled).isEmpty();
    }

    @Test
    void noMoreComeThanMayBeHandledAtATime() throws InterruptedException {
        AgentSpec agent = AgentSpec.named("tester").onMessage((message, _) -> {
            handled.add(message);
            mayReturn.await();
        });
        fixture.attach(agent, MeshFixture.CONFIG.withPayloadBytes(3 * CHUNK));
        byte[] payload = payload(2 * CHUNK);

        deliver(1, 9, payload.length, Kind.KIND_EVENT);
        awaitWindow(9, payload.length);
        deliver(2, 10, payload.length, Kind.KIND_EVENT);
        feed(9, payload, 0, payload.length);
        assertThat(handled.poll(10, TimeUnit.SECONDS)).isNotNull();
        fixture.barrier();
        assertThat(windows(10)).isEmpty();
        mayReturn.countDown();

        awaitWindow(10, payload.length);
    }

    @Test
    void whatIsTooLargeOrForNobodyIsRefusedBeforeItComes() {
        fixture.attach(
                AgentSpec.named("tester").onMessage("known", (message, _) -> handled.add(message)),
                MeshFixture.CONFIG.withPayloadBytes(CHUNK));

        sidecar.send(delivery(1, 9, CHUNK + 1, Kind.KIND_EVENT, "known"));
        sidecar.send(delivery(2, 10, CHUNK, Kind.KIND_EVENT, "unknown"));

        assertThat(awaitRefusal(1).getError().getCode()).isEqualTo(Code.CODE_TOO_LARGE);
        assertThat(awaitRefusal(2).getError().getCode()).isEqualTo(Code.CODE_NO_HANDLER);
        assertThat(windows(9)).isEmpty();
        assertThat(windows(10)).isEmpty();
    }

    @Test
    void chunksThatDoNotFitTogetherAreRefused() {
        fixture.attach(AgentSpec.named("tester").onMessage((message, _) -> handled.add(message)));
        byte[] payload = payload(2 * CHUNK);
        deliver(1, 9, payload.length, Kind.KIND_EVENT);
        awaitWindow(9, payload.length);

        feed(9, payload, CHUNK, 2 * CHUNK);

        assertThat(awaitRefusal(1).getError().getCode()).isEqualTo(Code.CODE_BAD_SEQUENCE);
        assertThat(handled).isEmpty();
    }

    @Test
    void aReplyComesAsChunksTooAndWaitsForNoRoom() {
        AttachedMesh mesh = fixture.attach(AgentSpec.named("tester"), MeshFixture.CONFIG.withPayloadBytes(1 << 20));
        var reply = mesh.request(Message.to("b").payload("?"), Duration.ofSeconds(20));
        Envelope request = sidecar.awaitEnvelopes(1).getFirst();
        byte[] payload = payload(1 << 20);

        Envelope.Builder answer = envelope(9, payload.length, Kind.KIND_REPLY, "")
                .setCauseSession(request.getSession())
                .setCauseSequence(request.getSequence());
        sidecar.send(AttachResponse.newBuilder().addEnvelopes(answer).setFirstDelivery(1));
        awaitWindow(9, payload.length);
        feed(9, payload, 0, payload.length);

        assertThat(reply.join().payload()).isEqualTo(ByteString.copyFrom(payload));
    }

    @Test
    void theRequesterHearsThatALargeReplyWasRefused() {
        fixture.attach(AgentSpec.named("tester").onRequest(_ -> payload(3 * CHUNK)));
        Envelope request = Envelope.newBuilder()
                .setTo(Message.to("tester").to())
                .setFrom("b/1@there")
                .setSession(SENDER)
                .setSequence(7)
                .setKind(Kind.KIND_REQUEST)
                .setHops(2)
                .setDeadlineUnixMicros(fixture.loop.unixMicros() + 20_000_000)
                .build();
        sidecar.send(AttachResponse.newBuilder().addEnvelopes(request).setFirstDelivery(1));
        Envelope reply = sidecar.awaitEnvelopes(1).getFirst();
        assertThat(reply.getBlobBytes()).isEqualTo(3 * CHUNK);

        sidecar.refuse(reply.getSequence(), Code.CODE_TOO_LARGE);

        Envelope instead = sidecar.awaitEnvelopes(2).get(1);
        assertThat(instead.getError().getCode()).isEqualTo(Code.CODE_TOO_LARGE);
        assertThat(instead.getError().getMessage()).isEqualTo("The reply was refused: as the test wants.");
        assertThat(instead.getKind()).isEqualTo(Kind.KIND_REPLY);
        assertThat(instead.getTo()).isEqualTo(reply.getTo());
        assertThat(instead.getCauseSession()).isEqualTo(SENDER);
        assertThat(instead.getCauseSequence()).isEqualTo(7);
        assertThat(instead.getHops()).isEqualTo(3);
        assertThat(instead.getBlob()).isZero();
    }

    @Test
    void aNewStreamDropsWhatCameInPart() throws InterruptedException {
        fixture.attach(
                AgentSpec.named("tester").onMessage((message, _) -> handled.add(message)),
                MeshFixture.CONFIG.withPayloadBytes(2 * CHUNK));
        byte[] payload = payload(2 * CHUNK);
        deliver(1, 9, payload.length, Kind.KIND_EVENT);
        awaitWindow(9, payload.length);
        feed(9, payload, 0, CHUNK);

        sidecar.breakStream();
        sidecar.awaitHello(2);
        fixture.barrier();
        deliver(1, 10, payload.length, Kind.KIND_EVENT);
        awaitWindow(10, payload.length);
        feed(10, payload, 0, payload.length);

        assertThat(handled.poll(10, TimeUnit.SECONDS)).isNotNull();
    }

    private void deliver(long number, long blob, int bytes, Kind kind) {
        sidecar.send(delivery(number, blob, bytes, kind, ""));
    }

    private static AttachResponse.Builder delivery(long number, long blob, int bytes, Kind kind, String type) {
        return AttachResponse.newBuilder()
                .addEnvelopes(envelope(blob, bytes, kind, type))
                .setFirstDelivery(number);
    }

    private static Envelope.Builder envelope(long blob, int bytes, Kind kind, String type) {
        return Envelope.newBuilder()
                .setTo(Message.to("tester").to())
                .setFrom("b/1@there")
                .setSession(SENDER)
                .setSequence(blob)
                .setKind(kind)
                .setType(type)
                .setBlob(blob)
                .setBlobBytes(bytes);
    }

    private void feed(long blob, byte[] payload, int from, int to) {
        for (int at = from; at < to; at += CHUNK) {
            int size = Math.min(CHUNK, to - at);
            sidecar.send(AttachResponse.newBuilder()
                    .addChunks(Chunk.newBuilder()
                            .setSession(SENDER)
                            .setBlob(blob)
                            .setOffset(at)
                            .setData(ByteString.copyFrom(payload, at, size))
                            .setLast(at + size == payload.length)));
        }
    }

    private void allow(long blob, long bytes) {
        sidecar.send(AttachResponse.newBuilder()
                .addBlobWindows(BlobWindow.newBuilder().setBlob(blob).setBytes(bytes)));
    }

    private void awaitWindow(long blob, long bytes) {
        Await.until("a window for " + blob, () -> windows(blob).contains(bytes));
    }

    private List<Long> windows(long blob) {
        return sidecar.frames().stream()
                .flatMap(frame -> frame.getBlobWindowsList().stream())
                .filter(window -> window.getBlob() == blob && window.getSession() == SENDER)
                .map(BlobWindow::getBytes)
                .toList();
    }

    private Receipt awaitRefusal(long number) {
        return sidecar.awaitFrame("a refusal of " + number, frame -> refusal(frame, number)).getReceiptsList().stream()
                .filter(receipt -> receipt.getFirst() == number)
                .findFirst()
                .orElseThrow();
    }

    private static boolean refusal(AttachRequest frame, long number) {
        return frame.getReceiptsList().stream()
                .anyMatch(receipt ->
                        receipt.getFirst() == number && receipt.getLevel() == ReceiptLevel.RECEIPT_LEVEL_REFUSED);
    }

    private List<Chunk> chunks() {
        return sidecar.frames().stream()
                .flatMap(frame -> frame.getChunksList().stream())
                .toList();
    }

    private List<Chunk> of(long blob) {
        return chunks().stream().filter(chunk -> chunk.getBlob() == blob).toList();
    }

    private List<Chunk> awaitChunks(int count) {
        Await.until(
                () -> count + " chunks, got " + chunks().size(),
                Duration.ofSeconds(10),
                () -> chunks().size() >= count);
        return chunks();
    }

    private static ByteString join(List<Chunk> chunks) {
        return chunks.stream().map(Chunk::getData).reduce(ByteString.EMPTY, ByteString::concat);
    }

    private static byte[] payload(int bytes) {
        byte[] payload = new byte[bytes];
        new Random(bytes).nextBytes(payload);
        return payload;
    }
}
