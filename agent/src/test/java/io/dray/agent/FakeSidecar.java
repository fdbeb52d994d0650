package io.dray.agent;

import com.google.protobuf.ByteString;
import io.dray.agent.v1.AgentServiceGrpc;
import io.dray.agent.v1.AttachRequest;
import io.dray.agent.v1.AttachResponse;
import io.dray.agent.v1.Hello;
import io.dray.agent.v1.Welcome;
import io.dray.core.testing.Await;
import io.dray.core.wire.MeshError;
import io.dray.types.v1.Code;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Error;
import io.dray.types.v1.Receipt;
import io.dray.types.v1.ReceiptLevel;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A sidecar that does only what the test tells it: it keeps what the agent sends, and says what the test says. It
 * welcomes each stream by itself unless told otherwise. Thread-safe.
 */
final class FakeSidecar extends AgentServiceGrpc.AgentServiceImplBase {
    static final long SESSION = 0x5e55L;
    static final String INSTANCE = "tester/one@here";

    private final List<AttachRequest> frames = new ArrayList<>();
    private final List<Hello> hellos = new ArrayList<>();
    private final List<Envelope> envelopes = new ArrayList<>();
    private Consumer<Welcome.Builder> welcome = _ -> {};
    private @Nullable Error refusal;
    private @Nullable ServerCallStreamObserver<AttachResponse> stream;
    private boolean isPaused;
    private int halfClosed;

    @Override
    public StreamObserver<AttachRequest> attach(StreamObserver<AttachResponse> responses) {
        var opened = (ServerCallStreamObserver<AttachResponse>) responses;
        opened.disableAutoRequest();
        opened.request(1);
        return new StreamObserver<>() {
            @Override
            public void onNext(AttachRequest frame) {
                onFrame(opened, frame);
            }

            @Override
            public void onError(Throwable failure) {
                forget(opened);
            }

            @Override
            public void onCompleted() {
                synchronized (FakeSidecar.this) {
                    halfClosed++;
                }
                opened.onCompleted();
                forget(opened);
            }
        };
    }

    /** Changes each Welcome from now on. */
    synchronized void welcome(Consumer<Welcome.Builder> change) {
        welcome = change;
    }

    /** Refuses each Hello from now on; null welcomes again. */
    synchronized void refuse(@Nullable Error error) {
        refusal = error;
    }

    /** Stops reading, so that the agent's stream is soon not ready any more. */
    synchronized void pause() {
        isPaused = true;
    }

    synchronized void goOn() {
        isPaused = false;
        if (stream != null) {
            stream.request(1);
        }
    }

    /** Sends a frame to the agent. */
    void send(AttachResponse.Builder frame) {
        ServerCallStreamObserver<AttachResponse> open;
        synchronized (this) {
            if (stream == null) {
                throw new IllegalStateException("nobody is attached");
            }
            open = stream;
        }
        open.onNext(frame.build());
    }

    void receipt(long first, int count, ReceiptLevel level) {
        send(AttachResponse.newBuilder()
                .addReceipts(
                        Receipt.newBuilder().setFirst(first).setCount(count).setLevel(level)));
    }

    void refuse(long sequence, Code code) {
        send(AttachResponse.newBuilder()
                .addReceipts(Receipt.newBuilder()
                        .setFirst(sequence)
                        .setLevel(ReceiptLevel.RECEIPT_LEVEL_REFUSED)
                        .setError(MeshError.of(code, "as the test wants"))));
    }

    /** Breaks the stream without a word. */
    void breakStream() {
        ServerCallStreamObserver<AttachResponse> open;
        synchronized (this) {
            if (stream == null) {
                throw new IllegalStateException("nobody is attached");
            }
            open = stream;
            stream = null;
        }
        open.onError(MeshError.toStatus(MeshError.of(Code.CODE_NODE_LOST, "broken by the test")));
    }

    synchronized List<AttachRequest> frames() {
        return List.copyOf(frames);
    }

    synchronized List<Envelope> envelopes() {
        return List.copyOf(envelopes);
    }

    synchronized List<Hello> hellos() {
        return List.copyOf(hellos);
    }

    synchronized int halfClosed() {
        return halfClosed;
    }

    /** Waits for so many envelopes in all, resends included. */
    List<Envelope> awaitEnvelopes(int count) {
        Await.until(
                () -> count + " envelopes, got " + envelopes().size(),
                Duration.ofSeconds(10),
                () -> envelopes().size() >= count);
        return envelopes();
    }

    /** Waits for so many attachments in all, the last one welcomed. */
    Hello awaitHello(int count) {
        Await.until(count + " hellos", () -> hellos().size() >= count && isAttached());
        return hellos().get(count - 1);
    }

    /** Waits for a frame of some kind, old or new. */
    AttachRequest awaitFrame(String what, Predicate<AttachRequest> wanted) {
        Await.until(what, () -> frames().stream().anyMatch(wanted));
        return frames().stream().filter(wanted).findFirst().orElseThrow();
    }

    private synchronized boolean isAttached() {
        return stream != null;
    }

    private void onFrame(ServerCallStreamObserver<AttachResponse> from, AttachRequest frame) {
        Error error = null;
        synchronized (this) {
            if (frame.hasHello()) {
                hellos.add(frame.getHello());
                error = refusal;
                if (error == null) {
                    stream = from;
                    // Before a test that waits for the hello can send anything: nothing may come before the welcome.
                    from.onNext(AttachResponse.newBuilder()
                            .setWelcome(welcomeFor(frame.getHello()))
                            .build());
                }
            } else {
                frames.add(frame);
                envelopes.addAll(frame.getEnvelopesList());
            }
            if (!isPaused) {
                from.request(1);
            }
        }
        if (error != null) {
            from.onError(MeshError.toStatus(error));
        }
    }

    private Welcome welcomeFor(Hello hello) {
        var given = Welcome.newBuilder()
                .setInstance(INSTANCE)
                .setNode("here")
                .setSession(hello.getSession() == 0 ? SESSION : hello.getSession())
                .setSessionSecret(ByteString.copyFromUtf8("secret"))
                .setIncarnation(1);
        welcome.accept(given);
        return given.build();
    }

    private synchronized void forget(ServerCallStreamObserver<AttachResponse> ended) {
        if (ended.equals(stream)) {
            stream = null;
        }
    }
}
