package io.dray.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dray.agent.v1.AttachRequest;
import io.dray.agent.v1.AttachResponse;
import io.dray.core.testing.Await;
import io.dray.core.wire.MessageId;
import io.dray.types.v1.Code;
import io.dray.types.v1.DeliveryClass;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Limits;
import io.dray.types.v1.Priority;
import io.dray.types.v1.ReceiptLevel;
import io.dray.types.v1.Window;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SendTest {
    private static final Message PLAIN = Message.to("receiver").type("t").payload(new byte[100]);

    private MeshFixture fixture;
    private FakeSidecar sidecar;

    @BeforeEach
    void start() throws IOException {
        fixture = new MeshFixture();
        sidecar = fixture.sidecar;
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void stampsEveryEnvelopeWithItsIdentity() {
        var mesh = fixture.attach();

        mesh.send(PLAIN);
        mesh.send(PLAIN);

        var envelopes = sidecar.awaitEnvelopes(2);
        assertThat(envelopes).extracting(Envelope::getSequence).containsExactly(1L, 2L);
        assertThat(envelopes).allSatisfy(envelope -> {
            assertThat(envelope.getFrom()).isEqualTo(FakeSidecar.INSTANCE);
            assertThat(envelope.getSession()).isEqualTo(FakeSidecar.SESSION);
            assertThat(envelope.getOrdinal()).isZero();
        });
    }

    @Test
    void gathersWaitingMessagesIntoBoundedFrames() {
        var mesh = fixture.attach();
        sidecar.pause();
        int count = 1_000;

        for (int i = 0; i < count; i++) {
            mesh.send(PLAIN);
        }
        fixture.goOn();

        var envelopes = sidecar.awaitEnvelopes(count);
        assertThat(envelopes)
                .extracting(Envelope::getSequence)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, count).boxed().toList());
        assertThat(sidecar.frames()).hasSizeLessThan(100);
        assertThat(sidecar.frames()).allSatisfy(frame -> {
            assertThat(frame.getSerializedSize()).isLessThan(128 * 1024);
            assertThat(frame.getEnvelopesCount()).isLessThanOrEqualTo(1_024);
        });
    }

    @Test
    void letsUrgentMessagesOvertakeAndKeepsTheOrderOfEachLane() {
        var mesh = fixture.attach();
        sidecar.pause();
        fillStream(mesh);
        int sent = 200;

        for (int i = 0; i < sent; i++) {
            mesh.send(PLAIN.type("low").priority(Priority.PRIORITY_LOW));
        }
        for (int i = 0; i < 5; i++) {
            mesh.send(PLAIN.type("critical" + i).priority(Priority.PRIORITY_CRITICAL));
        }
        Await.until("all are in the outbox", () -> sidecar.envelopes().size() < sent);
        fixture.goOn();

        Await.until("all arrived", () -> types("low").size() == sent);
        var types = sidecar.envelopes().stream().map(Envelope::getType).toList();
        assertThat(types.indexOf("critical4")).isLessThan(types.lastIndexOf("low") - 100);
        assertThat(types.stream().filter(type -> type.startsWith("critical")))
                .containsExactly("critical0", "critical1", "critical2", "critical3", "critical4");
        assertThat(sidecar.envelopes()).extracting(Envelope::getSequence).isSorted();
    }

    @Test
    void refusesWhatIsTooLargeBeforeSending() {
        sidecar.welcome(welcome -> welcome.setLimits(
                Limits.newBuilder().setMaxEnvelopeBytes(10_000).setMaxHeaderBytes(1_000)));
        var mesh = fixture.attach();

        assertThatThrownBy(() -> mesh.send(PLAIN.payload(new byte[10_000])))
                .isInstanceOfSatisfying(MeshException.class, e -> {
                    assertThat(e.code()).isEqualTo(Code.CODE_TOO_LARGE);
                    assertThat(e).hasMessageContaining("at most 10000 bytes");
                });
        assertThatThrownBy(() -> mesh.send(PLAIN.header("h", "x".repeat(1_000))))
                .isInstanceOfSatisfying(
                        MeshException.class, e -> assertThat(e.code()).isEqualTo(Code.CODE_HEADER_TOO_LARGE));
        mesh.send(PLAIN);
        assertThat(sidecar.awaitEnvelopes(1)).hasSize(1);
    }

    @Test
    void sendsOneLargeEnvelopeAlone() {
        var mesh = fixture.attach();
        sidecar.pause();
        fillStream(mesh);
        int before = fillers;

        mesh.send(PLAIN);
        mesh.send(PLAIN.type("large").payload(new byte[300_000]));
        mesh.send(PLAIN);
        fixture.goOn();

        sidecar.awaitEnvelopes(before + 3);
        var frame = sidecar.frames().stream()
                .filter(f ->
                        f.getEnvelopesList().stream().anyMatch(e -> e.getType().equals("large")))
                .findFirst()
                .orElseThrow();
        assertThat(frame.getEnvelopesCount()).isOne();
    }

    @Test
    void completesEachLevelThatWasAskedFor() {
        var mesh = fixture.attach();
        var handle = mesh.send(PLAIN.receipt(ReceiptLevel.RECEIPT_LEVEL_DELIVERED));
        var accepted = handle.accepted();
        var delivered = handle.delivered();
        sidecar.awaitEnvelopes(1);

        sidecar.receipt(1, 1, ReceiptLevel.RECEIPT_LEVEL_ACCEPTED);
        assertThat(accepted.join().id()).isEqualTo(new MessageId(FakeSidecar.SESSION, 1));
        assertThat(delivered).isNotDone();
        sidecar.receipt(1, 1, ReceiptLevel.RECEIPT_LEVEL_DELIVERED);

        assertThat(delivered.join().level()).isEqualTo(ReceiptLevel.RECEIPT_LEVEL_DELIVERED);
        assertThat(handle.id()).contains(new MessageId(FakeSidecar.SESSION, 1));
        assertThatThrownBy(() -> handle.done().join())
                .isInstanceOf(CompletionException.class)
                .hasMessageContaining("INVALID_REQUEST");
    }

    @Test
    void whoAsksLateHearsWhatWasToldBefore() {
        var mesh = fixture.attach();
        var running = mesh.send(PLAIN.deliveryClass(DeliveryClass.DELIVERY_CLASS_AT_LEAST_ONCE));
        var done = mesh.send(PLAIN.deliveryClass(DeliveryClass.DELIVERY_CLASS_AT_LEAST_ONCE));
        var refused = mesh.send(PLAIN.deliveryClass(DeliveryClass.DELIVERY_CLASS_AT_LEAST_ONCE));
        var next = mesh.send(PLAIN.receipt(ReceiptLevel.RECEIPT_LEVEL_ACCEPTED));
        sidecar.awaitEnvelopes(4);
        sidecar.receipt(1, 3, ReceiptLevel.RECEIPT_LEVEL_ACCEPTED);
        sidecar.receipt(1, 2, ReceiptLevel.RECEIPT_LEVEL_DELIVERED);
        sidecar.receipt(2, 1, ReceiptLevel.RECEIPT_LEVEL_DONE);
        sidecar.refuse(3, Code.CODE_UNSUPPORTED_ENCODING);
        sidecar.receipt(4, 1, ReceiptLevel.RECEIPT_LEVEL_ACCEPTED);
        var _ = next.accepted().join();

        assertThat(running.accepted().join().level()).isEqualTo(ReceiptLevel.RECEIPT_LEVEL_DELIVERED);
        assertThat(running.delivered()).isCompleted();
        assertThat(running.done()).isNotDone();
        assertThat(done.accepted().join())
                .isEqualTo(new Receipt(new MessageId(FakeSidecar.SESSION, 2), ReceiptLevel.RECEIPT_LEVEL_DONE));
        assertThatThrownBy(() -> refused.accepted().join()).hasMessageContaining("UNSUPPORTED_ENCODING");
        sidecar.receipt(1, 1, ReceiptLevel.RECEIPT_LEVEL_DONE);
        assertThat(running.done().join().level()).isEqualTo(ReceiptLevel.RECEIPT_LEVEL_DONE);
    }

    @Test
    void tellsOfRefusalsEvenWhenNoReceiptWasAsked() {
        var refused = new CompletableFuture<String>();
        var mesh = fixture.attach(AgentSpec.named("tester")
                .onRefused((id, error) -> refused.complete(id.sequence() + " " + error.getCode())));
        mesh.send(PLAIN);
        sidecar.awaitEnvelopes(1);

        sidecar.refuse(1, Code.CODE_MAILBOX_FULL);

        assertThat(refused.join()).isEqualTo("1 CODE_MAILBOX_FULL");
    }

    @Test
    void holdsTheWindowThatTheSidecarGives() {
        sidecar.welcome(
                welcome -> welcome.setWindow(Window.newBuilder().setMessages(3).setBytes(1 << 20)));
        var mesh = fixture.attach();

        for (int i = 0; i < 5; i++) {
            mesh.send(PLAIN);
        }
        sidecar.awaitEnvelopes(3);
        sidecar.send(AttachResponse.newBuilder().setEcho(7));
        sidecar.awaitFrame("echo", frame -> frame.getEcho() == 7);

        assertThat(sidecar.envelopes()).hasSize(3);
        sidecar.send(AttachResponse.newBuilder()
                .setWindow(Window.newBuilder().setMessages(5).setBytes(1 << 20)));
        assertThat(sidecar.awaitEnvelopes(5)).hasSize(5);
    }

    @Test
    void boundsTheOutboxAndGoesOnWhenThereIsRoom() {
        var mesh = fixture.attach(AgentSpec.named("tester"), MeshFixture.CONFIG.withOnFull(OnFull.FAIL));
        sidecar.pause();
        int sent = sendUntilFull(mesh, PLAIN.payload(new byte[10_000]));

        assertThat(sent).isBetween(90, 140);
        fixture.goOn();
        Await.until("room again", () -> trySend(mesh, PLAIN));
        assertThat(sidecar.awaitEnvelopes(sent + 1)).hasSizeGreaterThan(sent);
    }

    @Test
    void makesTheCallerWaitForRoomUntilItsDeadline() {
        var mesh = fixture.attach();
        sidecar.pause();
        sendUntilFull(mesh, PLAIN.payload(new byte[10_000]));
        var waiting = new CompletableFuture<Void>();
        Thread.startVirtualThread(() -> {
            mesh.send(PLAIN.type("waited"));
            waiting.complete(null);
        });

        assertThatThrownBy(() -> mesh.send(PLAIN.deadline(Duration.ofMillis(30)).payload(new byte[10])))
                .isInstanceOfSatisfying(
                        MeshException.class, e -> assertThat(e.code()).isEqualTo(Code.CODE_EXPIRED));
        assertThat(waiting).isNotDone();
        fixture.goOn();

        waiting.join();
        Await.until("the one that waited", () -> types("waited").size() == 1);
    }

    private int fillers;

    /** Sends until the stream takes no more, so that what follows waits in the lanes. */
    private void fillStream(Mesh mesh) {
        for (int i = 0; i < 4; i++) {
            mesh.send(PLAIN.type("filler").payload(new byte[64 * 1024]));
            fillers++;
        }
        Await.until("the stream is full", () -> !sidecar.frames().isEmpty() || fillers > 0);
    }

    private static int sendUntilFull(Mesh mesh, Message message) {
        int sent = 0;
        while (sent < 10_000 && trySend(mesh, message.deadline(Duration.ofMillis(20)))) {
            sent++;
        }
        return sent;
    }

    private static boolean trySend(Mesh mesh, Message message) {
        try {
            mesh.send(message);
            return true;
        } catch (MeshException _) {
            return false;
        }
    }

    private List<Envelope> types(String type) {
        return sidecar.frames().stream()
                .map(AttachRequest::getEnvelopesList)
                .flatMap(List::stream)
                .filter(envelope -> envelope.getType().equals(type))
                .toList();
    }
}
