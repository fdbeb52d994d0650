package io.dray.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.dray.agent.v1.AttachResponse;
import io.dray.core.testing.Await;
import io.dray.core.wire.Addresses;
import io.dray.core.wire.MeshError;
import io.dray.types.v1.Code;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RequestTest {
    private static final Message ASK = Message.to("oracle").type("ask").payload("why");
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

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
    void completesWithItsReplyOffTheLoop() {
        var thread = new CompletableFuture<Thread>();
        var reply = mesh.request(ASK, TIMEOUT);
        var _ = reply.thenAccept(_ -> thread.complete(Thread.currentThread()));
        var request = sidecar.awaitEnvelopes(1).getFirst();

        reply(request, r -> r.setPayload(ByteString.copyFromUtf8("because")));

        // First of all: whoever joins the reply itself may run its callbacks.
        assertThat(thread.join().isVirtual()).isTrue();
        assertThat(reply.join().text()).isEqualTo("because");
        assertThat(reply.join().from()).isEqualTo("oracle/a@there");
        assertThat(request.getKind()).isEqualTo(Kind.KIND_REQUEST);
    }

    @Test
    void failsWithTheErrorOfTheReply() {
        var reply = mesh.request(ASK, TIMEOUT);
        var request = sidecar.awaitEnvelopes(1).getFirst();

        reply(request, r -> r.setError(MeshError.of(Code.CODE_HANDLER_FAILED, "broken")));

        assertFailed(reply, Code.CODE_HANDLER_FAILED);
    }

    @Test
    void failsWhenItIsRefusedOnTheWay() {
        var reply = mesh.request(ASK, TIMEOUT);
        sidecar.awaitEnvelopes(1);

        sidecar.refuse(1, Code.CODE_NO_SUCH_DESTINATION);

        assertFailed(reply, Code.CODE_NO_SUCH_DESTINATION);
    }

    @Test
    void failsAtItsDeadlineAndDropsALateReply() {
        var reply = mesh.request(ASK, TIMEOUT);
        var request = sidecar.awaitEnvelopes(1).getFirst();

        fixture.advance(TIMEOUT);

        assertFailed(reply, Code.CODE_EXPIRED);
        reply(request, _ -> {});
        assertThat(mesh.request(ASK, TIMEOUT)).isNotDone();
    }

    @Test
    void expiresInTheOutboxWhileTheSidecarIsAway() {
        sidecar.refuse(MeshError.of(Code.CODE_DRAINING, "away"));
        sidecar.breakStream();
        var reply = mesh.request(ASK, TIMEOUT);

        fixture.advance(TIMEOUT);

        assertFailed(reply, Code.CODE_EXPIRED);
        assertThat(sidecar.envelopes()).isEmpty();
    }

    @Test
    void tellsTheOtherSideWhenItIsCancelled() {
        var reply = mesh.request(ASK, TIMEOUT);
        sidecar.awaitEnvelopes(1);

        reply.cancel(true);

        var cancel = sidecar.awaitEnvelopes(2).get(1);
        assertThat(cancel.getKind()).isEqualTo(Kind.KIND_CANCEL);
        assertThat(cancel.getCauseSession()).isEqualTo(FakeSidecar.SESSION);
        assertThat(cancel.getCauseSequence()).isOne();
        assertThat(cancel.getTo()).isEqualTo(ASK.to());
    }

    @Test
    void survivesAReconnectWhenTheSidecarHadTakenIt() {
        sidecar.welcome(welcome -> welcome.setReceivedThrough(1));
        var taken = mesh.request(ASK, TIMEOUT);
        var lost = mesh.request(ASK, TIMEOUT);
        var request = sidecar.awaitEnvelopes(2).getFirst();

        sidecar.breakStream();
        sidecar.awaitHello(2);

        assertFailed(lost, Code.CODE_NODE_LOST);
        assertThat(taken).isNotDone();
        reply(request, _ -> {});
        assertThat(taken.join().from()).isEqualTo("oracle/a@there");
    }

    @Test
    void isLostWithTheSidecarThatHadIt() {
        var reply = mesh.request(ASK, TIMEOUT);
        sidecar.awaitEnvelopes(1);
        sidecar.welcome(welcome -> welcome.setIncarnation(2).setReceivedThrough(1));

        sidecar.breakStream();

        assertFailed(reply, Code.CODE_NODE_LOST);
    }

    @Test
    void blocksForAReplyWithoutAFuture() {
        var answer = CompletableFuture.supplyAsync(() -> mesh.requestBlocking(ASK, TIMEOUT));
        var request = sidecar.awaitEnvelopes(1).getFirst();

        reply(request, _ -> {});

        assertThat(answer.join().type()).isEqualTo("answer");
    }

    @Test
    void refusesAnAddressThatIsNone() {
        assertThatThrownBy(() -> Message.to("No Such Name"))
                .isInstanceOfSatisfying(
                        MeshException.class, e -> assertThat(e.code()).isEqualTo(Code.CODE_BAD_NAME));
        assertThatThrownBy(() -> mesh.request(Message.toCapability("UPPER"), TIMEOUT))
                .isInstanceOfSatisfying(
                        MeshException.class, e -> assertThat(e.code()).isEqualTo(Code.CODE_BAD_NAME));
    }

    private void reply(Envelope request, Consumer<Envelope.Builder> change) {
        var reply = Envelope.newBuilder()
                .setTo(Addresses.instance(FakeSidecar.INSTANCE))
                .setFrom("oracle/a@there")
                .setSession(7)
                .setSequence(1)
                .setKind(Kind.KIND_REPLY)
                .setType("answer")
                .setCauseSession(request.getSession())
                .setCauseSequence(request.getSequence());
        change.accept(reply);
        sidecar.send(AttachResponse.newBuilder().addEnvelopes(reply).setFirstDelivery(1));
    }

    private static void assertFailed(CompletableFuture<Message> reply, Code code) {
        Await.until("failed", reply::isDone);
        assertThatThrownBy(reply::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        MeshException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
