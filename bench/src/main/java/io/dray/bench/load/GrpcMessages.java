package io.dray.bench.load;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Messages over one stream, as fast as gRPC's flow control takes them. One thread sends. */
final class GrpcMessages implements ClientResponseObserver<byte[], byte[]> {
    private static final long RECHECK_MILLIS = 100;

    private final Consumer<ByteBuffer> confirmed;
    private final Object readiness = new Object();
    private volatile boolean ended;
    private volatile @Nullable ClientCallStreamObserver<byte[]> requests;

    private GrpcMessages(Consumer<ByteBuffer> confirmed) {
        this.confirmed = confirmed;
    }

    static GrpcMessages open(ManagedChannel channel, Consumer<ByteBuffer> confirmed) {
        GrpcMessages messages = new GrpcMessages(confirmed);
        var _ = ClientCalls.asyncBidiStreamingCall(
                channel.newCall(GrpcMethods.MESSAGES, CallOptions.DEFAULT), messages);
        return messages;
    }

    void send(byte[] payload) {
        ClientCallStreamObserver<byte[]> stream = requests;
        if (stream == null) {
            throw new IllegalStateException("the stream was not started");
        }
        awaitReady(stream);
        stream.onNext(payload);
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<byte[]> stream) {
        requests = stream;
        stream.setOnReadyHandler(this::wake);
    }

    @Override
    public void onNext(byte[] confirmation) {
        confirmed.accept(ByteBuffer.wrap(confirmation));
    }

    @Override
    public void onError(Throwable cause) {
        ended = true;
        wake();
    }

    @Override
    public void onCompleted() {
        ended = true;
        wake();
    }

    private void awaitReady(ClientCallStreamObserver<byte[]> stream) {
        if (stream.isReady()) {
            return;
        }
        synchronized (readiness) {
            while (!stream.isReady() && !ended) {
                try {
                    readiness.wait(RECHECK_MILLIS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
        if (ended) {
            throw new IllegalStateException("the server ended the stream");
        }
    }

    private void wake() {
        synchronized (readiness) {
            readiness.notifyAll();
        }
    }
}
