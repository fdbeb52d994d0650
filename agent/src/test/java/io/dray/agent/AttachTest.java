package io.dray.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dray.agent.v1.AttachResponse;
import io.dray.agent.v1.Subscription;
import io.dray.core.testing.Await;
import io.dray.core.wire.Addresses;
import io.dray.core.wire.MeshError;
import io.dray.types.v1.Code;
import io.dray.types.v1.DeliveryClass;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.ReceiptLevel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttachTest {
    private static final AgentSpec AGENT = AgentSpec.named("tester")
            .suffix("one")
            .capability("dig")
            .label("zone", "x")
            .taskSlots(3)
            .onTask((_, _) -> new byte[0]);

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
    void introducesTheAgent() {
        var mesh = fixture.attach(AGENT);

        var hello = sidecar.hellos().getFirst();
        assertThat(hello.getVersion().getMajor()).isOne();
        assertThat(hello.getAgent()).isEqualTo("tester");
        assertThat(hello.getSuffix()).isEqualTo("one");
        assertThat(hello.getCapabilitiesList()).containsExactly("dig");
        assertThat(hello.getLabelsMap()).containsEntry("zone", "x");
        assertThat(hello.getTaskSlots()).isEqualTo(3);
        assertThat(hello.getSession()).isZero();
        assertThat(hello.getIncarnation()).isPositive();
        assertThat(mesh.instance()).isEqualTo(FakeSidecar.INSTANCE);
        assertThat(mesh.node()).isEqualTo("here");
    }

    @Test
    void registersAllAgainAfterAReconnect() {
        var mesh = fixture.attach(AGENT.subscribe("early", (_, _) -> {}));
        mesh.subscribe("late.*", "group", (_, _) -> {});
        mesh.subscribe("gone", (_, _) -> {}).close();
        sidecar.awaitFrame("the subscription", frame -> frame.getSubscriptionsCount() > 0);

        sidecar.breakStream();

        var hello = sidecar.awaitHello(2);
        assertThat(hello.getSubscriptionsList())
                .extracting(Subscription::getPattern)
                .containsExactly("early", "late.*");
        assertThat(hello.getCapabilitiesList()).containsExactly("dig");
        assertThat(hello.getTaskSlots()).isEqualTo(3);
        assertThat(hello.getSession()).isEqualTo(FakeSidecar.SESSION);
    }

    @Test
    void throwsTheRefusalOfTheSidecarAtOnce() {
        sidecar.refuse(MeshError.of(Code.CODE_UNSUPPORTED_VERSION, "speak 2"));

        assertThatThrownBy(() -> fixture.attach(AGENT))
                .isInstanceOfSatisfying(
                        MeshException.class, e -> assertThat(e.code()).isEqualTo(Code.CODE_UNSUPPORTED_VERSION));
    }

    @Test
    void triesAgainWhileTheRefusalMayPass() {
        sidecar.refuse(MeshError.of(Code.CODE_NAME_TAKEN, "for now"));
        var attached = CompletableFuture.supplyAsync(() -> fixture.attach(AGENT));
        Await.until("a second try", () -> sidecar.hellos().size() >= 2);

        sidecar.refuse(null);

        assertThat(attached.join().instance()).isEqualTo(FakeSidecar.INSTANCE);
    }

    @Test
    void saysWhatToStartWhenNobodyAnswers(@TempDir Path folder) {
        var config = MeshConfig.defaults()
                .withSidecar("unix:" + folder.resolve("none.sock"))
                .withConnectTimeout(Duration.ofMillis(200));

        assertThatThrownBy(() -> Mesh.connect(AGENT, config)).isInstanceOfSatisfying(MeshException.class, e -> {
            assertThat(e.code()).isEqualTo(Code.CODE_UNREACHABLE);
            assertThat(e).hasMessageContaining("none.sock").hasMessageContaining(". Start one with `dray up`");
        });
    }

    @Test
    void refusesAWorkerThatNoTaskCanReach() {
        AgentSpec worker = AgentSpec.named("worker").onTask("slow", (_, _) -> new byte[0]);

        assertThatThrownBy(() -> Mesh.connect(worker)).isInstanceOfSatisfying(MeshException.class, e -> {
            assertThat(e.code()).isEqualTo(Code.CODE_MISSING_FIELD);
            assertThat(e).hasMessageContaining("capability");
        });
    }

    @Test
    void sendsAnEchoBack() {
        fixture.attach(AGENT);

        sidecar.send(AttachResponse.newBuilder().setEcho(42));

        assertThat(sidecar.awaitFrame("the echo", frame -> frame.getEcho() == 42))
                .isNotNull();
    }

    @Test
    void saysGoodbyeAndHalfClosesOnce() {
        var mesh = fixture.attach();
        mesh.send(Message.to("receiver"));

        mesh.close();
        mesh.close();

        assertThat(sidecar.envelopes()).hasSize(1);
        assertThat(sidecar.frames().getLast().getGoodbye()).isTrue();
        assertThat(sidecar.halfClosed()).isOne();
        assertThatThrownBy(() -> mesh.send(Message.to("receiver"))).hasMessageContaining("DRAINING");
    }

    @Test
    void waitsForHandlersAndReceiptsBeforeItLeaves() {
        var config = MeshFixture.CONFIG.withCloseTimeout(Duration.ofSeconds(10));
        var release = new CountDownLatch(1);
        var mesh = fixture.attach(AgentSpec.named("tester").onMessage((_, _) -> release.await()), config);
        var held = mesh.send(Message.to("receiver").deliveryClass(DeliveryClass.DELIVERY_CLASS_AT_LEAST_ONCE));
        sidecar.awaitEnvelopes(1);
        sidecar.send(AttachResponse.newBuilder()
                .setFirstDelivery(1)
                .addEnvelopes(Envelope.newBuilder()
                        .setTo(Addresses.agent("tester"))
                        .setFrom("a/b@c")
                        .setSession(1)
                        .setSequence(1)
                        .setReceipt(ReceiptLevel.RECEIPT_LEVEL_DONE)));
        fixture.barrier();

        var closed = CompletableFuture.runAsync(mesh::close);
        sidecar.receipt(1, 1, ReceiptLevel.RECEIPT_LEVEL_DONE);
        sidecar.awaitFrame("goodbye", frame -> frame.getGoodbye());
        assertThat(closed).isNotDone();
        release.countDown();

        closed.join();
        assertThat(held.done().join()).isNotNull();
        assertThat(sidecar.frames())
                .anySatisfy(frame -> assertThat(frame.getReceiptsCount()).isPositive());
    }

    @Test
    void failsWhatIsUnfinishedWhenItsTimeToCloseIsOver() {
        var mesh = fixture.attach();
        var reply = mesh.request(Message.to("receiver"), Duration.ofMinutes(5));
        sidecar.awaitEnvelopes(1);

        mesh.close();

        assertThatThrownBy(reply::join).hasMessageContaining("DRAINING");
    }
}
