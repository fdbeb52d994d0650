package io.dray.sidecar.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.net.Endpoint;
import io.dray.core.net.EventLoops;
import io.dray.core.net.GrpcServers;
import io.dray.core.net.MemoryBudget;
import io.dray.core.net.ServerSettings;
import io.dray.core.net.Transport;
import io.dray.core.telemetry.Meters;
import io.dray.core.testing.Await;
import io.dray.core.testing.ManualLoop;
import io.dray.core.wire.Addresses;
import io.dray.peer.v1.DeliverRequest;
import io.dray.peer.v1.DeliverResponse;
import io.dray.peer.v1.DestinationFlow;
import io.dray.peer.v1.LinkWelcome;
import io.dray.peer.v1.PeerServiceGrpc;
import io.dray.sidecar.frame.Frame;
import io.dray.sidecar.frame.FrameLimits;
import io.dray.sidecar.frame.FramePool;
import io.dray.sidecar.inbound.Delivery;
import io.dray.sidecar.inbound.SeenWindows;
import io.dray.sidecar.local.LocalAgents;
import io.dray.sidecar.peers.AddressKey;
import io.dray.sidecar.peers.Announcement;
import io.dray.sidecar.peers.DirectoryClient;
import io.dray.sidecar.peers.Introductions;
import io.dray.sidecar.peers.Member;
import io.dray.sidecar.peers.Peer;
import io.dray.sidecar.peers.RemoteInterest;
import io.dray.sidecar.queue.Destination;
import io.dray.sidecar.queue.LaneQueue;
import io.dray.sidecar.queue.Levels;
import io.dray.sidecar.queue.Parcel;
import io.dray.sidecar.queue.Parcels;
import io.dray.sidecar.queue.RecordingOrigin;
import io.dray.sidecar.queue.RefusalCounts;
import io.dray.sidecar.routers.ControlLoop;
import io.dray.sidecar.routers.FakeRouter;
import io.dray.sidecar.routers.Routers;
import io.dray.types.v1.Envelope;
import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which of several nodes gets what is for an agent that all of them have. */
class ForwarderTest {
    private static final int MESSAGES = 200;
    private static final AddressKey AGENT = new AddressKey(AddressKey.AGENT, "b");

    private final ManualLoop loop = new ManualLoop();
    private final EventLoops loops = EventLoops.start(Transport.NIO, 1, "forwarder-test");
    private final MemoryBudget budget = new MemoryBudget(10_000_000);
    private final FramePool pool = new FramePool();
    private final AtomicInteger arrived = new AtomicInteger();
    private final RecordingOrigin sender = new RecordingOrigin();
    private final Routers routers = new Routers(List.of("nobody"), FakeRouter::open);
    private final DirectoryClient directory = new DirectoryClient(
            routers,
            () -> new Announcement(List.of(), List.of()),
            new ControlLoop(loop, loop.clock()::nanoTime, loop.clock(), new Random(7)),
            new Meters());
    private final SeenWindows seen = new SeenWindows();
    private final LinkMeters meters = new LinkMeters(true);
    private final LocalAgents agents = new LocalAgents(this::queue, seen, new RefusalCounts(), () -> {});
    private final PeerLinks links = links();
    private final Forwarder forwarder = forwarder();
    private Server server;

    @BeforeEach
    void serve() throws IOException {
        server = GrpcServers.builder(loops, Endpoint.parse("127.0.0.1:0"), ServerSettings.forPeers(false))
                .addService(new Welcoming())
                .build()
                .start();
    }

    @AfterEach
    void close() {
        links.close();
        routers.close();
        server.shutdownNow();
        loops.close();
    }

    @Test
    void theNodeWhoseLinkIsUpGetsAllWhileTheOthersAreDown() throws Exception {
        PeerLink first = link("down-1", closedPort());
        PeerLink second = link("down-2", closedPort());
        PeerLink up = link("up", server.getPort());
        awaitUp(up);

        forward("down-1", "down-2", "up");

        Await.until("all at the node whose link is up", () -> arrived.get() == MESSAGES);
        assertThat(first.queuedEnvelopes() + second.queuedEnvelopes()).isZero();
    }

    @Test
    void theNodeThatTakesMoreGetsAllWhileTheOthersAskedToHoldBack() {
        PeerLink first = link("busy-1", server.getPort());
        PeerLink second = link("busy-2", server.getPort());
        PeerLink free = link("free", server.getPort());
        awaitUp(first, second, free);
        pause(first);
        pause(second);

        forward("busy-1", "busy-2", "free");

        assertThat(sender.flows()).isEmpty();
        Await.until("all arrive", () -> arrived.get() == MESSAGES);
    }

    @Test
    void aNodeThatAskedToHoldBackIsTakenBeforeOneWhoseLinkIsDown() throws Exception {
        link("down", closedPort());
        PeerLink busy = link("busy", server.getPort());
        awaitUp(busy);
        pause(busy);

        forward("busy", "down");

        Await.until("all arrive", () -> arrived.get() == MESSAGES);
        assertThat(sender.flows()).containsOnly("pause agent:b");
    }

    @Test
    void aNodeThatNobodyKnowsGetsNothingWhileTheLinkToAnotherIsUp() {
        PeerLink up = link("up", server.getPort());
        awaitUp(up);

        forward("gone-1", "gone-2", "up");

        Await.until("all arrive", () -> arrived.get() == MESSAGES);
    }

    @Test
    void aNodeThatNobodyKnowsGetsNothingWhileTheLinkToAnotherIsBusyOrDown() throws Exception {
        PeerLink busy = link("busy", server.getPort());
        awaitUp(busy);
        pause(busy);
        PeerLink down = link("down", closedPort());

        forward("busy", "gone");
        Await.until("all arrive", () -> arrived.get() == MESSAGES);

        sender.told().clear();
        forward("down", "gone");
        assertThat(down.queuedEnvelopes()).isEqualTo(MESSAGES);
    }

    @Test
    void aMemberOfAQueueGroupWhoseLinkIsUpGetsAllWhileTheOthersAreDown() throws Exception {
        link("down-1", closedPort());
        link("down-2", closedPort());
        awaitUp(link("up", server.getPort()));
        Introductions.subscribe(
                directory,
                List.of(
                        new RemoteInterest("down-1", "t", "group"),
                        new RemoteInterest("down-2", "t", "group"),
                        new RemoteInterest("up", "t", "group")));

        for (int sequence = 1; sequence <= MESSAGES; sequence++) {
            Parcel parcel = parcel(sequence);
            parcel.destination = new Destination(Destination.TOPIC, "t");
            forwarder.forward(parcel);
        }

        Await.until("all at the node whose link is up", () -> arrived.get() == MESSAGES);
    }

    private void forward(String... nodes) {
        directory
                .addresses()
                .put(
                        AGENT,
                        Arrays.stream(nodes).map(node -> new Member(node, 1)).toList());
        for (int sequence = 1; sequence <= MESSAGES; sequence++) {
            forwarder.forward(parcel(sequence));
        }
        assertThat(sender.told()).hasSize(MESSAGES).allMatch(told -> told.level() == Levels.ACCEPTED);
    }

    private Parcel parcel(long sequence) {
        byte[] range = DeliverRequest.newBuilder()
                .addEnvelopes(Envelope.newBuilder().setSequence(sequence))
                .build()
                .toByteArray();
        Parcel parcel = Parcels.of(sender, sequence, range.length);
        parcel.frame = Frame.of(range, 0);
        parcel.wish = Levels.ACCEPTED;
        return parcel;
    }

    private static void pause(PeerLink link) {
        link.onResponse(DeliverResponse.newBuilder()
                .addFlows(
                        DestinationFlow.newBuilder().setTo(Addresses.agent("b")).setPaused(true))
                .build());
    }

    private static void awaitUp(PeerLink... links) {
        Await.until("links are up", () -> Arrays.stream(links).allMatch(PeerLink::isUp));
    }

    private PeerLink link(String node, int port) {
        Introductions.introduce(directory, new Peer(node, 1, "127.0.0.1:" + port));
        return Objects.requireNonNull(links.to(node));
    }

    private PeerLinks links() {
        var settings = new LinkSettings(
                new LinkSettings.Self("here", 1, "default"),
                new CompressionPolicy.Settings(CompressionPolicy.Mode.NEVER, 1_024, 1),
                FrameLimits.DEFAULT,
                1_000_000,
                Duration.ofMinutes(1),
                1 << 20,
                1);
        var context = new LinkContext(loops, agents, budget, meters, loop.clock(), new Random(7), pool);
        return new PeerLinks(directory.peers(), settings, context);
    }

    private Forwarder forwarder() {
        var mesh = new Forwarder.Mesh("here", links, directory.addresses(), directory.interest());
        var delivery = new Delivery(agents, seen, new Random(7));
        return new Forwarder(agents, delivery, mesh, meters, this::queue, new Random(7));
    }

    private LaneQueue queue() {
        return new LaneQueue(1_000_000, budget, pool);
    }

    private static int closedPort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** A peer that welcomes everybody and counts. */
    private final class Welcoming extends PeerServiceGrpc.PeerServiceImplBase {
        @Override
        public StreamObserver<DeliverRequest> deliver(StreamObserver<DeliverResponse> answers) {
            return new StreamObserver<>() {
                @Override
                public void onNext(DeliverRequest frame) {
                    if (frame.hasHello()) {
                        answers.onNext(DeliverResponse.newBuilder()
                                .setWelcome(LinkWelcome.getDefaultInstance())
                                .build());
                    }
                    arrived.addAndGet(frame.getEnvelopesCount());
                }

                @Override
                public void onError(Throwable failure) {
                    // The test is over.
                }

                @Override
                public void onCompleted() {
                    answers.onCompleted();
                }
            };
        }
    }
}
