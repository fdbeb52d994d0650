package io.dray.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.agent.v1.AttachRequest;
import io.dray.agent.v1.AttachResponse;
import io.dray.agent.v1.Flow;
import io.dray.core.testing.Await;
import io.dray.core.wire.Addresses;
import io.dray.types.v1.Address;
import io.dray.types.v1.Code;
import io.dray.types.v1.DeliveryClass;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Error;
import io.dray.types.v1.HopNote;
import io.dray.types.v1.Kind;
import io.dray.types.v1.Priority;
import io.dray.types.v1.Receipt;
import io.dray.types.v1.ReceiptLevel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InboxTest {
    private static final AgentSpec AGENT = AgentSpec.named("tester");

    private MeshFixture fixture;
    private FakeSidecar sidecar;
    private long delivered;

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
    void answersARequestFromAVirtualThread() {
        var thread = new CompletableFuture<Thread>();
        fixture.attach(AGENT.onRequest("greet", message -> {
            thread.complete(Thread.currentThread());
            return "hello " + message.text();
        }));

        deliver(request(5).setType("greet").setPriority(Priority.PRIORITY_HIGH).setHops(2));

        var reply = sidecar.awaitEnvelopes(1).getFirst();
        assertThat(thread.join().isVirtual()).isTrue();
        assertThat(reply.getPayload().toStringUtf8()).isEqualTo("hello world");
        assertThat(reply.getKind()).isEqualTo(Kind.KIND_REPLY);
        assertThat(reply.getTo()).isEqualTo(Addresses.instance("asker/a@there"));
        assertThat(reply.getCauseSession()).isEqualTo(77);
        assertThat(reply.getCauseSequence()).isEqualTo(5);
        assertThat(reply.getPriority()).isEqualTo(Priority.PRIORITY_HIGH);
        assertThat(reply.getHops()).isEqualTo(3);
    }

    @Test
    void runsInlineHandlersOnTheLoopAndInOrder() {
        var seen = Collections.synchronizedList(new ArrayList<String>());
        fixture.attach(AGENT.inlineHandlers().onMessage((message, _) -> {
            seen.add(message.type() + Thread.currentThread().getName());
        }));

        deliver(event(1).setType("a"), event(2).setType("b"), event(3).setType("c"));

        Await.until("all three", () -> seen.size() == 3);
        assertThat(seen).containsExactly("atest-loop", "btest-loop", "ctest-loop");
    }

    @Test
    void answersWithTheFailureOfAHandler() {
        fixture.attach(AGENT.onRequest(_ -> {
            throw new IllegalStateException("broken");
        }));

        deliver(request(1));

        var error = sidecar.awaitEnvelopes(1).getFirst().getError();
        assertThat(error.getCode()).isEqualTo(Code.CODE_HANDLER_FAILED);
        assertThat(error.getValue()).contains("broken");
    }

    @Test
    void answersWhereThereIsNoHandler() {
        fixture.attach(AGENT.onMessage("known", (_, _) -> {}));

        deliver(request(1).setType("unknown"), event(2).setType("unknown"));

        assertThat(sidecar.awaitEnvelopes(1).getFirst().getError().getCode()).isEqualTo(Code.CODE_NO_HANDLER);
        var receipt = awaitReceipt(ReceiptLevel.RECEIPT_LEVEL_REFUSED);
        assertThat(receipt.getFirst()).isEqualTo(2);
        assertThat(receipt.getError().getCode()).isEqualTo(Code.CODE_NO_HANDLER);
    }

    @Test
    void namesTheTypesThatItHandlesWhereThereIsNoHandler() {
        AgentSpec agent = AGENT.onMessage("zoom", (_, _) -> {});
        for (int i = 0; i < 9; i++) {
            agent = agent.onMessage("known-" + i, (_, _) -> {});
        }
        fixture.attach(agent);

        deliver(request(1), request(2).setType("unknown"));

        List<Envelope> replies = sidecar.awaitEnvelopes(2);
        Error untyped = replies.getFirst().getError();
        assertThat(untyped.getMessage()).isEqualTo("The agent has no handler for messages without a type.");
        assertThat(untyped.getExpected())
                .startsWith("type known-0, known-1, ")
                .endsWith("known-7 and 2 more (with dray: --type)");
        Error unknown = replies.get(1).getError();
        assertThat(unknown.getValue()).isEqualTo("unknown");
        assertThat(unknown.getMessage()).isEqualTo("The agent has no handler for messages of this type.");
    }

    @Test
    void refusesAnEventWhoseHandlerFailed() {
        fixture.attach(AGENT.onMessage((_, _) -> {
            throw new MeshException(Errors.full("me", "not now"));
        }));

        deliver(event(1));

        assertThat(awaitReceipt(ReceiptLevel.RECEIPT_LEVEL_REFUSED).getError().getCode())
                .isEqualTo(Code.CODE_MAILBOX_FULL);
    }

    @Test
    void saysDoneInRunsForThoseThatWantIt() {
        var handled = new AtomicInteger();
        fixture.attach(AGENT.inlineHandlers().onMessage((_, _) -> handled.incrementAndGet()));

        deliver(
                event(1),
                event(2).setReceipt(ReceiptLevel.RECEIPT_LEVEL_DONE),
                event(3).setDeliveryClass(DeliveryClass.DELIVERY_CLASS_AT_LEAST_ONCE),
                event(4).setReceipt(ReceiptLevel.RECEIPT_LEVEL_DELIVERED));

        var receipt = awaitReceipt(ReceiptLevel.RECEIPT_LEVEL_DONE);
        assertThat(receipt.getFirst()).isEqualTo(2);
        assertThat(receipt.getCount()).isEqualTo(2);
        assertThat(handled).hasValue(4);
    }

    @Test
    void runsMessagesOfOneOrderingKeyOneAfterTheOther() {
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        var order = Collections.synchronizedList(new ArrayList<String>());
        var others = new CountDownLatch(2);
        fixture.attach(AGENT.onMessage((message, _) -> {
            if (message.type().equals("free")) {
                others.countDown();
                others.await();
                return;
            }
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            order.add(message.type());
            running.decrementAndGet();
        }));
        List<Envelope.Builder> deliveries = new ArrayList<>();
        for (int i = 100; i < 200; i++) {
            deliveries.add(event(i).setType("n" + i).setOrderingKey("key"));
        }
        deliveries.add(event(1).setType("free"));
        deliveries.add(event(2).setType("free"));

        deliver(deliveries.toArray(Envelope.Builder[]::new));

        Await.until("all handled", () -> order.size() == 100 && others.getCount() == 0);
        assertThat(most).hasValue(1);
        assertThat(order).isSorted();
    }

    @Test
    void boundsHowManyRunAtOnceAndLetsCriticalOnesPass() {
        var release = new CountDownLatch(1);
        var started = Collections.synchronizedList(new ArrayList<String>());
        fixture.attach(
                AGENT.onMessage((message, _) -> {
                    started.add(message.type());
                    release.await();
                }),
                MeshFixture.CONFIG.withConcurrency(2));

        deliver(event(1).setType("a"), event(2).setType("b"), event(3).setType("c"));
        Await.until("two run", () -> started.size() == 2);
        deliver(event(4).setType("critical").setPriority(Priority.PRIORITY_CRITICAL));

        Await.until("three run", () -> started.size() == 3);
        assertThat(started).contains("critical").hasSize(3);
        release.countDown();
        Await.until("all ran", () -> started.size() == 4);
    }

    @Test
    void throwsInAnInlineHandlerThatWouldHaveToWait() {
        var code = new CompletableFuture<Code>();
        fixture.attach(AGENT.inlineHandlers().onMessage((_, context) -> {
            try {
                context.mesh().send(Message.to("slow"));
            } catch (MeshException e) {
                code.complete(e.code());
            }
        }));

        sidecar.send(AttachResponse.newBuilder()
                .addFlows(Flow.newBuilder().setTo(Addresses.agent("slow")).setPaused(true)));
        deliver(event(1));

        assertThat(code.join()).isEqualTo(Code.CODE_MAILBOX_FULL);
    }

    @Test
    void interruptsTheHandlerOfACancelledRequest() {
        var interrupted = new CompletableFuture<Boolean>();
        var started = new CountDownLatch(1);
        fixture.attach(AGENT.onMessage((_, context) -> {
            started.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException _) {
                interrupted.complete(context.isCancelled());
            }
        }));
        deliver(request(9));
        Await.until("started", () -> started.getCount() == 0);

        deliver(event(10).setKind(Kind.KIND_CANCEL).setCauseSession(77).setCauseSequence(9));

        assertThat(interrupted.join()).isTrue();
    }

    @Test
    void namesTheCauseOfWhatAHandlerSends() {
        fixture.attach(AGENT.onMessage((_, context) -> context.mesh().send(Message.to("next"))));

        deliver(event(3).setHops(4));

        var sent = sidecar.awaitEnvelopes(1).getFirst();
        assertThat(sent.getHops()).isEqualTo(5);
        assertThat(sent.getCauseSession()).isEqualTo(77);
        assertThat(sent.getCauseSequence()).isEqualTo(3);
    }

    @Test
    void givesATopicToTheSubscriptionsItIsFor() {
        var seen = Collections.synchronizedList(new ArrayList<String>());
        var mesh = fixture.attach(AGENT.inlineHandlers()
                .subscribe("news.*", (message, _) -> seen.add("plain " + message.topic()))
                .subscribe("news.>", "group", (message, _) -> seen.add("group " + message.topic())));
        assertThat(sidecar.hellos().getFirst().getSubscriptionsList())
                .extracting(subscription -> subscription.getPattern() + "|" + subscription.getQueueGroup())
                .containsExactly("news.*|", "news.>|group");

        deliver(topic("news.a"), HopNote.newBuilder().setPlainSubscribers(true));
        deliver(topic("news.b"), HopNote.newBuilder().addQueueGroups("group"));
        deliver(topic("news.c.d"), HopNote.newBuilder().addQueueGroups("group").setPlainSubscribers(true));
        var later = mesh.subscribe("late", (_, _) -> seen.add("late"));
        sidecar.awaitFrame(
                "the subscription",
                frame -> frame.getSubscriptionsList().stream()
                        .anyMatch(
                                subscription -> subscription.getPattern().equals("late") && !subscription.getRemove()));
        deliver(topic("late"), HopNote.newBuilder().setPlainSubscribers(true));
        fixture.barrier();
        later.close();

        sidecar.awaitFrame(
                "the removal",
                frame -> frame.getSubscriptionsList().stream().anyMatch(subscription -> subscription.getRemove()));
        assertThat(seen).containsExactly("plain news.a", "group news.b", "group news.c.d", "late");
    }

    @Test
    void doesNotRunAgainWhatComesAgainAfterALostReceipt() {
        var runs = new AtomicInteger();
        var release = new CountDownLatch(1);
        fixture.attach(AGENT.onMessage((message, _) -> {
            runs.incrementAndGet();
            if (message.type().equals("slow")) {
                release.await();
            }
        }));
        var held = event(1).setDeliveryClass(DeliveryClass.DELIVERY_CLASS_AT_LEAST_ONCE);
        var slow = held.clone().setSequence(2).setType("slow");
        deliver(held, slow);
        Await.until("both run", () -> runs.get() == 2);
        awaitReceipt(ReceiptLevel.RECEIPT_LEVEL_DONE);

        sidecar.breakStream();
        sidecar.awaitHello(2);
        int before = sidecar.frames().size();
        delivered = 100;
        deliver(held, slow);
        Await.until("done again", () -> doneAfter(before).contains(101L));
        assertThat(doneAfter(before)).doesNotContain(102L);
        release.countDown();

        Await.until("the slow one is done", () -> doneAfter(before).contains(102L));
        assertThat(runs).hasValue(2);
    }

    @Test
    void runsAgainWhatFailedBefore() {
        var runs = new AtomicInteger();
        fixture.attach(AGENT.onMessage((_, _) -> {
            if (runs.incrementAndGet() == 1) {
                throw new MeshException(Errors.full("me", "not now"));
            }
        }));
        var held = event(1).setDeliveryClass(DeliveryClass.DELIVERY_CLASS_AT_LEAST_ONCE);
        deliver(held);
        awaitReceipt(ReceiptLevel.RECEIPT_LEVEL_REFUSED);

        deliver(held);

        assertThat(awaitReceipt(ReceiptLevel.RECEIPT_LEVEL_DONE).getFirst()).isEqualTo(2);
        assertThat(runs).hasValue(2);
    }

    @Test
    void grantsAWindowAndMoreOfItAsHandlersTakeMessages() {
        fixture.attach(AGENT.inlineHandlers().onMessage((_, _) -> {}));
        var first = sidecar.hellos().getFirst().getWindow();
        assertThat(first.getMessages()).isGreaterThanOrEqualTo(ReceiveWindow.MIN_MESSAGES);
        assertThat(first.getBytes()).isGreaterThanOrEqualTo(ReceiveWindow.MIN_BYTES);

        for (int i = 0; i < first.getMessages(); i++) {
            deliver(event(i + 1));
        }

        sidecar.awaitFrame(
                "a grant for as many again",
                frame -> frame.getWindow().getMessages() >= first.getMessages() + ReceiveWindow.MIN_MESSAGES);
    }

    private void deliver(Envelope.Builder... envelopes) {
        var frame = AttachResponse.newBuilder().setFirstDelivery(delivered + 1);
        for (Envelope.Builder envelope : envelopes) {
            frame.addEnvelopes(envelope);
            delivered++;
        }
        sidecar.send(frame);
    }

    private void deliver(Envelope.Builder envelope, HopNote.Builder note) {
        sidecar.send(AttachResponse.newBuilder()
                .setFirstDelivery(++delivered)
                .addEnvelopes(envelope)
                .addNotes(note));
    }

    private Receipt awaitReceipt(ReceiptLevel level) {
        return sidecar
                .awaitFrame(
                        "a receipt", frame -> receipts(frame, level).findFirst().isPresent())
                .getReceiptsList()
                .stream()
                .filter(receipt -> receipt.getLevel() == level)
                .findFirst()
                .orElseThrow();
    }

    /** Returns the delivery numbers that were said to be done after so many frames. */
    private List<Long> doneAfter(int frames) {
        return sidecar.frames().stream()
                .skip(frames)
                .flatMap(frame -> receipts(frame, ReceiptLevel.RECEIPT_LEVEL_DONE))
                .flatMap(run -> LongStream.range(run.getFirst(), run.getFirst() + run.getCount())
                        .boxed())
                .toList();
    }

    private static Stream<Receipt> receipts(AttachRequest frame, ReceiptLevel level) {
        return frame.getReceiptsList().stream().filter(receipt -> receipt.getLevel() == level);
    }

    private static Envelope.Builder request(long sequence) {
        return event(sequence).setKind(Kind.KIND_REQUEST);
    }

    private static Envelope.Builder topic(String topic) {
        return event(1).setTo(Address.newBuilder().setTopic(topic));
    }

    private static Envelope.Builder event(long sequence) {
        return Envelope.newBuilder()
                .setTo(Addresses.agent("tester"))
                .setFrom("asker/a@there")
                .setSession(77)
                .setSequence(sequence)
                .setPayload(ByteString.copyFromUtf8("world"));
    }
}
