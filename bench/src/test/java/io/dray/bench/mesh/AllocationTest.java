package io.dray.bench.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.agent.v1.AgentServiceGrpc;
import io.dray.agent.v1.AttachRequest;
import io.dray.agent.v1.AttachResponse;
import io.dray.agent.v1.Welcome;
import io.dray.core.net.Transport;
import io.dray.core.testing.Await;
import io.dray.core.wire.Addresses;
import io.dray.types.v1.Envelope;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a sidecar allocates to route one message of 100 B when they come 64 to a frame. */
class AllocationTest {
    private static final int BATCH = 64;
    private static final int BATCHES_IN_FLIGHT = 64;
    private static final int WARM_UP_BATCHES = 4_000;
    private static final int MEASURED_BATCHES = 4_000;
    private static final int PAYLOAD_BYTES = 100;
    private static final double ALLOWED_BYTES = 64;
    private static final String METER = "dray_loop_allocated_bytes_total";

    @RegisterExtension
    static final MeshFixture MESH = new MeshFixture(Transport.EPOLL, true, "a");

    @Test
    void routingAMessageAllocatesLittle() throws Exception {
        ManagedChannel channel = MESH.ownChannel("a");
        Semaphore inFlight = new Semaphore(BATCHES_IN_FLIGHT * BATCH);
        Stream sink = new Stream(channel, MESH.name("sink"), inFlight);
        Stream source = new Stream(MESH.ownChannel("a"), MESH.name("source"), inFlight);
        String destination = sink.welcome().getInstance();

        source.send(destination, WARM_UP_BATCHES);
        double before = MESH.meter("a", METER);
        source.send(destination, MEASURED_BATCHES);
        double allocated = MESH.meter("a", METER) - before;

        assertThat(before).as(METER).isPositive();
        double perMessage = allocated / ((double) MEASURED_BATCHES * BATCH);
        System.out.printf("allocated per routed message: %.1f B%n", perMessage);
        assertThat(perMessage).isLessThanOrEqualTo(ALLOWED_BYTES);
    }

    /** A raw attachment that counts what it receives. */
    private static final class Stream implements StreamObserver<AttachResponse> {
        private final Semaphore inFlight;
        private final StreamObserver<AttachRequest> requests;
        private final AtomicReference<@Nullable Welcome> welcome = new AtomicReference<>();
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        private final AtomicLong sequence = new AtomicLong();

        Stream(ManagedChannel channel, String name, Semaphore inFlight) {
            this.inFlight = inFlight;
            this.requests = AgentServiceGrpc.newStub(channel).attach(this);
            requests.onNext(
                    AttachRequest.newBuilder().setHello(RawAgent.hello(name)).build());
        }

        Welcome welcome() {
            Await.until(() -> "a welcome; failure: " + failure, Duration.ofSeconds(15), () -> welcome.get() != null);
            Welcome answer = welcome.get();
            return answer == null ? Welcome.getDefaultInstance() : answer;
        }

        /** Sends batches and returns when all of them were received. */
        void send(String instance, int batches) throws InterruptedException {
            Envelope template = Envelope.newBuilder()
                    .setTo(Addresses.instance(instance))
                    .setFrom(welcome().getInstance())
                    .setSession(welcome().getSession())
                    .setPayload(ByteString.copyFrom(new byte[PAYLOAD_BYTES]))
                    .build();
            for (int i = 0; i < batches; i++) {
                AttachRequest.Builder frame = AttachRequest.newBuilder();
                for (int j = 0; j < BATCH; j++) {
                    frame.addEnvelopes(template.toBuilder().setSequence(sequence.incrementAndGet()));
                }
                assertThat(inFlight.tryAcquire(BATCH, 15, TimeUnit.SECONDS))
                        .as("failure: " + failure)
                        .isTrue();
                requests.onNext(frame.build());
            }
            int all = BATCHES_IN_FLIGHT * BATCH;
            assertThat(inFlight.tryAcquire(all, 15, TimeUnit.SECONDS))
                    .as("all arrive")
                    .isTrue();
            inFlight.release(all);
        }

        @Override
        public void onNext(AttachResponse frame) {
            if (frame.hasWelcome()) {
                welcome.set(frame.getWelcome());
            }
            inFlight.release(frame.getEnvelopesCount());
        }

        @Override
        public void onError(Throwable cause) {
            failure.set(cause);
        }

        @Override
        public void onCompleted() {
            failure.set(new IllegalStateException("the sidecar ended the stream"));
        }
    }
}
