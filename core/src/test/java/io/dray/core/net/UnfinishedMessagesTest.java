package io.dray.core.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.testing.Await;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What clients that begin messages and do not finish them can take of a server's direct memory. */
@SuppressWarnings("NullAway.Init") // set by serve, which each test calls first with limits of its own
class UnfinishedMessagesTest {
    private static final int MIB = 1024 * 1024;
    private static final int CLAIMED = 4 * MIB;
    private static final long NEVER = TimeUnit.HOURS.toNanos(1);

    private EventLoops loops;
    private Server server;

    @AfterEach
    void stop() {
        server.shutdownNow();
        loops.close();
    }

    @Test
    void aConnectionThatHoldsMoreThanItMayLosesTheCallThatBeganLast() throws Exception {
        serve(new UnfinishedMessages.Limits(100 * MIB, 2 * MIB, NEVER));
        try (RawHttp2 client = connect()) {
            client.begin(1, MIB);
            client.data(1, MIB / 2);
            awaitHeld(MIB / 2);

            client.begin(3, CLAIMED);
            client.data(3, 2 * MIB);

            assertThat(client.nextFrame()).isEqualTo("reset of 3, code 11");
            assertThat(loops.unfinished().bytes()).isBetween(MIB / 2L, 2L * MIB);
            client.data(1, MIB / 2);
            client.end(1);
            assertThatNothingIsHeld();
            client.ping();
            assertThat(client.frames()).contains("ping").doesNotContain("reset of 1, code 11");
        }
        assertThat(isServed()).isTrue();
    }

    @Test
    void aWholeRequestIsHeldUntilItsClientSaysThatItSendsNoMore() throws Exception {
        serve(new UnfinishedMessages.Limits(100 * MIB, 50 * MIB, NEVER));
        try (RawHttp2 client = connect()) {
            client.begin(1, MIB);
            client.data(1, MIB);
            client.ping();
            assertThat(client.nextFrame()).isEqualTo("ping");
            assertThat(loops.activeDirectBytes()).as("what gRPC keeps").isGreaterThan(MIB);
            awaitHeld(MIB);

            client.end(1);

            assertThatNothingIsHeld();
        }
    }

    @Test
    void whenAllHoldTooMuchTheOneThatHoldsMostIsCut() throws Exception {
        serve(new UnfinishedMessages.Limits(2 * MIB, 2 * MIB, NEVER));
        try (RawHttp2 hostile = connect();
                RawHttp2 first = connect();
                RawHttp2 second = connect()) {
            first.begin(1, CLAIMED);
            hostile.begin(1, CLAIMED);
            second.begin(1, CLAIMED);
            first.data(1, 400 * 1024);
            hostile.data(1, 1200 * 1024);
            awaitHeld(1600 * 1024);
            second.data(1, 600 * 1024);

            hostile.awaitEnd();

            Await.until("what the others hold", () -> loops.unfinished().bytes() < 1200 * 1024);
            first.ping();
            second.ping();
            assertThat(first.frames()).containsExactly("ping");
            assertThat(second.frames()).containsExactly("ping");
            assertThat(isServed()).isTrue();
        }
        assertThatNothingIsHeld();
    }

    @Test
    void aByteCountsAsMuchAsItMayKeep() throws Exception {
        serve(new UnfinishedMessages.Limits(100 * MIB, MIB, NEVER));
        try (RawHttp2 hostile = connect()) {
            hostile.begin(1, CLAIMED);
            for (int i = 0; i < 600; i++) {
                hostile.data(1, 1);
            }

            assertThat(hostile.nextFrame()).isEqualTo("reset of 1, code 11");
        }
        assertThatNothingIsHeld();
    }

    @Test
    void aMessageThatDoesNotGrowEndsItsCallAlone() throws Exception {
        serve(new UnfinishedMessages.Limits(100 * MIB, 50 * MIB, TimeUnit.MILLISECONDS.toNanos(100)));
        try (RawHttp2 client = connect()) {
            client.begin(1, CLAIMED);
            client.data(1, MIB);

            assertThat(client.nextFrame()).isEqualTo("reset of 1, code 11");

            assertThatNothingIsHeld();
            client.ping();
            assertThat(client.nextFrame()).isEqualTo("ping");
        }
    }

    @Test
    void messagesThatComeWholeOrAreGivenUpOrEndEarlyAreNotHeld() throws Exception {
        serve(new UnfinishedMessages.Limits(100 * MIB, 2 * MIB, NEVER));
        try (RawHttp2 client = connect()) {
            for (int stream = 1; stream < 20; stream += 2) {
                client.begin(stream, MIB);
                client.data(stream, MIB - 1);
                awaitHeld(MIB - 1);
                switch (stream % 3) {
                    case 0 -> {
                        client.data(stream, 1);
                        client.end(stream);
                    }
                    case 1 -> client.reset(stream);
                    default -> client.end(stream);
                }
                Await.until("nothing held", () -> loops.unfinished().bytes() == 0);
            }
        }
        assertThatNothingIsHeld();
    }

    private void serve(UnfinishedMessages.Limits limits) throws IOException {
        loops = EventLoops.start(
                Transport.auto(), 1, "test", EventLoops.DEFAULT_CHUNK_BYTES, new UnfinishedMessages(limits));
        NettyServerBuilder builder = GrpcServers.builder(
                loops,
                Endpoint.parse("127.0.0.1:0"),
                ServerSettings.forAgents(false).withWindow(64 * MIB));
        GrpcServers.addHealthAndReflection(builder);
        server = builder.build().start();
    }

    private RawHttp2 connect() throws IOException {
        return new RawHttp2(server.getPort(), "/grpc.health.v1.Health/Watch");
    }

    private void awaitHeld(long bytes) {
        Await.until(bytes + " held", () -> loops.unfinished().bytes() >= bytes);
    }

    private void assertThatNothingIsHeld() {
        Await.until("nothing held", () -> loops.unfinished().bytes() == 0 && loops.activeDirectBytes() < MIB / 4);
    }

    private boolean isServed() throws InterruptedException {
        ManagedChannel channel =
                GrpcChannels.open(loops, new Endpoint.Tcp("127.0.0.1", server.getPort()), ChannelSettings.forAgents());
        try {
            return HealthGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(10, TimeUnit.SECONDS)
                            .check(HealthCheckRequest.getDefaultInstance())
                            .getStatus()
                    == ServingStatus.SERVING;
        } finally {
            assertThat(channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS))
                    .isTrue();
        }
    }
}
