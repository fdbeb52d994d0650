package io.dray.bench.load;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Requests over one stream, answered in their order. Its lock keeps stream and waiting callbacks in step. */
final class GrpcRequests implements StreamObserver<byte[]> {
    private final Queue<Consumer<@Nullable Throwable>> waiting = new ArrayDeque<>();
    private final StreamObserver<byte[]> requests;

    private GrpcRequests(ManagedChannel channel) {
        requests = ClientCalls.asyncBidiStreamingCall(channel.newCall(GrpcMethods.ECHO, CallOptions.DEFAULT), this);
    }

    static GrpcRequests open(ManagedChannel channel) {
        return new GrpcRequests(channel);
    }

    synchronized void send(byte[] payload, Consumer<@Nullable Throwable> done) {
        waiting.add(done);
        requests.onNext(payload);
    }

    @Override
    public void onNext(byte[] reply) {
        Consumer<@Nullable Throwable> done = next();
        if (done != null) {
            done.accept(null);
        }
    }

    @Override
    public void onError(Throwable cause) {
        for (Consumer<@Nullable Throwable> done = next(); done != null; done = next()) {
            done.accept(cause);
        }
    }

    @Override
    public void onCompleted() {
        onError(new IllegalStateException("the server ended the stream"));
    }

    private synchronized @Nullable Consumer<@Nullable Throwable> next() {
        return waiting.poll();
    }
}
