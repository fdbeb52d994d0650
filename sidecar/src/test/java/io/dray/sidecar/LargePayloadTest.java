package io.dray.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.agent.v1.AttachRequest;
import io.dray.agent.v1.AttachResponse;
import io.dray.types.v1.Chunk;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.dray.types.v1.Priority;
import io.dray.types.v1.Receipt;
import io.dray.types.v1.ReceiptLevel;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Payloads that come and go as chunks, through the doors of one sidecar. */
class LargePayloadTest extends LargePayloads {
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
}
