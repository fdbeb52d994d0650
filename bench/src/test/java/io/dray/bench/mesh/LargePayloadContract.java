package io.dray.bench.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.dray.agent.AgentSpec;
import io.dray.agent.Mesh;
import io.dray.agent.Message;
import io.dray.agent.SendHandle;
import io.dray.agent.v1.AttachRequest;
import io.dray.agent.v1.AttachResponse;
import io.dray.core.testing.Await;
import io.dray.types.v1.DeliveryClass;
import io.dray.types.v1.Priority;
import io.dray.types.v1.Receipt;
import io.dray.types.v1.ReceiptLevel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Payloads far over what an envelope holds, on one node and over two. */
interface LargePayloadContract extends OnMesh {
    int LARGE_BYTES = 20 << 20;

    @ParameterizedTest
    @ValueSource(strings = {"a", "b"})
    default void twentyMebibytesArriveWhileCriticalMessagesPass(String node) throws Exception {
        String name = mesh().name("sink");
        List<ByteString> large = new CopyOnWriteArrayList<>();
        AtomicInteger critical = new AtomicInteger();
        AtomicInteger criticalBeforeLarge = new AtomicInteger();
        AgentSpec spec = AgentSpec.named(name)
                .onRequest("ask", message -> message.payload())
                .onMessage("large", (message, _) -> {
                    criticalBeforeLarge.compareAndSet(0, critical.get());
                    large.add(message.payload());
                })
                .onMessage("critical", (_, _) -> critical.incrementAndGet());
        mesh().connect(node, spec);
        Mesh sender = mesh().connect("a", AgentSpec.named(mesh().name("source")));
        mesh().requestUntilKnown(sender, Message.to(name).type("ask").payload("?"));
        byte[] bytes = new byte[LARGE_BYTES];
        new Random(1).nextBytes(bytes);

        SendHandle sent = sender.send(Message.to(name)
                .type("large")
                .payload(bytes)
                .deadline(Duration.ofSeconds(60))
                .deliveryClass(DeliveryClass.DELIVERY_CLASS_AT_LEAST_ONCE));
        List<SendHandle> urgent = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            urgent.add(sender.send(Message.to(name)
                    .type("critical")
                    .payload("!")
                    .deadline(Duration.ofSeconds(60))
                    .priority(Priority.PRIORITY_CRITICAL)
                    .deliveryClass(DeliveryClass.DELIVERY_CLASS_AT_LEAST_ONCE)));
        }
        for (SendHandle handle : urgent) {
            handle.done().get(30, TimeUnit.SECONDS);
        }
        sent.done().get(60, TimeUnit.SECONDS);

        assertThat(large).containsExactly(ByteString.copyFrom(bytes));
        assertThat(criticalBeforeLarge)
                .as("critical messages, all sent after the large one, that were handled before it")
                .hasValue(10);
        assertThatNothingIsReserved();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b"})
    default void largeRequestsHaveLargeReplies(String node) {
        String name = mesh().name("mirror");
        mesh().connect(node, AgentSpec.named(name).onRequest(Message::payload));
        Mesh asking = mesh().connect("a", AgentSpec.named(mesh().name("asker")));
        mesh().requestUntilKnown(asking, Message.to(name).payload("?"));
        byte[] bytes = new byte[6 << 20];
        new Random(2).nextBytes(bytes);

        Message reply = asking.requestBlocking(Message.to(name).payload(bytes), Duration.ofSeconds(30));

        assertThat(reply.payload()).isEqualTo(ByteString.copyFrom(bytes));
        assertThatNothingIsReserved();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b"})
    default void aPlainClientGetsItWholeOrItsSenderHearsTheLimit(String node) throws Exception {
        RawAgent plain = RawAgent.attach(
                mesh().ownChannel(node), RawAgent.hello(mesh().name("plain")).build());
        Mesh sender = mesh().connect("a", AgentSpec.named(mesh().name("source")));
        String to = "instance:" + plain.welcome().getInstance();
        byte[] bytes = new byte[1 << 20];
        new Random(3).nextBytes(bytes);

        Message message = Message.to(to)
                .deadline(Duration.ofSeconds(30))
                .deliveryClass(DeliveryClass.DELIVERY_CLASS_AT_LEAST_ONCE);
        SendHandle whole = sender.send(message.payload(bytes));
        AttachResponse frame = plain.await("the payload", candidate -> candidate.getEnvelopesCount() > 0);
        plain.send(AttachRequest.newBuilder()
                .addReceipts(Receipt.newBuilder()
                        .setFirst(frame.getFirstDelivery())
                        .setLevel(ReceiptLevel.RECEIPT_LEVEL_DONE))
                .build());
        whole.done().get(30, TimeUnit.SECONDS);
        SendHandle tooLarge = sender.send(message.payload(new byte[5 << 20]));

        assertThat(frame.getEnvelopes(0).getPayload()).isEqualTo(ByteString.copyFrom(bytes));
        assertThatThrownBy(() -> tooLarge.done().get(30, TimeUnit.SECONDS)).hasMessageContaining("TOO_LARGE");
        plain.close();
        assertThatNothingIsReserved();
    }

    private void assertThatNothingIsReserved() {
        for (String node : List.of("a", "b")) {
            Await.until(
                    () -> "memory of node " + node + " given back: " + mesh().meter(node, "dray_memory_used_bytes"),
                    Duration.ofSeconds(10),
                    () -> mesh().meter(node, "dray_memory_used_bytes") == 0);
        }
    }
}
