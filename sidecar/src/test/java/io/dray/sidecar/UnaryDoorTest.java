package io.dray.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import io.dray.agent.v1.AgentServiceGrpc;
import io.dray.agent.v1.AgentServiceGrpc.AgentServiceBlockingStub;
import io.dray.agent.v1.AttachRequest;
import io.dray.agent.v1.AttachResponse;
import io.dray.agent.v1.GetStatusRequest;
import io.dray.agent.v1.GetStatusResponse;
import io.dray.agent.v1.PublishRequest;
import io.dray.agent.v1.RequestRequest;
import io.dray.agent.v1.RequestResponse;
import io.dray.agent.v1.SendRequest;
import io.dray.agent.v1.SendResponse;
import io.dray.agent.v1.StatusServiceGrpc;
import io.dray.agent.v1.SubscribeRequest;
import io.dray.agent.v1.SubscribeResponse;
import io.dray.agent.v1.Subscription;
import io.dray.core.config.DataSize;
import io.dray.core.net.ChannelSettings;
import io.dray.core.net.Endpoint;
import io.dray.core.net.EventLoops;
import io.dray.core.net.GrpcChannels;
import io.dray.core.net.Transport;
import io.dray.core.testing.Await;
import io.dray.core.wire.MeshError;
import io.dray.types.v1.Address;
import io.dray.types.v1.Code;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Error;
import io.dray.types.v1.ReceiptLevel;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnaryDoorTest {
    private static final int WINDOW_BYTES = 128 * 1024;
    private static final Address TO_A = Address.newBuilder().setAgent("a").build();

    @TempDir
    private Path folder;

    private Sidecar sidecar;
    private EventLoops loops;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws IOException {
        var memory = new MemoryConfig(
                DataSize.ofMiB(16),
                DataSize.ofMiB(1),
                DataSize.ofMiB(1),
                DataSize.ofMiB(1),
                DataSize.ofKiB(64),
                DataSize.ofMiB(1),
                DataSize.ofMiB(0),
                DataSize.ofKiB(256));
        var config = new SidecarConfig(
                "here",
                "default",
                Profile.BALANCED,
                folder,
                "nio",
                1,
                Map.of(),
                new AgentsConfig(
                        "none",
                        "127.0.0.1:0",
                        java.time.Duration.ofSeconds(5),
                        DataSize.ofKiB(64),
                        AgentsConfig.DEFAULT.batch()),
                new PeersConfig(
                        "127.0.0.1:0",
                        "",
                        java.time.Duration.ofSeconds(2),
                        DataSize.ofMiB(1),
                        1,
                        PeersConfig.DEFAULT.batch()),
                new SidecarConfig.Routers(List.of()),
                new SidecarConfig.Admin("127.0.0.1:0"),
                CompressionConfig.DEFAULT,
                memory,
                CacheConfig.DEFAULT,
                SidecarConfig.Lanes.DEFAULT,
                SidecarConfig.Metering.DEFAULT,
                SidecarConfig.Log.DEFAULT);
        sidecar = Sidecar.start(config, false);
        loops = EventLoops.start(Transport.NIO, 1, "door-test");
        Endpoint endpoint = Endpoint.parse(sidecar.agentEndpoints().getFirst());
        channel = GrpcChannels.open(loops, endpoint, ChannelSettings.forAgents());
    }

    @AfterEach
    void stop() throws IOException {
        channel.shutdownNow();
        sidecar.close();
        loops.close();
    }

    @Test
    void bytesThatAreNoRequestEndWithBadFrame() {
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS);
        for (MethodDescriptor<?, ?> method :
                List.of(AgentServiceGrpc.getSendMethod(), StatusServiceGrpc.getGetStatusMethod())) {
            Throwable thrown =
                    catchThrowable(() -> ClientCalls.blockingUnaryCall(channel, raw(method), options, new byte[] {-1}));

            assertThat(MeshError.from(thrown).getCode()).isEqualTo(Code.CODE_BAD_FRAME);
        }
        assertThat(refusals("BAD_FRAME")).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RECEIPT_LEVEL_UNSPECIFIED", "RECEIPT_LEVEL_REFUSED", "RECEIPT_LEVEL_ACCEPTED"})
    void waitsForAcceptedUnlessTheWishIsAHigherLevel(String level) throws Exception {
        attach();

        SendResponse response = door().send(SendRequest.newBuilder()
                .setTo(TO_A)
                .setWaitFor(ReceiptLevel.valueOf(level))
                .build());

        assertThat(response.getLevel()).isEqualTo(ReceiptLevel.RECEIPT_LEVEL_ACCEPTED);
    }

    @Test
    void refusesAWishThatIsNoLevel() {
        Error error = refusalOf(SendRequest.newBuilder().setTo(TO_A).setWaitForValue(77));

        assertThat(error.getCode()).isEqualTo(Code.CODE_INVALID_REQUEST);
        assertThat(error.getValue()).isEqualTo("wait_for 77");
    }

    @Test
    void aTimeoutBeyondAllTimeIsALongOne() throws Exception {
        BlockingQueue<Envelope> received = attach();

        door().send(SendRequest.newBuilder()
                .setTo(TO_A)
                .setTimeout(Duration.newBuilder().setSeconds(1L << 62))
                .build());

        Envelope envelope = received.poll(10, TimeUnit.SECONDS);
        assertThat(envelope).isNotNull();
        long inAMonth = (System.currentTimeMillis() + TimeUnit.DAYS.toMillis(30)) * 1_000;
        assertThat(envelope.getDeadlineUnixMicros()).isGreaterThan(inAMonth);
    }

    @Test
    void aPublicationWithoutATimeoutHasNoDeadline() throws Exception {
        BlockingQueue<Envelope> received = attach();

        door().publish(PublishRequest.newBuilder().setTopic("news").build());

        assertThat(received.poll(10, TimeUnit.SECONDS))
                .isNotNull()
                .extracting(Envelope::getDeadlineUnixMicros)
                .isEqualTo(0L);
    }

    @Test
    void aCallThatIsRefusedIsCountedOnce() {
        Error error = refusalOf(SendRequest.newBuilder().setTo(TO_A));

        assertThat(error.getCode()).isEqualTo(Code.CODE_NO_SUCH_DESTINATION);
        assertThat(refusals("NO_SUCH_DESTINATION")).isEqualTo(1);
    }

    @Test
    void whatASubscriberDoesNotReadWaitsInItsMailboxWhereItIsBounded() throws Exception {
        ManagedChannel other = GrpcChannels.open(
                loops,
                Endpoint.parse(sidecar.agentEndpoints().getFirst()),
                ChannelSettings.forAgents().withWindow(WINDOW_BYTES));
        try {
            Iterator<SubscribeResponse> deaf = AgentServiceGrpc.newBlockingStub(other)
                    .subscribe(SubscribeRequest.newBuilder().addPatterns("news").build());
            assertThat(deaf.next().getSubscribed()).isTrue();

            var publication =
                    PublishRequest.newBuilder().setTopic("news").setPayload(ByteString.copyFrom(new byte[8_000]));
            for (int i = 0; i < 120; i++) {
                door().publish(publication.build());
            }

            // gRPC's buffers are in nobody's budget; a client's window and a little more may be there.
            assertThat(meter("dray_mailbox_queued_bytes")).isGreaterThan(600_000);
        } finally {
            other.shutdownNow();
        }
    }

    @Test
    void subscribersOfOneConnectionAllGetWhatIsLargerThanItsPartTogether() throws Exception {
        int subscribers = 6;
        var subscribed = new CountDownLatch(subscribers);
        var heard = new LinkedBlockingQueue<Integer>();
        var ended = new LinkedBlockingQueue<Throwable>();
        for (int i = 0; i < subscribers; i++) {
            AgentServiceGrpc.newStub(channel)
                    .subscribe(SubscribeRequest.newBuilder().addPatterns("news").build(), new StreamObserver<>() {
                        @Override
                        public void onNext(SubscribeResponse response) {
                            subscribed.countDown();
                            response.getEnvelopesList()
                                    .forEach(envelope ->
                                            heard.add(envelope.getPayload().size()));
                        }

                        @Override
                        public void onError(Throwable failure) {
                            ended.add(failure);
                        }

                        @Override
                        public void onCompleted() {
                            ended.add(new AssertionError("completed"));
                        }
                    });
        }
        assertThat(subscribed.await(10, TimeUnit.SECONDS)).isTrue();

        door().publish(PublishRequest.newBuilder()
                .setTopic("news")
                .setPayload(ByteString.copyFrom(new byte[1_000_000]))
                .build());

        for (int i = 0; i < subscribers; i++) {
            assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(1_000_000);
        }
        assertThat(ended).isEmpty();
    }

    @Test
    void hundredsOfCallsAtOnceAreTakenAndTheirEndMakesRoom() throws Exception {
        int calls = 300;
        BlockingQueue<Envelope> received = attach();
        var mute = RequestRequest.newBuilder()
                .setTo(TO_A)
                .setTimeout(Duration.newBuilder().setSeconds(60))
                .build();
        var stub = AgentServiceGrpc.newStub(channel);
        var refused = new LinkedBlockingQueue<Throwable>();
        Context.CancellableContext open = Context.current().withCancellation();
        for (int i = 0; i < calls; i++) {
            open.run(() -> stub.request(mute, onError(refused)));
        }

        for (int i = 0; i < calls; i++) {
            assertThat(received.poll(10, TimeUnit.SECONDS)).isNotNull();
        }
        assertThat(refused).isEmpty();
        assertThat(door().send(SendRequest.newBuilder().setTo(TO_A).build()).getLevel())
                .isEqualTo(ReceiptLevel.RECEIPT_LEVEL_ACCEPTED);
        open.cancel(null);
        for (int i = 0; i < 3 * DoorPlaces.MAX_OF_CONNECTION; i++) {
            Await.until("a place for the next call", this::isTaken);
        }
    }

    /** Notes what a call that nobody answers ends with. */
    private static StreamObserver<RequestResponse> onError(Queue<Throwable> errors) {
        return new StreamObserver<>() {
            @Override
            public void onNext(RequestResponse answer) {
                errors.add(new AssertionError(answer));
            }

            @Override
            public void onError(Throwable failure) {
                errors.add(failure);
            }

            @Override
            public void onCompleted() {
                // Its answer was noted.
            }
        };
    }

    private boolean isTaken() {
        try {
            return door().send(SendRequest.newBuilder().setTo(TO_A).build()).getLevel()
                    == ReceiptLevel.RECEIPT_LEVEL_ACCEPTED;
        } catch (StatusRuntimeException _) {
            return false;
        }
    }

    /** Attaches agent {@code a}, subscribed to {@code news}; returns what it receives. */
    private BlockingQueue<Envelope> attach() throws InterruptedException {
        var frames = new LinkedBlockingQueue<AttachResponse>();
        var received = new LinkedBlockingQueue<Envelope>();
        StreamObserver<AttachRequest> agent = AgentServiceGrpc.newStub(channel).attach(new StreamObserver<>() {
            @Override
            public void onNext(AttachResponse frame) {
                frames.add(frame);
                received.addAll(frame.getEnvelopesList());
            }

            @Override
            public void onError(Throwable failure) {
                // The test ends.
            }

            @Override
            public void onCompleted() {
                // The test ends.
            }
        });
        agent.onNext(AttachRequest.newBuilder()
                .setHello(Doors.hello("a")
                        .addSubscriptions(Subscription.newBuilder().setPattern("news")))
                .build());
        assertThat(frames.poll(10, TimeUnit.SECONDS)).isNotNull();
        return received;
    }

    private Error refusalOf(SendRequest.Builder request) {
        return MeshError.from(catchThrowable(() -> door().send(request.build())));
    }

    private double refusals(String code) {
        return meter("dray_refused_total{code=\"" + code + "\"}");
    }

    private double meter(String name) {
        GetStatusResponse status =
                StatusServiceGrpc.newBlockingStub(channel).getStatus(GetStatusRequest.getDefaultInstance());
        return status.getMetersOrThrow(name);
    }

    private AgentServiceBlockingStub door() {
        return AgentServiceGrpc.newBlockingStub(channel).withDeadlineAfter(10, TimeUnit.SECONDS);
    }

    private static <R> MethodDescriptor<byte[], R> raw(MethodDescriptor<?, R> method) {
        return method.toBuilder(new Bytes(), method.getResponseMarshaller()).build();
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            throw new UnsupportedOperationException("only sent");
        }
    }
}
