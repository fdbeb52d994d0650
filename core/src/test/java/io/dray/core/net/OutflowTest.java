package io.dray.core.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.testing.Await;
import io.dray.core.testing.LoopbackServer;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a client takes of an answer of 1 MB, of which it lets through 65,535 bytes at first. */
class OutflowTest {
    private static final MethodDescriptor<byte[], byte[]> METHOD = MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("test/Answer")
            .setRequestMarshaller(new Bytes())
            .setResponseMarshaller(new Bytes())
            .build();

    private final EventLoops loops = EventLoops.start(Transport.NIO, 1, "outflow-test");
    private final BlockingQueue<Outflow> calls = new LinkedBlockingQueue<>();
    private Server server;

    @BeforeEach
    void serve() throws IOException {
        server = LoopbackServer.start(
                loops,
                () -> ServerServiceDefinition.builder("test")
                        .addMethod(METHOD, ServerCalls.asyncUnaryCall((_, observer) -> {
                            calls.add(Outflow.current());
                            observer.onNext(new byte[1_000_000]);
                            observer.onCompleted();
                        }))
                        .build());
    }

    @AfterEach
    void stop() {
        server.shutdownNow();
        loops.close();
    }

    @Test
    void countsWhatTheWindowsOfTheStreamAndOfItsConnectionLetThrough() throws Exception {
        try (RawHttp2 client = call()) {
            Outflow outflow = settled(client);
            assertThat(outflow.takenBytes()).isZero();

            client.allow(0, 10_000);
            client.allow(1, 10_000);
            Await.until("10,000 bytes", () -> outflow.takenBytes() == 10_000);
            client.allow(1, 50_000);
            settle(client);
            assertThat(outflow.takenBytes()).isEqualTo(10_000);
            client.allow(0, 20_000);

            Await.until("30,000 bytes", () -> outflow.takenBytes() == 30_000);
        }
    }

    @Test
    void endsACallWhoseAnswerIsNotRead() throws Exception {
        try (RawHttp2 client = call()) {
            Outflow outflow = settled(client);

            outflow.reset("not read");

            assertThat(client.nextFrame()).isEqualTo("reset of 1, code 11");
            Await.until("nothing is kept", () -> loops.activeDirectBytes() < 100_000);
            outflow.reset("again");
            assertThat(outflow.takenBytes()).isZero();
            client.ping();
            assertThat(client.frames()).containsExactly("ping");
        }
    }

    @Test
    void takesNothingOutsideOfACall() {
        Outflow.current().reset("nobody is there");

        assertThat(Outflow.current().takenBytes()).isZero();
    }

    private RawHttp2 call() throws IOException {
        var client = new RawHttp2(server.getPort(), "/test/Answer");
        client.begin(1, 0);
        client.end(1);
        return client;
    }

    /** The outflow of the call, once all has been sent that may be. */
    private Outflow settled(RawHttp2 client) throws Exception {
        Outflow outflow = Objects.requireNonNull(calls.poll(10, TimeUnit.SECONDS));
        settle(client);
        return outflow;
    }

    /** What the server does at the end of its turn is done before it reads the second ping. */
    private static void settle(RawHttp2 client) throws IOException {
        for (int i = 0; i < 2; i++) {
            client.ping();
            assertThat(client.frames()).containsExactly("ping");
        }
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
