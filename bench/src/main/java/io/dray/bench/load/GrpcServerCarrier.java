package io.dray.bench.load;

import io.dray.core.net.Endpoint;
import io.dray.core.net.EventLoops;
import io.dray.core.net.GrpcServers;
import io.dray.core.net.ServerSettings;
import io.dray.core.net.Transport;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The sink of a load over plain gRPC: the server, with direct executors on one event loop as a sidecar has. */
final class GrpcServerCarrier implements Carrier {
    private final EventLoops loops = EventLoops.start(Transport.auto(), EventLoops.defaultLoops(), "load");
    private final List<StreamObserver<byte[]>> sources = new CopyOnWriteArrayList<>();
    private final Server server;
    private final String where;
    private volatile Consumer<ByteBuffer> handler = _ -> {};

    private GrpcServerCarrier(String listen) throws IOException {
        Endpoint endpoint = Endpoint.parse(listen);
        server = GrpcServers.builder(loops, endpoint, ServerSettings.forPeers(false))
                .addService(ServerServiceDefinition.builder(GrpcMethods.SERVICE)
                        .addMethod(GrpcMethods.CALL, ServerCalls.asyncUnaryCall(GrpcServerCarrier::answer))
                        .addMethod(GrpcMethods.ECHO, ServerCalls.asyncBidiStreamingCall(Stream::echoing))
                        .addMethod(GrpcMethods.MESSAGES, ServerCalls.asyncBidiStreamingCall(this::messages))
                        .build())
                .build()
                .start();
        where = endpoint instanceof Endpoint.Tcp tcp ? tcp.host() + ":" + server.getPort() : listen;
    }

    static GrpcServerCarrier listen(Side side) throws IOException {
        return new GrpcServerCarrier(side.where());
    }

    /** Returns where sources connect. */
    String where() {
        return where;
    }

    @Override
    public void echo() {
        // Served from the start.
    }

    @Override
    public void receive(String channel, Consumer<ByteBuffer> consumer) {
        handler = consumer;
    }

    @Override
    public void subscribe(Consumer<ByteBuffer> consumer) {
        throw new UnsupportedOperationException("gRPC has no topics");
    }

    @Override
    public void request(byte[] payload, Consumer<@Nullable Throwable> done) {
        throw new UnsupportedOperationException("the server does not ask");
    }

    @Override
    public void send(String channel, byte[] payload) {
        for (StreamObserver<byte[]> source : sources) {
            synchronized (source) {
                source.onNext(payload);
            }
        }
    }

    @Override
    public void publish(byte[] payload) {
        throw new UnsupportedOperationException("gRPC has no topics");
    }

    @Override
    public void close() {
        server.shutdownNow();
        loops.close();
    }

    private static void answer(byte[] request, StreamObserver<byte[]> response) {
        response.onNext(request);
        response.onCompleted();
    }

    private StreamObserver<byte[]> messages(StreamObserver<byte[]> responses) {
        sources.add(responses);
        return new Stream(responses, payload -> handler.accept(ByteBuffer.wrap(payload)));
    }

    /** What the server does with one stream. */
    private record Stream(StreamObserver<byte[]> responses, Consumer<byte[]> step) implements StreamObserver<byte[]> {
        static StreamObserver<byte[]> echoing(StreamObserver<byte[]> responses) {
            return new Stream(responses, responses::onNext);
        }

        @Override
        public void onNext(byte[] payload) {
            step.accept(payload);
        }

        @Override
        public void onError(Throwable cause) {
            // The source is gone.
        }

        @Override
        public void onCompleted() {
            responses.onCompleted();
        }
    }
}
