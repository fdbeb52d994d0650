package io.dray.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.agent.v1.AgentServiceGrpc;
import io.dray.agent.v1.AttachRequest;
import io.dray.agent.v1.AttachResponse;
import io.dray.agent.v1.PublishRequest;
import io.dray.agent.v1.RequestRequest;
import io.dray.agent.v1.RequestResponse;
import io.dray.agent.v1.SubscribeRequest;
import io.dray.agent.v1.SubscribeResponse;
import io.dray.core.net.ChannelSettings;
import io.dray.core.net.Connection;
import io.dray.core.net.Endpoint;
import io.dray.core.net.EventLoops;
import io.dray.core.net.GrpcChannels;
import io.dray.core.net.GrpcServers;
import io.dray.core.net.ServerSettings;
import io.dray.core.net.Transport;
import io.dray.core.testing.Await;
import io.dray.sidecar.frame.FramePool;
import io.dray.types.v1.Address;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Kind;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients of the unary door that take the room of others and give no HTTP/2 window. */
class UnreadAnswersTest {
    /** Most of what all answers together may take here. */
    private static final ByteString LARGE = ByteString.copyFrom(new byte[(int) Doors.BUDGET / 4 - 100_000]);

    @TempDir
    private Path folder;

    private final EventLoops loops = EventLoops.start(Transport.NIO, 1, "unread-test");
    private final List<ManagedChannel> channels = new ArrayList<>();
    private Doors doors;
    private Server server;

    /** A client that hears what it asks for, message by message. */
    private static final class Client<Q, R> extends ClientCall.Listener<R> {
        final BlockingQueue<R> heard = new LinkedBlockingQueue<>();
        final BlockingQueue<Status> ended = new LinkedBlockingQueue<>();

        private final ClientCall<Q, R> call;

        Client(ManagedChannel channel, MethodDescriptor<Q, R> method, Q request) {
            call = channel.newCall(method, CallOptions.DEFAULT);
            call.start(this, new Metadata());
            call.sendMessage(request);
            call.halfClose();
        }

        /** Its status is told behind what came before, so only to who reads. */
        Status.@Nullable Code readToTheEnd() throws InterruptedException {
            call.request(2);
            Status status = ended.poll(10, TimeUnit.SECONDS);
            return status == null ? null : status.getCode();
        }

        @Override
        public void onMessage(R message) {
            heard.add(message);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            ended.add(status);
        }

        R next() throws InterruptedException {
            call.request(1);
            R next = heard.poll(10, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("nothing heard within 10 s; ended: " + ended);
            }
            return next;
        }
    }

    @BeforeEach
    void serve() throws IOException {
        doors = new Doors(folder);
        var builder = GrpcServers.builder(loops, Endpoint.parse("127.0.0.1:0"), ServerSettings.forAgents(false))
                .intercept(Connection.interceptor());
        builder.addService(new AgentDoor(new UnaryDoor(doors.context, loops), doors.attaching, loops, new FramePool()));
        server = builder.build().start();
    }

    @AfterEach
    void stop() {
        channels.forEach(ManagedChannel::shutdownNow);
        server.shutdownNow();
        doors.close();
        loops.close();
    }

    @Test
    void aSubscriberThatReadsNothingLosesItsStreamWhenAnotherWaitsForItsRoom() throws Exception {
        Client<?, SubscribeResponse> mute = subscriber("x");
        Client<?, SubscribeResponse> other = subscriber("y");
        publish("x");
        publish("y");

        sweepUntilHeard(other);

        assertThat(mute.readToTheEnd()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(other.next().getEnvelopes(0).getPayload()).isEqualTo(LARGE);
    }

    @Test
    void aCallerThatDoesNotReadItsAnswerLosesItWhenAnotherWaitsForItsRoom() throws Exception {
        answer();
        Client<?, RequestResponse> mute = caller();
        awaitReserved(LARGE.size());
        Client<?, RequestResponse> other = caller();

        sweepUntilHeard(other);

        assertThat(mute.readToTheEnd()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(other.next().getPayload()).isEqualTo(LARGE);
        Await.until("all is given back", () -> doors.budget.used() == 0);
    }

    @Test
    void nobodyIsCutOffWhileThereIsRoom() throws Exception {
        answer();
        Client<?, RequestResponse> slow = caller();
        awaitReserved(LARGE.size());

        doors.places.sweep(0);
        doors.places.sweep(10 * UnreadAnswer.PATIENCE_NANOS);

        assertThat(slow.readToTheEnd()).isEqualTo(Status.Code.OK);
        assertThat(slow.next().getPayload()).isEqualTo(LARGE);
    }

    private void sweepUntilHeard(Client<?, ?> waiting) {
        waiting.call.request(1);
        var nowNanos = new AtomicLong();
        Await.until("what the other waits for", () -> {
            doors.places.sweep(nowNanos.getAndAdd(UnreadAnswer.PATIENCE_NANOS));
            return !waiting.heard.isEmpty();
        });
    }

    private void awaitReserved(long bytes) {
        Await.until(
                () -> doors.budget.used() + " B reserved", Duration.ofSeconds(10), () -> doors.budget.used() > bytes);
    }

    private Client<?, SubscribeResponse> subscriber(String topic) throws InterruptedException {
        var client = new Client<>(
                open(),
                AgentServiceGrpc.getSubscribeMethod(),
                SubscribeRequest.newBuilder().addPatterns(topic).build());
        assertThat(client.next().getSubscribed()).isTrue();
        return client;
    }

    private Client<?, RequestResponse> caller() {
        return new Client<>(
                open(),
                AgentServiceGrpc.getRequestMethod(),
                RequestRequest.newBuilder()
                        .setTo(Address.newBuilder().setAgent("a"))
                        .build());
    }

    private void publish(String topic) {
        var _ = AgentServiceGrpc.newBlockingStub(open())
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .publish(PublishRequest.newBuilder()
                        .setTopic(topic)
                        .setPayload(LARGE)
                        .build());
    }

    /** Attaches agent {@code a}, which answers every request at length. */
    private void answer() throws InterruptedException {
        var attached = new LinkedBlockingQueue<AttachResponse>();
        var agent = new StreamObserver<AttachResponse>() {
            private @Nullable StreamObserver<AttachRequest> out;
            private long sequence;

            @Override
            public void onNext(AttachResponse frame) {
                attached.add(frame);
                frame.getEnvelopesList().forEach(this::reply);
            }

            private void reply(Envelope request) {
                if (out != null) {
                    out.onNext(AttachRequest.newBuilder()
                            .addEnvelopes(Envelope.newBuilder()
                                    .setTo(Address.newBuilder().setInstance(request.getFrom()))
                                    .setFrom(attached.element().getWelcome().getInstance())
                                    .setSession(attached.element().getWelcome().getSession())
                                    .setSequence(++sequence)
                                    .setKind(Kind.KIND_REPLY)
                                    .setCauseSession(request.getSession())
                                    .setCauseSequence(request.getSequence())
                                    .setPayload(LARGE))
                            .build());
                }
            }

            @Override
            public void onError(Throwable failure) {
                // The test ends.
            }

            @Override
            public void onCompleted() {
                // The test ends.
            }
        };
        agent.out = AgentServiceGrpc.newStub(open()).attach(agent);
        agent.out.onNext(AttachRequest.newBuilder().setHello(Doors.hello("a")).build());
        Await.until("the agent is attached", () -> !attached.isEmpty());
    }

    private ManagedChannel open() {
        ManagedChannel channel = GrpcChannels.open(
                loops,
                Endpoint.parse("127.0.0.1:" + server.getPort()),
                ChannelSettings.forAgents().withWindow(64 * 1024));
        channels.add(channel);
        return channel;
    }
}
