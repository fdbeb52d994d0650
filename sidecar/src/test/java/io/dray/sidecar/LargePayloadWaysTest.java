package io.dray.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.agent.v1.AttachRequest;
import io.dray.peer.v1.DeliverRequest;
import io.dray.types.v1.BlobWindow;
import io.dray.types.v1.Chunk;
import io.dray.types.v1.DeliveryClass;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.ReceiptLevel;
import io.dray.types.v1.Version;
import io.dray.types.v1.Window;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Large payloads to clients without chunks, from peers, and such as come again. */
class LargePayloadWaysTest extends LargePayloads {
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
    void payloadsOfOneSenderForClientsWithoutChunksWaitForEachOther() {
        AgentClient receiver = doors.agent("b");
        AgentClient sender = doors.large("a");
        byte[] payload = payload(400_000);
        for (long blob = BLOB; blob < BLOB + 4; blob++) {
            sender.send(announced(sender, "b", payload.length).setBlob(blob));
        }
        assertThat(allowedBlobs(sender)).containsExactly(BLOB);

        sendWhole(sender, payload, BLOB);
        assertThat(allowedBlobs(sender)).containsExactly(BLOB, BLOB + 1);
        say(sender, Chunk.newBuilder().setBlob(BLOB + 2).setLast(true));
        sendWhole(sender, payload, BLOB + 1);
        assertThat(allowedBlobs(sender)).containsExactly(BLOB, BLOB + 1, BLOB + 3);
        sendWhole(sender, payload, BLOB + 3);

        assertThat(receiver.received()).hasSize(3);
        assertThat(sender.told()).noneMatch(receipt -> receipt.contains("REFUSED"));
        assertThatNothingIsLeft();
    }

    @Test
    void aPayloadForAClientWithoutChunksGetsItsRoomThoughSmallerOnesComeAllTheTime() {
        doors.agent("b");
        AgentClient small = doors.large("a");
        AgentClient other = doors.large("c");
        AgentClient sender = doors.large("d");
        byte[] payload = payload(300_000);
        small.send(announced(small, "b", payload.length));
        other.send(announced(other, "b", payload.length));
        sender.send(announced(sender, "b", 900_000));
        assertThat(allowedBlobs(sender)).isEmpty();

        small.send(announced(small, "b", 100_000).setBlob(8));
        sweepAfter(Duration.ofSeconds(9));
        sendWhole(small, payload, BLOB);
        sendWhole(other, payload, BLOB);

        assertThat(allowedBlobs(sender)).containsExactly(BLOB);
        assertThat(allowedBlobs(small)).containsExactly(BLOB);
        sender.leave();
        assertThat(allowedBlobs(small)).containsExactly(BLOB, 8L);
        small.leave();
        other.leave();
        assertThatNothingIsLeft();
    }

    @Test
    void aPayloadThatWaitsForRoomIsNotTooSlowAndLeavesNothingWhenItEnds() {
        doors.agent("b");
        AgentClient holder = doors.large("a");
        AgentClient sender = doors.large("c");
        holder.send(announced(holder, "b", 900_000));
        sender.send(announced(sender, "b", 900_000));
        sender.send(announced(sender, "b", 900_000).setBlob(8));

        sweepAfter(Duration.ofSeconds(29));
        byte[] payload = payload(900_000);
        chunk(holder, payload, 0, CHUNK);
        sweepAfter(Duration.ofSeconds(20));
        assertThat(sender.told()).isEmpty();
        sender.leave();
        holder.leave();

        assertThatNothingIsLeft();
    }

    private static List<Long> allowedBlobs(AgentClient sender) {
        return sender.frames().stream()
                .flatMap(frame -> frame.getBlobWindowsList().stream())
                .map(BlobWindow::getBlob)
                .toList();
    }

    private static void sendWhole(AgentClient sender, byte[] payload, long blob) {
        for (int from = 0; from < payload.length; from += CHUNK) {
            say(
                    sender,
                    piece(payload, from, Math.min(payload.length, from + CHUNK)).setBlob(blob));
        }
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
}
