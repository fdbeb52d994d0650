package io.dray.bench.load;

import io.dray.core.net.ChannelSettings;
import io.dray.core.net.Endpoint;
import io.dray.core.net.EventLoops;
import io.dray.core.net.GrpcChannels;
import io.dray.core.net.Transport;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One source of a load over plain gRPC: a connection of its own, requests by unary calls or over one stream. */
final class GrpcClientCarrier implements Carrier {
    /** Shared, as agents of one process share them. */
    private static final EventLoops LOOPS = EventLoops.start(Transport.auto(), EventLoops.defaultLoops(), "load");

    private final ManagedChannel channel;
    private final @Nullable GrpcRequests stream;
    private @Nullable GrpcMessages messages;

    private GrpcClientCarrier(ManagedChannel channel, boolean streaming) {
        this.channel = channel;
        this.stream = streaming ? GrpcRequests.open(channel) : null;
    }

    static GrpcClientCarrier connect(Side side) {
        ManagedChannel channel = GrpcChannels.open(LOOPS, Endpoint.parse(side.where()), ChannelSettings.forPeers());
        return new GrpcClientCarrier(channel, side.system().equals("grpc-bidi"));
    }

    @Override
    public void echo() {
        throw new UnsupportedOperationException("the client does not answer");
    }

    @Override
    public void receive(String name, Consumer<ByteBuffer> handler) {
        if (stream != null) {
            messages = GrpcMessages.open(channel, handler);
        }
    }

    @Override
    public void subscribe(Consumer<ByteBuffer> handler) {
        throw new UnsupportedOperationException("gRPC has no topics");
    }

    @Override
    public void request(byte[] payload, Consumer<@Nullable Throwable> done) {
        if (stream != null) {
            stream.send(payload, done);
            return;
        }
        ClientCalls.asyncUnaryCall(channel.newCall(GrpcMethods.CALL, CallOptions.DEFAULT), payload, new Answer(done));
    }

    @Override
    public void send(String name, byte[] payload) {
        if (messages == null) {
            throw new UnsupportedOperationException("messages in one direction need grpc-bidi");
        }
        messages.send(payload);
    }

    @Override
    public void publish(byte[] payload) {
        throw new UnsupportedOperationException("gRPC has no topics");
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    private record Answer(Consumer<@Nullable Throwable> done) implements StreamObserver<byte[]> {
        @Override
        public void onNext(byte[] payload) {
            // The status follows.
        }

        @Override
        public void onError(Throwable cause) {
            done.accept(cause);
        }

        @Override
        public void onCompleted() {
            done.accept(null);
        }
    }
}
