package io.dray.bench.mesh;

import io.dray.agent.v1.AgentServiceGrpc;
import io.dray.agent.v1.AttachRequest;
import io.dray.agent.v1.AttachResponse;
import io.dray.agent.v1.Hello;
import io.dray.agent.v1.Welcome;
import io.dray.core.testing.Await;
import io.dray.types.v1.Address;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Error;
import io.dray.types.v1.Receipt;
import io.dray.types.v1.ReceiptLevel;
import io.dray.types.v1.Version;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** An agent made of the bare stub, which may send any bytes. Thread-safe. */
final class RawAgent implements StreamObserver<AttachResponse>, AutoCloseable {
    private static final MethodDescriptor<byte[], AttachResponse> ATTACH = AgentServiceGrpc.getAttachMethod().toBuilder(
                    new Bytes(), AgentServiceGrpc.getAttachMethod().getResponseMarshaller())
            .build();

    private final List<AttachResponse> frames = new CopyOnWriteArrayList<>();
    private final List<Error> refusals = new CopyOnWriteArrayList<>();
    private final AtomicLong sequence = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();
    private final StreamObserver<byte[]> requests;
    private volatile @Nullable Throwable failure;
    private volatile boolean ended;

    private RawAgent(Channel channel) {
        requests = ClientCalls.asyncBidiStreamingCall(channel.newCall(ATTACH, CallOptions.DEFAULT), this);
    }

    /** Opens a stream without sending anything. */
    static RawAgent open(Channel channel) {
        return new RawAgent(channel);
    }

    /** Opens a stream and waits for its welcome. */
    static RawAgent attach(Channel channel, Hello hello) {
        RawAgent agent = open(channel);
        agent.send(AttachRequest.newBuilder().setHello(hello).build());
        agent.welcome();
        return agent;
    }

    static Hello.Builder hello(String name) {
        return Hello.newBuilder().setVersion(Version.newBuilder().setMajor(1)).setAgent(name);
    }

    void send(AttachRequest frame) {
        send(frame.toByteArray());
    }

    synchronized void send(byte[] frame) {
        requests.onNext(frame);
    }

    synchronized void halfClose() {
        requests.onCompleted();
    }

    Welcome welcome() {
        return await("the welcome", AttachResponse::hasWelcome).getWelcome();
    }

    /** A valid envelope of this agent with the next sequence. */
    Envelope.Builder envelope(Address to) {
        Welcome welcome = welcome();
        return Envelope.newBuilder()
                .setTo(to)
                .setFrom(welcome.getInstance())
                .setSession(welcome.getSession())
                .setSequence(sequence.incrementAndGet());
    }

    void send(Envelope envelope) {
        send(AttachRequest.newBuilder().addEnvelopes(envelope).build());
    }

    AttachResponse await(String what, Predicate<AttachResponse> wanted) {
        Await.until(() -> what + " in " + frames + describeEnd(), MeshFixture.PATIENCE, () -> {
            if (ended && find(wanted).isEmpty()) {
                throw new AssertionError("the stream ended before " + what + describeEnd());
            }
            return find(wanted).isPresent();
        });
        return find(wanted).orElseThrow();
    }

    /** Waits for the refusal of one sequence. */
    Error awaitRefusal(long refused) {
        AttachResponse frame = await(
                "the refusal of " + refused,
                candidate -> refusal(candidate, refused).isPresent());
        return refusal(frame, refused).orElseThrow();
    }

    /** Envelopes that were neither delivered nor refused; each wants DELIVERED and so has one last receipt. */
    long unanswered() {
        return sequence.get() - answered.get();
    }

    void awaitAnswers(long stillUnanswered) {
        Await.until("answers to what was sent", MeshFixture.PATIENCE, () -> unanswered() <= stillUnanswered);
    }

    /** Waits for the end of the stream; null when it ended well. */
    @Nullable
    Throwable awaitEnd() {
        Await.until("the end of the stream", MeshFixture.PATIENCE, () -> ended);
        return failure;
    }

    boolean isAttached() {
        return !ended;
    }

    List<Error> refusals() {
        return refusals;
    }

    @Override
    public void onNext(AttachResponse frame) {
        frames.add(frame);
        for (Receipt receipt : frame.getReceiptsList()) {
            if (receipt.hasError() || receipt.getLevel() == ReceiptLevel.RECEIPT_LEVEL_DELIVERED) {
                answered.addAndGet(Math.max(1, receipt.getCount()));
            }
            if (receipt.hasError()) {
                refusals.add(receipt.getError());
            }
        }
    }

    @Override
    public void onError(Throwable cause) {
        failure = cause;
        ended = true;
    }

    @Override
    public void onCompleted() {
        ended = true;
    }

    @Override
    public void close() {
        if (!ended) {
            send(AttachRequest.newBuilder().setGoodbye(true).build());
            halfClose();
        }
    }

    private Optional<AttachResponse> find(Predicate<AttachResponse> wanted) {
        return frames.stream().filter(wanted).findFirst();
    }

    private static Optional<Error> refusal(AttachResponse frame, long refused) {
        return frame.getReceiptsList().stream()
                .filter(Receipt::hasError)
                .filter(receipt ->
                        receipt.getFirst() <= refused && refused < receipt.getFirst() + Math.max(1, receipt.getCount()))
                .map(Receipt::getError)
                .findFirst();
    }

    private String describeEnd() {
        return ended ? "; ended with " + failure : "";
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
