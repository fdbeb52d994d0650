package io.dray.bench.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.agent.AgentSpec;
import io.dray.agent.Mesh;
import io.dray.agent.Message;
import io.dray.agent.v1.AgentServiceGrpc;
import io.dray.agent.v1.AttachRequest;
import io.dray.agent.v1.AttachResponse;
import io.dray.agent.v1.Welcome;
import io.dray.core.testing.Await;
import io.dray.core.wire.Addresses;
import io.dray.types.v1.DeliveryClass;
import io.dray.types.v1.Envelope;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Many attachments, one after the other and at once. */
interface AttachContract extends OnMesh {
    int AT_ONCE = 32;
    int LARGE_SENDERS = 40;
    int LARGE_BYTES = 4 * 1024 * 1024 - 64 * 1024 - 1024;

    /** How many attachments one after the other; fewer where the transport is not the point. */
    default int rounds() {
        return 10_000;
    }

    @Test
    default void nothingSentAfterTheWelcomeIsLost() throws Exception {
        ManagedChannel channel = mesh().ownChannel("a");
        Semaphore permits = new Semaphore(AT_ONCE);
        AtomicInteger delivered = new AtomicInteger();
        AtomicInteger failed = new AtomicInteger();

        for (int round = 0; round < rounds(); round++) {
            permits.acquire();
            new Round(channel, "round-" + round, permits, delivered, failed).start();
        }

        assertThat(permits.tryAcquire(AT_ONCE, 20, TimeUnit.SECONDS))
                .as("all rounds end")
                .isTrue();
        assertThat(failed).hasValue(0);
        assertThat(delivered).hasValue(rounds());
    }

    /** Attaches under a new name, sends itself a message at once, and leaves when it has it. */
    final class Round implements StreamObserver<AttachResponse> {
        private final String name;
        private final Semaphore permits;
        private final AtomicInteger delivered;
        private final AtomicInteger failed;
        private final StreamObserver<AttachRequest> requests;

        Round(ManagedChannel channel, String name, Semaphore permits, AtomicInteger delivered, AtomicInteger failed) {
            this.name = name;
            this.permits = permits;
            this.delivered = delivered;
            this.failed = failed;
            this.requests = AgentServiceGrpc.newStub(channel)
                    .withDeadlineAfter(30, TimeUnit.SECONDS)
                    .attach(this);
        }

        void start() {
            requests.onNext(
                    AttachRequest.newBuilder().setHello(RawAgent.hello(name)).build());
        }

        @Override
        public void onNext(AttachResponse frame) {
            if (frame.hasWelcome()) {
                requests.onNext(AttachRequest.newBuilder()
                        .addEnvelopes(toItself(frame.getWelcome()))
                        .build());
            }
            if (frame.getEnvelopesCount() > 0) {
                delivered.incrementAndGet();
                requests.onNext(AttachRequest.newBuilder().setGoodbye(true).build());
                requests.onCompleted();
            }
        }

        @Override
        public void onError(Throwable failure) {
            failed.incrementAndGet();
            permits.release();
        }

        @Override
        public void onCompleted() {
            permits.release();
        }

        private Envelope toItself(Welcome welcome) {
            return Envelope.newBuilder()
                    .setTo(Addresses.agent(name))
                    .setFrom(welcome.getInstance())
                    .setSession(welcome.getSession())
                    .setSequence(1)
                    .build();
        }
    }

    @Test
    default void noneOfManyLargestEnvelopesAtOnceCutsAnybodyOff() throws Exception {
        String name = mesh().name("large-sink");
        AtomicInteger received = new AtomicInteger();
        mesh().connect("a", AgentSpec.named(name).onMessage((message, _) -> {
            assertThat(message.payload().size()).isEqualTo(LARGE_BYTES);
            received.incrementAndGet();
        }));
        ByteString payload = ByteString.copyFrom(new byte[LARGE_BYTES]);
        List<Mesh> senders = new ArrayList<>();
        List<String> instances = new ArrayList<>();
        for (int i = 0; i < LARGE_SENDERS; i++) {
            Mesh sender = mesh().connect("a", AgentSpec.named(mesh().name("large")));
            senders.add(sender);
            instances.add(sender.instance());
        }

        List<CompletableFuture<?>> done = new ArrayList<>();
        for (Mesh sender : senders) {
            done.add(sender.send(Message.to(name)
                            .deliveryClass(DeliveryClass.DELIVERY_CLASS_AT_LEAST_ONCE)
                            .deadline(Duration.ofSeconds(60))
                            .payload(payload))
                    .done());
        }

        CompletableFuture.allOf(done.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
        assertThat(received).hasValue(LARGE_SENDERS);
        assertThat(senders).extracting(Mesh::instance).isEqualTo(instances);
        Await.until("memory is given back", () -> mesh().meter("a", "dray_memory_used_bytes") == 0);
    }
}
