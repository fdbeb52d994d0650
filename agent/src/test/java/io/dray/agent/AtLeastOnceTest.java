package io.dray.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dray.core.testing.Await;
import io.dray.core.wire.MeshError;
import io.dray.types.v1.Code;
import io.dray.types.v1.DeliveryClass;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.ReceiptLevel;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AtLeastOnceTest {
    private static final Message HELD =
            Message.to("receiver").type("t").payload("x").deliveryClass(DeliveryClass.DELIVERY_CLASS_AT_LEAST_ONCE);

    private MeshFixture fixture;
    private FakeSidecar sidecar;
    private Mesh mesh;

    @BeforeEach
    void start() throws IOException {
        fixture = new MeshFixture();
        sidecar = fixture.sidecar;
        mesh = fixture.attach();
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void numbersMessagesForEachDestinationAndGivesThemADeadline() {
        mesh.send(HELD);
        mesh.send(HELD.readdress(Message.to("other").to()));
        mesh.send(HELD);

        var envelopes = sidecar.awaitEnvelopes(3);
        assertThat(envelopes).extracting(Envelope::getOrdinal).containsExactly(1L, 1L, 2L);
        assertThat(envelopes).allSatisfy(envelope -> {
            assertThat(envelope.getReceipt()).isEqualTo(ReceiptLevel.RECEIPT_LEVEL_DONE);
            assertThat(envelope.getDeadlineUnixMicros() - fixture.loop.unixMicros())
                    .isBetween(20_000_000L, 30_000_000L);
        });
    }

    @Test
    void sendsTheSameNumbersAgainAfterARefusalThatMayPass() {
        var done = mesh.send(HELD).done();
        sidecar.awaitEnvelopes(1);

        sidecar.refuse(1, Code.CODE_MAILBOX_FULL);

        var envelopes = sidecar.awaitEnvelopes(2);
        assertThat(envelopes.get(1)).isEqualTo(envelopes.get(0));
        assertThat(done).isNotDone();
        sidecar.receipt(1, 1, ReceiptLevel.RECEIPT_LEVEL_DONE);
        assertThat(done.join().id().sequence()).isOne();
    }

    @Test
    void failsAtOnceAfterARefusalForGood() {
        var done = mesh.send(HELD).done();
        sidecar.awaitEnvelopes(1);

        sidecar.refuse(1, Code.CODE_HANDLER_FAILED);

        assertThatThrownBy(done::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        MeshException.class, e -> assertThat(e.code()).isEqualTo(Code.CODE_HANDLER_FAILED));
    }

    @Test
    void sendsAgainAfterASilence() {
        mesh.send(HELD);
        sidecar.awaitEnvelopes(1);

        fixture.advance(Duration.ofSeconds(3));

        assertThat(sidecar.awaitEnvelopes(2)).extracting(Envelope::getOrdinal).containsOnly(1L);
    }

    @Test
    void completesExactlyOnceWhateverComesLater() {
        var completions = new AtomicInteger();
        var handle = mesh.send(HELD);
        var _ = handle.done().whenComplete((_, _) -> completions.incrementAndGet());
        sidecar.awaitEnvelopes(1);

        sidecar.receipt(1, 1, ReceiptLevel.RECEIPT_LEVEL_DONE);
        sidecar.receipt(1, 1, ReceiptLevel.RECEIPT_LEVEL_DONE);
        sidecar.refuse(1, Code.CODE_NODE_LOST);
        sidecar.receipt(1, 1, ReceiptLevel.RECEIPT_LEVEL_ACCEPTED);
        fixture.advance(Duration.ofMinutes(1));

        assertThat(handle.done().join().level()).isEqualTo(ReceiptLevel.RECEIPT_LEVEL_DONE);
        Await.until("completed", () -> completions.get() == 1);
        mesh.send(HELD.type("after"));
        sidecar.awaitEnvelopes(2);
        assertThat(completions).hasValue(1);
        assertThat(sidecar.envelopes()).extracting(Envelope::getType).containsExactly("t", "after");
    }

    @Test
    void givesUpAtItsDeadline() {
        var done = mesh.send(HELD.deadline(Duration.ofSeconds(1))).done();
        sidecar.awaitEnvelopes(1);

        fixture.advance(Duration.ofSeconds(1));

        assertThatThrownBy(done::join).hasMessageContaining("EXPIRED");
    }

    @Test
    void resumesItsSessionAndSendsAgainWhatTheSidecarHasNotTaken() {
        sidecar.welcome(welcome -> welcome.setReceivedThrough(1));
        var first = mesh.send(HELD.type("first"));
        mesh.send(HELD.type("second"));
        sidecar.awaitEnvelopes(2);

        sidecar.breakStream();

        var hello = sidecar.awaitHello(2);
        assertThat(hello.getSession()).isEqualTo(FakeSidecar.SESSION);
        assertThat(hello.getSessionSecret().toStringUtf8()).isEqualTo("secret");
        assertThat(hello.getSuffix()).isEqualTo("one");
        var envelopes = sidecar.awaitEnvelopes(3);
        assertThat(envelopes.get(2)).isEqualTo(envelopes.get(1));
        sidecar.receipt(1, 2, ReceiptLevel.RECEIPT_LEVEL_DONE);
        assertThat(first.done().join().level()).isEqualTo(ReceiptLevel.RECEIPT_LEVEL_DONE);
    }

    @Test
    void startsANewSessionWithNewNumbersWhenTheOldOneIsNotAccepted() {
        var handle = mesh.send(HELD);
        mesh.send(Message.to("receiver").payload("lost"));
        sidecar.awaitEnvelopes(2);
        sidecar.refuse(MeshError.of(Code.CODE_BAD_SESSION_SECRET, "no"));

        sidecar.breakStream();
        Await.until("the refused resume", () -> sidecar.hellos().size() >= 2);
        sidecar.welcome(welcome -> welcome.setSession(99));
        sidecar.refuse(null);

        Await.until("a new session", () -> sidecar.hellos().getLast().getSession() == 0);
        var again = sidecar.awaitEnvelopes(3).get(2);
        assertThat(again.getSession()).isEqualTo(99);
        assertThat(again.getSequence()).isOne();
        assertThat(again.getOrdinal()).isOne();
        sidecar.receipt(1, 1, ReceiptLevel.RECEIPT_LEVEL_DONE);
        assertThat(handle.done().join().id().session()).isEqualTo(99);
    }

    @Test
    void keepsTheUnfinishedSpanOfADestinationBounded() {
        int count = Destination.SPAN + 10;
        Thread.startVirtualThread(() -> {
            for (int i = 0; i < count; i++) {
                mesh.send(HELD);
            }
        });
        sidecar.awaitEnvelopes(Destination.SPAN);
        mesh.send(Message.to("other").type("free"));
        Await.until("the free one", () -> hasType("free"));

        assertThat(greatestOrdinal()).isEqualTo(Destination.SPAN);
        // All but the oldest: the span is still full.
        sidecar.receipt(2, Destination.SPAN - 1, ReceiptLevel.RECEIPT_LEVEL_DONE);
        mesh.send(Message.to("other").type("still free"));
        Await.until("the one that is still free", () -> hasType("still free"));
        assertThat(greatestOrdinal()).isEqualTo(Destination.SPAN);
        sidecar.receipt(1, 1, ReceiptLevel.RECEIPT_LEVEL_DONE);

        Await.until("all ordinals", () -> greatestOrdinal() == count);
        // On a slow machine the oldest is sent again meanwhile.
        assertThat(sidecar.envelopes().stream()
                        .map(Envelope::getOrdinal)
                        .filter(ordinal -> ordinal > 0)
                        .distinct())
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, count).boxed().toList());
    }

    private boolean hasType(String type) {
        return sidecar.envelopes().stream()
                .anyMatch(envelope -> envelope.getType().equals(type));
    }

    private long greatestOrdinal() {
        return sidecar.envelopes().stream()
                .mapToLong(Envelope::getOrdinal)
                .max()
                .orElse(0);
    }
}
