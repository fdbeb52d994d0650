package io.dray.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.agent.v1.AttachRequest;
import io.dray.agent.v1.AttachResponse;
import io.dray.agent.v1.Subscription;
import io.dray.peer.v1.DeliverRequest;
import io.dray.sidecar.local.LocalAgent;
import io.dray.types.v1.Address;
import io.dray.types.v1.BlobWindow;
import io.dray.types.v1.Chunk;
import io.dray.types.v1.Code;
import io.dray.types.v1.DeliveryClass;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Error;
import io.dray.types.v1.Priority;
import io.dray.types.v1.Receipt;
import io.dray.types.v1.ReceiptLevel;
import io.dray.types.v1.Version;
import io.dray.types.v1.Window;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Payloads that come and go as chunks, through the doors of one sidecar. */
class LargePayloadTest {
    private static final int CHUNK = 60 * 1024;
    private static final long BLOB = 7;

    @TempDir
    private Path folder;

    private Doors doors;

    @BeforeEach
    void open() throws IOException {
        doors = new Doors(folder);
    }

    @AfterEach
    void close() {
        doors.close();
    }

    @Test
    void travelsBehindItsEnvelopeAndIsDeliveredWithItsLastChunk() {
        AgentClient receiver = doors.large("b");
        AgentClient sender = doors.large("a");
        byte[] payload = payload(300_000);

        sender.send(announced(sender, "b", payload.length).setReceipt(ReceiptLevel.RECEIPT_LEVEL_DONE));
        assertThat(windows(sender)).isEmpty();
        allow(receiver, sender, payload.length);
        sendAll(sender, payload);

        assertThat(receiver.received()).hasSize(1);
        assertThat(dataOf(receiver)).isEqualTo(payload);
        assertThat(sender.told()).containsExactly("1 ACCEPTED", "1 DELIVERED");
        receiver.answer(Receipt.newBuilder().setFirst(1).setLevel(ReceiptLevel.RECEIPT_LEVEL_DONE));
        assertThat(sender.told()).last().isEqualTo("1 DONE");
        assertThatNothingIsLeft();
    }

    @Test
    void isNotDeliveredBeforeItsLastChunkWasWritten() {
        AgentClient receiver = doors.large("b");
        AgentClient sender = doors.large("a");

        sender.send(announced(sender, "b", 2 * CHUNK).setReceipt(ReceiptLevel.RECEIPT_LEVEL_DELIVERED));
        allow(receiver, sender, 2 * CHUNK);
        chunk(sender, payload(2 * CHUNK), 0, CHUNK);

        assertThat(sender.told()).containsExactly("1 ACCEPTED");
    }

    @Test
    void aSlowReceiverLetsItsSenderGoNoFurtherThanTheWindow() {
        AgentClient receiver = doors.large("b");
        AgentClient sender = doors.large("a");
        int total = 10 * CHUNK;
        sender.send(announced(sender, "b", total));
        allow(receiver, sender, total);
        receiver.call.ready = false;

        long sent = sendWhatIsAllowed(sender, payload(total), 0);

        assertThat(windows(sender)).last().isEqualTo(Doors.BLOB_WINDOW);
        assertThat(sent).isLessThanOrEqualTo(Doors.BLOB_WINDOW);
        assertThat(doors.budget.used()).isEqualTo(Doors.BLOB_WINDOW);
        receiver.call.ready = true;
        wake(receiver);
        assertThat(sender.told()).isEmpty();
        assertThat(windows(sender).getLast()).isGreaterThan(Doors.BLOB_WINDOW);
    }

    @Test
    void aCriticalMessageWaitsForOneChunkAtMost() {
        AgentClient receiver = doors.large("b");
        AgentClient sender = doors.large("a");
        AgentClient urgent = doors.large("c");
        int total = 100_000;
        for (int blob = 1; blob <= 6; blob++) {
            sender.send(announced(sender, "b", total).setBlob(blob));
            receiver.say(AttachRequest.newBuilder()
                    .addBlobWindows(window(sender, total).setBlob(blob))
                    .build());
        }
        receiver.call.ready = false;
        byte[] payload = payload(total);
        for (int blob = 1; blob <= 6; blob++) {
            sender.say(AttachRequest.newBuilder()
                    .addChunks(piece(payload, 0, CHUNK).setBlob(blob))
                    .build());
        }
        int before = receiver.frames().size();

        urgent.send(urgent.envelope("b").setPriority(Priority.PRIORITY_CRITICAL));
        receiver.call.ready = true;
        wake(receiver);

        List<AttachResponse> after =
                receiver.frames().subList(before, receiver.frames().size());
        int chunksBefore = 0;
        for (AttachResponse frame : after) {
            if (frame.getEnvelopesCount() > 0) {
                break;
            }
            chunksBefore += frame.getChunksCount();
        }
        assertThat(chunksBefore).isLessThanOrEqualTo(1);
        assertThat(after).allSatisfy(frame -> assertThat(frame.getChunksCount()).isLessThanOrEqualTo(1));
        assertThat(after.stream().mapToInt(AttachResponse::getChunksCount).sum())
                .isEqualTo(6);
    }

    @Test
    void aHalfSentPayloadExpires() {
        AgentClient receiver = doors.large("b");
        AgentClient sender = doors.large("a");
        sender.send(announced(sender, "b", 2 * CHUNK));
        allow(receiver, sender, 2 * CHUNK);
        chunk(sender, payload(2 * CHUNK), 0, CHUNK);

        sweepAfter(Duration.ofSeconds(29));
        assertThat(sender.told()).isEmpty();
        sweepAfter(Duration.ofSeconds(2));

        assertThat(sender.told()).containsExactly("1 REFUSED EXPIRED");
        assertThatTheReceiverWasToldOfTheEnd(receiver);
        assertThatNothingIsLeft();
        chunk(sender, payload(2 * CHUNK), CHUNK, 2 * CHUNK);
        assertThat(sender.call.isOpen()).isTrue();
    }

    @Test
    void aPayloadIsOverAtTheDeadlineOfItsEnvelope() {
        AgentClient receiver = doors.large("b");
        AgentClient sender = doors.large("a");
        long deadline = doors.context.nowMicros() + 1_000_000;
        sender.send(announced(sender, "b", 2 * CHUNK).setDeadlineUnixMicros(deadline));
        allow(receiver, sender, 2 * CHUNK);

        sweepAfter(Duration.ofSeconds(1));

        assertThat(sender.told()).containsExactly("1 REFUSED EXPIRED");
        assertThatTheReceiverWasToldOfTheEnd(receiver);
        assertThatNothingIsLeft();
    }

    @Test
    void aSenderThatDiesMidwayLeavesNothing() {
        AgentClient receiver = doors.large("b");
        AgentClient sender = doors.large("a");
        sender.send(announced(sender, "b", 2 * CHUNK));
        allow(receiver, sender, 2 * CHUNK);
        receiver.call.ready = false;
        chunk(sender, payload(2 * CHUNK), 0, CHUNK);

        sender.leave();
        receiver.call.ready = true;
        wake(receiver);

        assertThatTheReceiverWasToldOfTheEnd(receiver);
        assertThat(dataOf(receiver)).isEmpty();
        assertThatNothingIsLeft();
    }

    @Test
    void aReceiverThatDiesMidwayIsSaidToItsSender() {
        AgentClient receiver = doors.large("b");
        AgentClient sender = doors.large("a");
        sender.send(announced(sender, "b", 2 * CHUNK));
        allow(receiver, sender, 2 * CHUNK);
        chunk(sender, payload(2 * CHUNK), 0, CHUNK);

        receiver.leave();

        assertThat(sender.told()).containsExactly("1 REFUSED NODE_LOST");
        assertThatNothingIsLeft();
    }

    @Test
    void aReceiverMayRefuseThePayload() {
        AgentClient receiver = doors.large("b");
        AgentClient sender = doors.large("a");
        sender.send(announced(sender, "b", 2 * CHUNK));

        receiver.answer(Receipt.newBuilder()
                .setFirst(1)
                .setLevel(ReceiptLevel.RECEIPT_LEVEL_REFUSED)
                .setError(Error.newBuilder().setCode(Code.CODE_TOO_LARGE)));

        assertThat(sender.told()).containsExactly("1 REFUSED TOO_LARGE");
        assertThatNothingIsLeft();
    }

    @Test
    void aSenderMayGiveThePayloadUp() {
        AgentClient receiver = doors.large("b");
        AgentClient sender = doors.large("a");
        sender.send(announced(sender, "b", 2 * CHUNK));
        allow(receiver, sender, 2 * CHUNK);
        chunk(sender, payload(2 * CHUNK), 0, CHUNK);

        sender.say(AttachRequest.newBuilder()
                .addChunks(Chunk.newBuilder().setBlob(BLOB).setOffset(CHUNK).setLast(true))
                .build());

        assertThat(sender.told()).isEmpty();
        assertThatTheReceiverWasToldOfTheEnd(receiver);
        assertThatNothingIsLeft();
    }

    @Test
    void chunksThatBreakTheRulesEndTheirPayloadAlone() {
        AgentClient receiver = doors.large("b");
        AgentClient sender = doors.large("a");
        byte[] payload = payload(4 * CHUNK);

        begin(receiver, sender, 1, payload.length);
        say(sender, piece(payload, CHUNK, 2 * CHUNK).setBlob(1));
        begin(receiver, sender, 2, payload.length);
        say(sender, piece(payload, 0, 100).setBlob(2));
        begin(receiver, sender, 3, payload.length);
        say(sender, piece(payload, 0, CHUNK).setBlob(3));
        receiver.call.ready = false;
        say(sender, piece(payload, CHUNK, 2 * CHUNK).setBlob(3));
        say(sender, piece(payload, 2 * CHUNK, 3 * CHUNK).setBlob(3));
        say(sender, piece(payload, 0, CHUNK).setBlob(99));

        assertThat(sender.told())
                .containsExactly("1 REFUSED BAD_SEQUENCE", "2 REFUSED TOO_LARGE", "3 REFUSED TOO_LARGE");
        assertThat(sender.call.isOpen()).isTrue();
        assertThatNothingIsLeft();
    }

    @Test
    void anEnvelopeMustSayHowLargeThePayloadIs() {
        doors.large("b");
        AgentClient sender = doors.large("a");

        sender.send(announced(sender, "b", 0));
        sender.send(announced(sender, "b", (256L << 20) + 1));
        sender.send(announced(sender, "b", 1).setPayload(ByteString.copyFromUtf8("x")));
        sender.send(announced(sender, "nobody", 1));
        sender.send(announced(sender, "b", 1));
        sender.send(announced(sender, "b", 1));

        assertThat(sender.told())
                .containsExactly(
                        "1 REFUSED MISSING_FIELD",
                        "2 REFUSED TOO_LARGE",
                        "3 REFUSED INVALID_REQUEST",
                        "4 REFUSED NO_SUCH_DESTINATION",
                        "6 REFUSED BAD_SEQUENCE");
    }

    @Test
    void aClientWithoutChunksGetsThePayloadWhole() {
        AgentClient receiver = doors.agent("b");
        AgentClient sender = doors.large("a");
        byte[] payload = payload(300_000);

        sender.send(announced(sender, "b", payload.length).setReceipt(ReceiptLevel.RECEIPT_LEVEL_DELIVERED));
        assertThat(windows(sender)).containsExactly((long) payload.length);
        assertThat(receiver.received()).isEmpty();
        sendAll(sender, payload);

        assertThat(receiver.received()).hasSize(1);
        assertThat(receiver.received().getFirst().getPayload().toByteArray()).isEqualTo(payload);
        assertThat(sender.told()).containsExactly("1 ACCEPTED", "1 DELIVERED");
        assertThatNothingIsLeft();
    }

    @Test
    void aClientWithoutChunksIsSparedWhatNoEnvelopeHolds() {
        doors.agent("b");
        AgentClient sender = doors.large("a");

        sender.send(announced(sender, "b", 4 << 20));
        sender.send(announced(sender, "b", 2 << 20));

        assertThat(sender.told()).containsExactly("1 REFUSED TOO_LARGE", "2 REFUSED MEMORY_FULL");
        assertThat(sender.receipts().getFirst().getError().getExpected()).contains("4128768 B");
        assertThatNothingIsLeft();
    }

    @Test
    void whatIsPutTogetherHereExpiresTooAndMayComeAgain() {
        AgentClient receiver = doors.agent("b");
        AgentClient sender = doors.large("a");
        byte[] payload = payload(2 * CHUNK);
        Envelope.Builder held = announced(sender, "b", payload.length)
                .setDeliveryClass(DeliveryClass.DELIVERY_CLASS_AT_LEAST_ONCE)
                .setDeadlineUnixMicros(doors.context.nowMicros() + 100_000_000)
                .setOrdinal(1);
        sender.send(held);
        chunk(sender, payload, 0, CHUNK);
        sweepAfter(Duration.ofSeconds(31));

        sender.send(held.setBlob(8));
        say(sender, piece(payload, 0, CHUNK).setBlob(8));
        say(sender, piece(payload, CHUNK, 2 * CHUNK).setBlob(8));

        assertThat(sender.told()).containsExactly("1 REFUSED EXPIRED");
        assertThat(receiver.received()).hasSize(1);
        assertThat(receiver.received().getFirst().getPayload().toByteArray()).isEqualTo(payload);
        assertThatNothingIsLeft();
    }

    @Test
    void anAtLeastOncePayloadMayComeAgainAfterItWasLost() {
        AgentClient receiver = doors.large("b");
        AgentClient sender = doors.large("a");
        byte[] payload = payload(CHUNK);
        Envelope.Builder held = announced(sender, "b", payload.length)
                .setDeliveryClass(DeliveryClass.DELIVERY_CLASS_AT_LEAST_ONCE)
                .setDeadlineUnixMicros(doors.context.nowMicros() + 100_000_000)
                .setOrdinal(1);
        sender.send(held);
        allow(receiver, sender, payload.length);
        sweepAfter(Duration.ofSeconds(31));
        assertThat(sender.told()).containsExactly("1 REFUSED EXPIRED");

        sender.send(held.setBlob(8));
        receiver.say(AttachRequest.newBuilder()
                .addBlobWindows(window(sender, payload.length).setBlob(8))
                .build());
        say(sender, piece(payload, 0, CHUNK).setBlob(8));

        assertThat(receiver.received()).hasSize(2);
        assertThat(dataOf(receiver)).isEqualTo(payload);
        sender.send(held.setBlob(9));
        assertThat(receiver.received()).as("a copy is under way").hasSize(2);
        assertThatNothingIsLeft();
    }

    @Test
    void anEnvelopeWhosePayloadIsOverIsNotDeliveredAndMayComeAgain() {
        AgentClient receiver = doors.connect();
        receiver.say(AttachRequest.newBuilder()
                .setHello(Doors.hello("b")
                        .setVersion(Version.newBuilder().setMajor(1).addFeatures("chunks"))
                        .setWindow(Window.newBuilder().setBytes(1_000_000)))
                .build());
        AgentClient sender = doors.large("a");
        Envelope.Builder held = announced(sender, "b", CHUNK)
                .setDeliveryClass(DeliveryClass.DELIVERY_CLASS_AT_LEAST_ONCE)
                .setDeadlineUnixMicros(doors.context.nowMicros() + 100_000_000)
                .setOrdinal(1);
        sender.send(held);
        say(sender, Chunk.newBuilder().setBlob(BLOB).setLast(true));

        receiver.say(AttachRequest.newBuilder()
                .setWindow(Window.newBuilder().setMessages(10).setBytes(1_000_000))
                .build());
        assertThat(receiver.received()).isEmpty();
        sender.send(held.setBlob(8));

        assertThat(receiver.received()).extracting(Envelope::getBlob).containsExactly(8L);
    }

    @Test
    void everySubscriberGetsThePayloadAtThePaceOfTheSlowest() {
        AgentClient fast = subscriber("fast");
        AgentClient slow = subscriber("slow");
        AgentClient sender = doors.large("a");
        byte[] payload = payload(2 * CHUNK);
        Address topic = Address.newBuilder().setTopic("t").build();

        sender.send(announced(sender.envelope(topic), payload.length));
        allow(fast, sender, payload.length);
        assertThat(windows(sender)).isEmpty();
        allow(slow, sender, payload.length);
        sendAll(sender, payload);

        assertThat(dataOf(fast)).isEqualTo(payload);
        assertThat(dataOf(slow)).isEqualTo(payload);
        assertThatNothingIsLeft();
    }

    @Test
    void aSubscriberThatLeavesOrSleepsHoldsNobodyUp() {
        AgentClient fast = subscriber("fast");
        AgentClient leaving = subscriber("leaving");
        subscriber("asleep");
        AgentClient sender = doors.large("a");
        byte[] payload = payload(2 * CHUNK);
        Address topic = Address.newBuilder().setTopic("t").build();
        sender.send(announced(sender.envelope(topic), payload.length));
        allow(fast, sender, payload.length);
        allow(leaving, sender, payload.length);

        leaving.leave();
        assertThat(windows(sender)).isEmpty();
        sweepAfter(Duration.ofSeconds(31));
        sendAll(sender, payload);

        assertThat(sender.told()).isEmpty();
        assertThat(dataOf(fast)).isEqualTo(payload);
        assertThatNothingIsLeft();
    }

    @Test
    void aPublicationThatNobodyHearsIsLetGo() {
        AgentClient sender = doors.large("a");
        byte[] payload = payload(CHUNK);

        sender.send(announced(sender.envelope(Address.newBuilder().setTopic("t").build()), payload.length));
        sendAll(sender, payload);

        assertThat(sender.told()).isEmpty();
        assertThatNothingIsLeft();
    }

    @Test
    void comesFromAPeerOnTheBulkStream() {
        AgentClient receiver = doors.large("b");
        PeerClient peer = PeerClient.welcomed(doors, "there");
        PeerClient bulk = PeerClient.bulk(doors, "there");
        byte[] payload = payload(CHUNK);

        peer.send(announced(peer.envelope("b"), payload.length));
        receiver.say(AttachRequest.newBuilder()
                .addBlobWindows(BlobWindow.newBuilder()
                        .setSession(PeerClient.SESSION)
                        .setBlob(BLOB)
                        .setBytes(payload.length))
                .build());
        bulk.say(DeliverRequest.newBuilder().addChunks(piece(payload, 0, CHUNK).setSession(PeerClient.SESSION)));

        assertThat(windowsOf(peer, bulk))
                .containsExactly(BlobWindow.newBuilder()
                        .setSession(PeerClient.SESSION)
                        .setBlob(BLOB)
                        .setBytes(CHUNK)
                        .build());
        assertThat(dataOf(receiver)).isEqualTo(payload);
        assertThatNothingIsLeft();
    }

    @Test
    void aPeerThatDiesMidwayLeavesNothing() {
        AgentClient receiver = doors.large("b");
        PeerClient peer = PeerClient.welcomed(doors, "there");
        PeerClient bulk = PeerClient.bulk(doors, "there");
        peer.send(announced(peer.envelope("b"), 2 * CHUNK));
        receiver.say(AttachRequest.newBuilder()
                .addBlobWindows(BlobWindow.newBuilder()
                        .setSession(PeerClient.SESSION)
                        .setBlob(BLOB)
                        .setBytes(2 * CHUNK))
                .build());
        bulk.say(DeliverRequest.newBuilder()
                .addChunks(piece(payload(2 * CHUNK), 0, CHUNK).setSession(PeerClient.SESSION)));

        bulk.leave();

        assertThatTheReceiverWasToldOfTheEnd(receiver);
        assertThat(peer.refusals()).containsExactly("1 CODE_NODE_LOST");
        assertThatNothingIsLeft();
    }

    @Test
    void anotherNodeCannotAddToAPayload() {
        AgentClient receiver = doors.large("b");
        PeerClient peer = PeerClient.welcomed(doors, "there");
        PeerClient foreign = PeerClient.bulk(doors, "elsewhere");
        peer.send(announced(peer.envelope("b"), CHUNK));
        receiver.say(AttachRequest.newBuilder()
                .addBlobWindows(BlobWindow.newBuilder()
                        .setSession(PeerClient.SESSION)
                        .setBlob(BLOB)
                        .setBytes(CHUNK))
                .build());

        foreign.say(DeliverRequest.newBuilder()
                .addChunks(piece(payload(CHUNK), 0, CHUNK).setSession(PeerClient.SESSION)));

        assertThat(dataOf(receiver)).isEmpty();
        assertThat(peer.refusals()).isEmpty();
    }

    private AgentClient subscriber(String name) {
        AgentClient subscriber = doors.large(name);
        subscriber.say(AttachRequest.newBuilder()
                .addSubscriptions(Subscription.newBuilder().setPattern("t"))
                .build());
        return subscriber;
    }

    private static Envelope.Builder announced(AgentClient sender, String to, long bytes) {
        return announced(sender.envelope(to), bytes);
    }

    private static Envelope.Builder announced(Envelope.Builder envelope, long bytes) {
        return envelope.setBlob(BLOB).setBlobBytes(bytes);
    }

    private void begin(AgentClient receiver, AgentClient sender, long blob, long bytes) {
        sender.send(announced(sender, "b", bytes).setBlob(blob));
        receiver.say(AttachRequest.newBuilder()
                .addBlobWindows(window(sender, bytes).setBlob(blob))
                .build());
    }

    private static BlobWindow.Builder window(AgentClient sender, long bytes) {
        return BlobWindow.newBuilder()
                .setSession(sender.welcome().getSession())
                .setBlob(BLOB)
                .setBytes(bytes);
    }

    private static void allow(AgentClient receiver, AgentClient sender, long bytes) {
        receiver.say(
                AttachRequest.newBuilder().addBlobWindows(window(sender, bytes)).build());
    }

    private static List<Long> windows(AgentClient sender) {
        return sender.frames().stream()
                .flatMap(frame -> frame.getBlobWindowsList().stream())
                .map(BlobWindow::getBytes)
                .toList();
    }

    private static List<BlobWindow> windowsOf(PeerClient... streams) {
        return List.of(streams).stream()
                .flatMap(stream -> stream.frames().stream())
                .flatMap(frame -> frame.getBlobWindowsList().stream())
                .toList();
    }

    private static byte[] payload(int bytes) {
        byte[] payload = new byte[bytes];
        new Random(bytes).nextBytes(payload);
        return payload;
    }

    private static Chunk.Builder piece(byte[] payload, int from, int to) {
        return Chunk.newBuilder()
                .setBlob(BLOB)
                .setOffset(from)
                .setData(ByteString.copyFrom(payload, from, to - from))
                .setLast(to == payload.length);
    }

    private static void say(AgentClient sender, Chunk.Builder chunk) {
        sender.say(AttachRequest.newBuilder().addChunks(chunk).build());
    }

    private static void chunk(AgentClient sender, byte[] payload, int from, int to) {
        say(sender, piece(payload, from, to));
    }

    private static void sendAll(AgentClient sender, byte[] payload) {
        assertThat(sendWhatIsAllowed(sender, payload, 0)).isEqualTo(payload.length);
    }

    /** Sends whole chunks while the sidecar allows them; returns how far it came. */
    private static int sendWhatIsAllowed(AgentClient sender, byte[] payload, int from) {
        int sent = from;
        while (sent < payload.length) {
            int next = Math.min(payload.length, sent + CHUNK);
            if (windows(sender).stream().mapToLong(Long::longValue).max().orElse(0) < next) {
                return sent;
            }
            chunk(sender, payload, sent, next);
            sent = next;
        }
        return sent;
    }

    private static byte[] dataOf(AgentClient receiver) {
        return receiver.frames().stream()
                .flatMap(frame -> frame.getChunksList().stream())
                .map(Chunk::getData)
                .reduce(ByteString.EMPTY, ByteString::concat)
                .toByteArray();
    }

    private void wake(AgentClient agent) {
        doors.agents.all().stream()
                .filter(local -> local.instance().equals(agent.welcome().getInstance()))
                .forEach(LocalAgent::wake);
        doors.loop.runReady();
    }

    private void sweepAfter(Duration time) {
        doors.loop.advance(time);
        doors.blobs.sweep(doors.context.nowMicros());
        doors.loop.runReady();
    }

    private static void assertThatTheReceiverWasToldOfTheEnd(AgentClient receiver) {
        List<Chunk> chunks = receiver.frames().stream()
                .flatMap(frame -> frame.getChunksList().stream())
                .toList();
        assertThat(chunks).last().satisfies(chunk -> {
            assertThat(chunk.getLast()).isTrue();
            assertThat(chunk.getData().isEmpty()).isTrue();
        });
    }

    private void assertThatNothingIsLeft() {
        assertThat(doors.blobs.size()).isZero();
        assertThat(doors.blobs.reservedBytes()).isZero();
        assertThat(doors.budget.used()).isZero();
    }
}
