package io.dray.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dray.agent.v1.AttachResponse;
import io.dray.agent.v1.Flow;
import io.dray.core.testing.Await;
import io.dray.types.v1.Code;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Priority;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FlowTest {
    private static final Message SLOW = Message.to("slow").type("slow");
    private static final Message FAST = Message.to("fast").type("fast");

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
    void makesSendersWaitForThePausedDestinationAlone() {
        var mesh = fixture.attach();
        flow(true, 0);
        var sent = new CompletableFuture<Void>();
        Thread.startVirtualThread(() -> {
            mesh.send(SLOW);
            sent.complete(null);
        });

        mesh.send(FAST);
        assertThat(sidecar.awaitEnvelopes(1)).extracting(Envelope::getType).containsExactly("fast");
        assertThat(sent).isNotDone();
        flow(false, 0);

        sent.join();
        assertThat(sidecar.awaitEnvelopes(2)).extracting(Envelope::getType).containsExactly("fast", "slow");
    }

    @Test
    void letsOtherLanesPassWhereOneIsPaused() {
        var mesh = fixture.attach(AgentSpec.named("tester"), MeshFixture.CONFIG.withOnFull(OnFull.FAIL));
        Message low = SLOW.priority(Priority.PRIORITY_LOW);
        Message critical = SLOW.priority(Priority.PRIORITY_CRITICAL).type("critical");
        flow(Flow.newBuilder().setTo(SLOW.to()).setPaused(true).setPriority(Priority.PRIORITY_LOW));

        mesh.send(critical);
        assertThatThrownBy(() -> mesh.send(low)).isInstanceOf(MeshException.class);
        assertThat(sidecar.awaitEnvelopes(1)).extracting(Envelope::getType).containsExactly("critical");
        flow(Flow.newBuilder().setTo(SLOW.to()).setPriority(Priority.PRIORITY_LOW));
        mesh.send(low);

        assertThat(sidecar.awaitEnvelopes(2)).extracting(Envelope::getType).containsExactly("critical", "slow");
    }

    @Test
    void throwsAtOnceWhereWaitingIsNotWanted() {
        var mesh = fixture.attach(AgentSpec.named("tester"), MeshFixture.CONFIG.withOnFull(OnFull.FAIL));
        flow(true, 0);

        assertThatThrownBy(() -> mesh.send(SLOW)).isInstanceOfSatisfying(MeshException.class, e -> {
            assertThat(e.code()).isEqualTo(Code.CODE_MAILBOX_FULL);
            assertThat(e).hasMessageContaining("agent:slow");
        });
    }

    @Test
    void holdsBackWhatIsAlreadyInTheOutboxAndKeepsItsOrder() {
        var mesh = fixture.attach();
        sidecar.pause();
        int fillers = 20;
        for (int i = 0; i < fillers; i++) {
            mesh.send(FAST.payload(new byte[32 * 1024]));
        }
        for (int i = 0; i < 100; i++) {
            mesh.send(SLOW.header("n", Integer.toString(i)));
        }
        flow(true, 0);
        mesh.send(FAST.type("last"));
        fixture.goOn();

        sidecar.awaitEnvelopes(fillers + 1);
        Await.until(
                "the last of the others",
                () -> sidecar.envelopes().stream()
                        .anyMatch(envelope -> envelope.getType().equals("last")));
        assertThat(slow()).isEmpty();
        flow(false, 0);

        Await.until("all held back", () -> slow().size() == 100);
        assertThat(slow())
                .extracting(envelope -> Integer.valueOf(envelope.getHeadersOrThrow("n")))
                .isSorted();
    }

    @Test
    void goesOnByItselfAfterThePauseThatWasNamed() {
        var mesh = fixture.attach();
        flow(true, 5_000);
        Thread.startVirtualThread(() -> mesh.send(SLOW));

        fixture.advance(Duration.ofSeconds(5));

        assertThat(sidecar.awaitEnvelopes(1)).extracting(Envelope::getType).containsExactly("slow");
    }

    @Test
    void forgetsPausesWithTheStreamThatSaidThem() {
        var mesh = fixture.attach();
        flow(true, 0);

        sidecar.breakStream();
        sidecar.awaitHello(2);
        mesh.send(SLOW);

        assertThat(sidecar.awaitEnvelopes(1)).extracting(Envelope::getType).containsExactly("slow");
    }

    private List<Envelope> slow() {
        return sidecar.envelopes().stream()
                .filter(envelope -> envelope.getType().equals("slow"))
                .toList();
    }

    /** Sends a Flow and waits until the agent has taken it. */
    private void flow(boolean paused, int retryAfterMillis) {
        flow(Flow.newBuilder().setTo(SLOW.to()).setPaused(paused).setRetryAfterMillis(retryAfterMillis));
    }

    private void flow(Flow.Builder flow) {
        sidecar.send(AttachResponse.newBuilder().addFlows(flow));
        fixture.barrier();
    }
}
