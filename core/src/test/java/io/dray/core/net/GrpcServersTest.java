package io.dray.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.security.auth.module.UnixSystem;
import io.dray.core.testing.Await;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrpcServersTest {
    private static final Endpoint ANY_PORT = Endpoint.parse("127.0.0.1:0");

    @TempDir
    Path folder;

    private final BlockingQueue<Connection> connections = new LinkedBlockingQueue<>();

    @ParameterizedTest
    @EnumSource
    void servesUnixSocketsAndKnowsTheUser(Transport transport) throws Exception {
        try (EventLoops loops = EventLoops.start(transport, 1, "test")) {
            Endpoint endpoint = new Endpoint.Unix(folder.resolve("a.sock"));
            Server server = start(loops, endpoint);

            ServingStatus status = check(loops, endpoint);

            assertThat(status).isEqualTo(ServingStatus.SERVING);
            assertThat(connections.take().principal()).isEqualTo("uid:" + new UnixSystem().getUid());
            stop(server);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTakenAddressIsToldWithWhatToDo(Transport transport) throws Exception {
        try (EventLoops loops = EventLoops.start(transport, 1, "test")) {
            Server holder = start(loops, ANY_PORT);
            Endpoint taken = new Endpoint.Tcp("127.0.0.1", holder.getPort());
            NettyServerBuilder builder = GrpcServers.builder(loops, taken, ServerSettings.forPeers(false));

            assertThatThrownBy(() -> GrpcServers.start(builder, taken))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cannot listen on " + taken)
                    .hasMessageContaining("ddress already in use (expected: ")
                    .hasMessageContaining("expected: a free address");
            stop(holder);
        }
    }

    @ParameterizedTest
    @EnumSource
    void servesTcpWithoutPrincipal(Transport transport) throws Exception {
        try (EventLoops loops = EventLoops.start(transport, 1, "test")) {
            Server server = start(loops, ANY_PORT);

            ServingStatus status = check(loops, new Endpoint.Tcp("127.0.0.1", server.getPort()));

            assertThat(status).isEqualTo(ServingStatus.SERVING);
            Connection connection = connections.take();
            assertThat(connection.principal()).isEmpty();
            assertThat(connection.remote()).contains("127.0.0.1");
            stop(server);
        }
    }

    @ParameterizedTest
    @EnumSource
    void seesThatAnIdleClientAnswersPings(Transport transport) throws Exception {
        try (EventLoops loops = EventLoops.start(transport, 1, "test")) {
            Server server = start(loops, ANY_PORT);
            ManagedChannel channel = GrpcChannels.open(
                    loops, new Endpoint.Tcp("127.0.0.1", server.getPort()), ChannelSettings.forAgents());
            HealthGrpc.newStub(channel).watch(HealthCheckRequest.getDefaultInstance(), new IgnoredResponses<>());
            Connection connection = connections.take();
            Await.until("0.5 s of silence", () -> connection.nanosSinceLastRead() > 500_000_000);

            Await.until(
                    "an answer to a ping", Duration.ofSeconds(4), () -> connection.nanosSinceLastRead() < 100_000_000);

            stop(channel);
            stop(server);
        }
    }

    @ParameterizedTest
    @EnumSource
    void takesDirectMemoryFromThePoolOfItsLoopsAndGivesItBack(Transport transport) throws Exception {
        int chunkBytes = 512 * 1024;
        try (EventLoops serving = EventLoops.start(transport, 1, "serving", chunkBytes);
                EventLoops calling = EventLoops.start(transport, 1, "calling", chunkBytes)) {
            Server server = start(serving, ANY_PORT);

            assertThat(check(calling, new Endpoint.Tcp("127.0.0.1", server.getPort())))
                    .isEqualTo(ServingStatus.SERVING);

            for (EventLoops loops : List.of(serving, calling)) {
                assertThat(loops.reservedDirectBytes()).isPositive();
                assertThat(loops.reservedDirectBytes() % chunkBytes).isZero();
                Await.until("no buffer in use", () -> loops.activeDirectBytes() == 0);
                ByteBuf held = loops.buffers().directBuffer(1_000);
                assertThat(loops.activeDirectBytes()).isGreaterThanOrEqualTo(1_000);
                held.release();
                assertThat(loops.activeDirectBytes()).isZero();
            }
            stop(server);
        }
    }

    @ParameterizedTest
    @EnumSource
    void givesTheSocketToItsOwnerAlone(Transport transport) throws Exception {
        try (EventLoops loops = EventLoops.start(transport, 1, "test")) {
            Path path = folder.resolve("made/a.sock");

            Server server = start(loops, new Endpoint.Unix(path));

            assertThat(mode(path)).isEqualTo("rw-------");
            assertThat(mode(folder.resolve("made"))).isEqualTo("rwx------");
            stop(server);
        }
    }

    @ParameterizedTest
    @EnumSource
    void removesAStaleSocket(Transport transport) throws Exception {
        try (EventLoops loops = EventLoops.start(transport, 1, "test")) {
            Path path = folder.resolve("a.sock");
            try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                dead.bind(UnixDomainSocketAddress.of(path));
            }
            assertThat(path).exists();

            Server server = start(loops, new Endpoint.Unix(path));

            assertThat(check(loops, new Endpoint.Unix(path))).isEqualTo(ServingStatus.SERVING);
            stop(server);
        }
    }

    @Test
    void leavesTheSocketOfALiveServerAlone() throws Exception {
        try (EventLoops loops = EventLoops.start(Transport.auto(), 1, "test")) {
            Endpoint endpoint = new Endpoint.Unix(folder.resolve("a.sock"));
            Server server = start(loops, endpoint);

            assertThatThrownBy(() -> builder(loops, endpoint))
                    .isInstanceOf(BindException.class)
                    .hasMessageContaining("live process");

            assertThat(check(loops, endpoint)).isEqualTo(ServingStatus.SERVING);
            stop(server);
        }
    }

    @Test
    void leavesALinkToTheSocketOfALiveServerAlone() throws Exception {
        try (EventLoops loops = EventLoops.start(Transport.auto(), 1, "test")) {
            Endpoint endpoint = new Endpoint.Unix(folder.resolve("a.sock"));
            Server server = start(loops, endpoint);
            Path link = Files.createSymbolicLink(folder.resolve("link.sock"), folder.resolve("a.sock"));

            assertThatThrownBy(() -> builder(loops, new Endpoint.Unix(link)))
                    .isInstanceOf(BindException.class)
                    .hasMessageContaining(link + " is served by a live process");

            assertThat(link).isSymbolicLink();
            stop(server);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void removesALinkThatADeadProcessLeft(boolean isSocketLeft) throws Exception {
        try (EventLoops loops = EventLoops.start(Transport.auto(), 1, "test")) {
            Path gone = folder.resolve("gone.sock");
            try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                dead.bind(UnixDomainSocketAddress.of(gone));
            }
            if (!isSocketLeft) {
                Files.delete(gone);
            }
            Path link = Files.createSymbolicLink(folder.resolve("link.sock"), gone);

            Server server = start(loops, new Endpoint.Unix(link));

            assertThat(Files.isSymbolicLink(link)).isFalse();
            assertThat(Files.exists(gone)).isEqualTo(isSocketLeft);
            stop(server);
        }
    }

    @Test
    void leavesALinkToAFileThatIsNoSocketAlone() throws Exception {
        try (EventLoops loops = EventLoops.start(Transport.auto(), 1, "test")) {
            Path file = Files.writeString(folder.resolve("notes"), "precious");
            Path link = Files.createSymbolicLink(folder.resolve("a.sock"), file);

            assertThatThrownBy(() -> builder(loops, new Endpoint.Unix(link)))
                    .hasMessageContaining(link + " -> " + file + ": is not a socket");

            assertThat(link).isSymbolicLink();
        }
    }

    @Test
    void leavesAFileThatIsNoSocketAlone() throws Exception {
        try (EventLoops loops = EventLoops.start(Transport.auto(), 1, "test")) {
            Path file = Files.writeString(folder.resolve("a.sock"), "precious");

            assertThatThrownBy(() -> builder(loops, new Endpoint.Unix(file))).hasMessageContaining("not a socket");

            assertThat(file).hasContent("precious");
        }
    }

    @Test
    void listensBeyondLoopbackOnlyWhenAskedTo() throws Exception {
        try (EventLoops loops = EventLoops.start(Transport.auto(), 1, "test")) {
            Endpoint everywhere = Endpoint.parse("0.0.0.0:0");

            assertThatThrownBy(() -> builder(loops, everywhere))
                    .isInstanceOf(BindException.class)
                    .hasMessageContaining("0.0.0.0:0")
                    .hasMessageContaining("--insecure");

            assertThat(GrpcServers.builder(loops, everywhere, ServerSettings.forPeers(true)))
                    .isNotNull();
        }
    }

    @Test
    void cutsOffAClientThatLeavesAPingUnanswered() throws Exception {
        try (EventLoops loops = EventLoops.start(Transport.auto(), 1, "test")) {
            Server server = start(loops, ANY_PORT);
            try (RawHttp2 mute = new RawHttp2(server.getPort(), "/grpc.health.v1.Health/Watch")) {
                long startNanos = System.nanoTime();

                mute.awaitEndInSilence();

                // One second of silence, then five for the answer.
                assertThat(Duration.ofNanos(System.nanoTime() - startNanos))
                        .isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10));
            }
            stop(server);
        }
    }

    @Test
    void closesConnectionsThatAreTooManyUntilOthersEnd() throws Exception {
        try (EventLoops loops = EventLoops.start(Transport.auto(), 1, "test")) {
            ServerSettings settings = ServerSettings.forAgents(false).withConnections(2);
            NettyServerBuilder builder = GrpcServers.builder(loops, ANY_PORT, settings);
            GrpcServers.addHealthAndReflection(builder);
            Server server = builder.build().start();
            var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort());
            try (SocketChannel first = SocketChannel.open(address);
                    SocketChannel second = SocketChannel.open(address);
                    SocketChannel third = SocketChannel.open(address)) {
                assertThat(first.read(ByteBuffer.allocate(1))).isOne();
                assertThat(second.read(ByteBuffer.allocate(1))).isOne();
                assertThat(isClosed(third)).isTrue();
            }
            Await.until("room for another connection", () -> isServed(loops, server));
            stop(server);
        }
    }

    private static boolean isClosed(SocketChannel channel) {
        try {
            return channel.read(ByteBuffer.allocate(1)) < 0;
        } catch (IOException _) {
            return true;
        }
    }

    private static boolean isServed(EventLoops loops, Server server) {
        try {
            return check(loops, new Endpoint.Tcp("127.0.0.1", server.getPort())) == ServingStatus.SERVING;
        } catch (StatusRuntimeException | InterruptedException _) {
            return false;
        }
    }

    @Test
    void runsCallsOnTheEventLoop() throws Exception {
        try (EventLoops loops = EventLoops.start(Transport.auto(), 1, "loopy")) {
            BlockingQueue<String> threads = new LinkedBlockingQueue<>();
            NettyServerBuilder builder = builder(loops, ANY_PORT).intercept(new Recorder(connections, threads));
            GrpcServers.addHealthAndReflection(builder);
            Server server = builder.build().start();

            check(loops, new Endpoint.Tcp("127.0.0.1", server.getPort()));

            assertThat(threads.take()).startsWith("loopy");
            stop(server);
        }
    }

    private static NettyServerBuilder builder(EventLoops loops, Endpoint endpoint) throws IOException {
        return GrpcServers.builder(loops, endpoint, ServerSettings.forAgents(false));
    }

    private Server start(EventLoops loops, Endpoint endpoint) throws IOException {
        NettyServerBuilder builder =
                builder(loops, endpoint).intercept(new Recorder(connections, new LinkedBlockingQueue<>()));
        GrpcServers.addHealthAndReflection(builder);
        return builder.build().start();
    }

    private static ServingStatus check(EventLoops loops, Endpoint endpoint) throws InterruptedException {
        ManagedChannel channel = GrpcChannels.open(loops, endpoint, ChannelSettings.forAgents());
        try {
            return HealthGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(10, TimeUnit.SECONDS)
                    .check(HealthCheckRequest.getDefaultInstance())
                    .getStatus();
        } finally {
            stop(channel);
        }
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static void stop(ManagedChannel channel) throws InterruptedException {
        assertThat(channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS)).isTrue();
    }

    private static void stop(Server server) throws InterruptedException {
        assertThat(server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS)).isTrue();
    }

    /** Keeps the connection and thread of each call. */
    private record Recorder(BlockingQueue<Connection> connections, BlockingQueue<String> threads)
            implements ServerInterceptor {
        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
            connections.add(Connection.of(call));
            threads.add(Thread.currentThread().getName());
            return Connection.interceptor().interceptCall(call, headers, next);
        }
    }

    /** Ends nowhere. */
    private static final class IgnoredResponses<T> implements StreamObserver<T> {
        @Override
        public void onNext(T value) {}

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {}
    }
}
