package io.dray.sidecar.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.net.EventLoops;
import io.dray.core.net.MemoryBudget;
import io.dray.core.net.Transport;
import io.dray.peer.v1.DeliverResponse;
import io.dray.peer.v1.DestinationFlow;
import io.dray.sidecar.frame.FrameLimits;
import io.dray.sidecar.frame.FramePool;
import io.dray.sidecar.inbound.SeenWindows;
import io.dray.sidecar.local.LocalAgents;
import io.dray.sidecar.peers.Peer;
import io.dray.sidecar.queue.Destination;
import io.dray.sidecar.queue.LaneQueue;
import io.dray.sidecar.queue.Parcels;
import io.dray.sidecar.queue.RecordingOrigin;
import io.dray.sidecar.queue.RefusalCounts;
import io.dray.sidecar.queue.Refusals;
import io.dray.types.v1.Priority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PeerLinkTest {
    private final MemoryBudget budget = new MemoryBudget(1_000_000);
    private final AtomicInteger attempts = new AtomicInteger();
    private final CountDownLatch tried = new CountDownLatch(4);
    private final Set<Thread> drawing = ConcurrentHashMap.newKeySet();

    @Test
    void makesOneAttemptAfterTheOtherWhileNobodyListens() throws Exception {
        try (EventLoops loops = EventLoops.start(Transport.NIO, 1, "link-test")) {
            PeerLink link = link(loops, closedPort());

            assertThat(tried.await(20, TimeUnit.SECONDS)).isTrue();

            // Each broken attempt draws once; three streams that break one by one would draw three times.
            loops.loop().submit(() -> {}).sync();
            assertThat(attempts.get()).isEqualTo(4);
            link.close(Refusals.nodeLost("test"));
        }
    }

    @Test
    void hearsOfAllItsConnectionsOnItsOwnLoop() throws Exception {
        try (EventLoops loops = EventLoops.start(Transport.NIO, 2, "link-test")) {
            PeerLink link = link(loops, closedPort(), 3);

            assertThat(tried.await(20, TimeUnit.SECONDS)).isTrue();

            Thread own = link.loop().submit(Thread::currentThread).get();
            assertThat(drawing).containsOnly(own);
            link.close(Refusals.nodeLost("test"));
        }
    }

    @Test
    void opensAsManyConnectionsAsConfigured() throws Exception {
        try (var silent = new ServerSocket(0, 3, InetAddress.getLoopbackAddress());
                EventLoops loops = EventLoops.start(Transport.NIO, 1, "link-test")) {
            silent.setSoTimeout(20_000);
            PeerLink link = link(loops, "127.0.0.1:" + silent.getLocalPort(), 3);

            try (var first = silent.accept();
                    var second = silent.accept();
                    var third = silent.accept()) {
                assertThat(List.of(first.getPort(), second.getPort(), third.getPort()))
                        .doesNotHaveDuplicates();
            }
            link.close(Refusals.nodeLost("test"));
        }
    }

    @Test
    void keepsRoomForOthersOnceThePeerAskedToHoldBackForOneDestination() throws Exception {
        // Takes connections and says nothing: an attempt that broke would end the pauses.
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                EventLoops loops = EventLoops.start(Transport.NIO, 1, "link-test")) {
            PeerLink link = link(loops, "127.0.0.1:" + silent.getLocalPort());
            var deaf = new RecordingOrigin();
            var stopped = Parcels.of(deaf, 1, 60_000);
            link.onResponse(DeliverResponse.newBuilder()
                    .addFlows(DestinationFlow.newBuilder()
                            .setTo(stopped.destination.address())
                            .setPaused(true))
                    .build());

            assertThat(link.offer(stopped)).isEqualTo(LaneQueue.Offer.QUEUED_PAUSE);
            assertThat(link.offer(stopped)).isEqualTo(LaneQueue.Offer.FULL);

            var innocent = Parcels.of(new RecordingOrigin(), 1, 30_000);
            innocent.destination = new Destination(Destination.AGENT, "healthy");
            assertThat(link.offer(innocent)).isEqualTo(LaneQueue.Offer.QUEUED_PAUSE);
            assertThat(deaf.flows()).containsOnly("pause agent:b");
            link.close(Refusals.nodeLost("test"));
        }
    }

    @Test
    void holdsBackTheLaneAloneThatThePeerNamed() throws Exception {
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                EventLoops loops = EventLoops.start(Transport.NIO, 1, "link-test")) {
            PeerLink link = link(loops, "127.0.0.1:" + silent.getLocalPort());
            var sender = new RecordingOrigin();
            var normal = Parcels.of(sender, 1, 100);
            var low = Parcels.of(sender, 2, 100);
            low.lane = 3;
            link.onResponse(DeliverResponse.newBuilder()
                    .addFlows(DestinationFlow.newBuilder()
                            .setTo(low.destination.address())
                            .setPriority(Priority.PRIORITY_LOW)
                            .setPaused(true))
                    .build());

            link.offer(normal);
            assertThat(sender.flows()).isEmpty();
            link.offer(low);

            assertThat(sender.flows()).containsExactly("pause agent:b lane 3");
            link.close(Refusals.nodeLost("test"));
        }
    }

    private PeerLink link(EventLoops loops, String address) {
        return link(loops, address, 1);
    }

    private PeerLink link(EventLoops loops, String address, int connections) {
        RandomGenerator counting = () -> {
            drawing.add(Thread.currentThread());
            attempts.incrementAndGet();
            tried.countDown();
            return ThreadLocalRandom.current().nextLong();
        };
        var agents = new LocalAgents(
                () -> new LaneQueue(1_000, budget, new FramePool()), new SeenWindows(), new RefusalCounts(), () -> {});
        var context = new LinkContext(
                loops, agents, budget, new LinkMeters(true), InstantSource.system(), counting, new FramePool());
        var settings = new LinkSettings(
                new LinkSettings.Self("a", 1, "default"),
                new CompressionPolicy.Settings(CompressionPolicy.Mode.NEVER, 1_024, 1),
                FrameLimits.DEFAULT,
                100_000,
                Duration.ofSeconds(2),
                1 << 20,
                connections);
        return new PeerLink(new Peer("b", 1, address), settings, context);
    }

    private static String closedPort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "127.0.0.1:" + socket.getLocalPort();
        }
    }
}
