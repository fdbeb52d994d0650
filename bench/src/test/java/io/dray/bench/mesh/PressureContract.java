package io.dray.bench.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.agent.AgentSpec;
import io.dray.agent.Mesh;
import io.dray.agent.MeshException;
import io.dray.agent.Message;
import io.dray.agent.OnFull;
import io.dray.agent.Receipt;
import io.dray.agent.SendHandle;
import io.dray.agent.v1.AttachedAgent;
import io.dray.core.testing.Await;
import io.dray.core.wire.Addresses;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.dray.types.v1.Priority;
import io.dray.types.v1.ReceiptLevel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Slow and stopped consumers hurt nobody else, and urgent messages pass the others. */
interface PressureContract extends OnMesh {
    int LOW_MESSAGES = 2_000;
    int CRITICAL_MESSAGES = 20;
    int HEALTHY_MESSAGES = 2_000;
    int STEP = 100;
    ByteString FLOOD = ByteString.copyFrom(new byte[8_192]);
    int FLOOD_ENVELOPES = 20;
    int MAX_FLOODS = 1_000;
    long QUEUE_LIMIT = 64 * 1024;

    @ParameterizedTest
    @ValueSource(strings = {"a", "b"})
    default void criticalMessagesPassWaitingLowOnes(String node) {
        String name = mesh().name("slow");
        CountDownLatch gate = new CountDownLatch(1);
        List<String> order = new CopyOnWriteArrayList<>();
        AgentSpec spec = AgentSpec.named(name).onRequest("ping", _ -> "pong").onMessage("work", (message, _) -> {
            gate.await();
            order.add(message.text());
        });
        mesh().connect(spec, mesh().config(node).withConcurrency(1));
        Mesh sender = mesh().connect("a", AgentSpec.named(mesh().name("sender")));
        mesh().requestUntilKnown(sender, Message.to(name).type("ping"));

        for (int i = 0; i < LOW_MESSAGES; i++) {
            var _ = sender.send(Message.to(name)
                    .type("work")
                    .priority(Priority.PRIORITY_LOW)
                    .payload("low"));
        }
        List<CompletableFuture<Receipt>> accepted = new ArrayList<>();
        for (int i = 0; i < CRITICAL_MESSAGES; i++) {
            accepted.add(sender.send(Message.to(name)
                            .type("work")
                            .priority(Priority.PRIORITY_CRITICAL)
                            .receipt(ReceiptLevel.RECEIPT_LEVEL_ACCEPTED)
                            .payload("critical"))
                    .accepted());
        }
        accepted.forEach(CompletableFuture::join);
        gate.countDown();

        Await.until(
                () -> "all handled; have " + order.size(),
                Duration.ofSeconds(30),
                () -> order.size() == LOW_MESSAGES + CRITICAL_MESSAGES);
        assertThat(order.lastIndexOf("critical")).isLessThan(LOW_MESSAGES / 2);
        assertThat(order.stream().filter("critical"::equals).count()).isEqualTo(CRITICAL_MESSAGES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b"})
    default void aLaneThatIsFullHoldsNoOtherLaneBack(String node) {
        String name = mesh().name("slow");
        CountDownLatch gate = new CountDownLatch(1);
        AtomicInteger urgent = new AtomicInteger();
        AgentSpec spec = AgentSpec.named(name).onRequest("ping", _ -> "pong").onMessage((message, _) -> {
            gate.await();
            urgent.addAndGet(message.type().equals("urgent") ? 1 : 0);
        });
        mesh().connect(spec, mesh().config(node).withConcurrency(1));
        AgentSpec senderSpec = AgentSpec.named(mesh().name("sender")).onRequest("ping", _ -> "pong");
        Mesh sender = mesh().connect(senderSpec, mesh().config("a").withOnFull(OnFull.FAIL));
        mesh().requestUntilKnown(sender, Message.to(name).type("ping"));
        Message low =
                Message.to(name).type("work").priority(Priority.PRIORITY_LOW).payload(FLOOD);
        Await.until("LOW is told to hold back", MeshFixture.PATIENCE, () -> isHeldBack(sender, low));

        requestToTheSidecar(sender);

        List<CompletableFuture<Receipt>> accepted = new ArrayList<>();
        for (int i = 0; i < CRITICAL_MESSAGES; i++) {
            for (Priority priority :
                    List.of(Priority.PRIORITY_NORMAL, Priority.PRIORITY_HIGH, Priority.PRIORITY_CRITICAL)) {
                accepted.add(accepted(sender, low.type("urgent").priority(priority)));
            }
        }

        accepted.forEach(CompletableFuture::join);
        assertThat(isHeldBack(sender, low)).isTrue();
        gate.countDown();
        Await.until(
                () -> "all others handled; have " + urgent,
                Duration.ofSeconds(30),
                () -> urgent.get() == accepted.size());
    }

    /** Sends it; LOW that was let go on and is held back again may fill the way to the sidecar for a moment. */
    private static CompletableFuture<Receipt> accepted(Mesh sender, Message message) {
        Message asking = message.receipt(ReceiptLevel.RECEIPT_LEVEL_ACCEPTED);
        var sent = new ArrayList<SendHandle>();
        Await.until("the outbox has room", MeshFixture.PATIENCE, () -> {
            try {
                sent.add(sender.send(asking));
                return true;
            } catch (MeshException e) {
                assertThat(e).hasMessageContaining("The outbox is full");
                return false;
            }
        });
        return sent.getFirst().accepted();
    }

    /** Whatever was on its way to the sidecar is there when this is answered. */
    private void requestToTheSidecar(Mesh sender) {
        mesh().requestUntilKnown(
                        sender, Message.to("instance:" + sender.instance()).type("ping"));
    }

    private static boolean isHeldBack(Mesh sender, Message message) {
        try {
            for (int i = 0; i < STEP; i++) {
                var _ = sender.send(message);
            }
            return false;
        } catch (MeshException e) {
            assertThat(e.code()).isEqualTo(Code.CODE_MAILBOX_FULL);
            // Before that the way to the sidecar may be full for a moment.
            return String.valueOf(e.getMessage()).contains("The destination is full");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b"})
    default void aStoppedConsumerHurtsNobodyElse(String node) {
        CountDownLatch never = new CountDownLatch(1);
        String stopped = mesh().name("stopped");
        String healthy = mesh().name("healthy");
        AgentSpec stoppedSpec =
                AgentSpec.named(stopped).onRequest("ping", _ -> "pong").onMessage((_, _) -> never.await());
        mesh().connect(stoppedSpec, mesh().config(node).withConcurrency(1));
        AtomicInteger handled = new AtomicInteger();
        AgentSpec healthySpec =
                AgentSpec.named(healthy).onRequest("ping", _ -> "pong").onMessage((_, _) -> handled.incrementAndGet());
        Mesh healthyMesh = mesh().connect(node, healthySpec);
        AgentSpec senderSpec = AgentSpec.named(mesh().name("sender"));
        Mesh sender = mesh().connect(senderSpec, mesh().config("a").withOnFull(OnFull.FAIL));
        mesh().requestUntilKnown(sender, Message.to(stopped).type("ping"));
        mesh().requestUntilKnown(sender, Message.to(healthy).type("ping"));
        RawAgent flooder = RawAgent.attach(
                mesh().ownChannel("a"), RawAgent.hello(mesh().name("flooder")).build());

        floodUntilRefused(flooder, stopped);
        long stuck = flooder.unanswered();
        long greatestQueue = 0;
        for (int i = 0; i < HEALTHY_MESSAGES; i += STEP) {
            flooder.awaitAnswers(stuck);
            flood(flooder, stopped);
            List<CompletableFuture<Receipt>> done = new ArrayList<>();
            for (int j = 0; j < STEP; j++) {
                Message message = Message.to(healthy)
                        .receipt(ReceiptLevel.RECEIPT_LEVEL_DONE)
                        .payload(new byte[100]);
                done.add(sender.send(message).done());
            }
            greatestQueue = Math.max(greatestQueue, queuedBytes(node, healthyMesh.instance()));
            done.forEach(CompletableFuture::join);
        }

        assertThat(handled).hasValue(HEALTHY_MESSAGES);
        assertThat(greatestQueue).isLessThan(QUEUE_LIMIT);
        assertThat(flooder.isAttached()).isTrue();
        never.countDown();
    }

    /** Sends, deaf to Flow, to a destination that takes nothing until its mailbox is full. */
    private void floodUntilRefused(RawAgent flooder, String stopped) {
        for (int i = 0; i < MAX_FLOODS && flooder.refusals().isEmpty(); i++) {
            flood(flooder, stopped);
            awaitEmptyLinks();
        }
        Await.until("a refusal", MeshFixture.PATIENCE, () -> !flooder.refusals().isEmpty());
        awaitEmptyLinks();
        assertThat(flooder.refusals()).extracting(Error::getCode).containsOnly(Code.CODE_MAILBOX_FULL);
    }

    private static void flood(RawAgent flooder, String stopped) {
        for (int i = 0; i < FLOOD_ENVELOPES; i++) {
            flooder.send(flooder.envelope(Addresses.agent(stopped))
                    .setReceipt(ReceiptLevel.RECEIPT_LEVEL_DELIVERED)
                    .setPayload(FLOOD)
                    .build());
        }
    }

    private void awaitEmptyLinks() {
        Await.until("links are empty", () -> mesh().meter("a", "dray_link_queued_bytes") == 0);
    }

    private long queuedBytes(String node, String instance) {
        return mesh().status(node).getAgentsList().stream()
                .filter(agent -> agent.getInstance().equals(instance))
                .mapToLong(AttachedAgent::getQueuedBytes)
                .sum();
    }
}
