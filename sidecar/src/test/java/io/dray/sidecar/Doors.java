package io.dray.sidecar;

import io.dray.agent.v1.AttachRequest;
import io.dray.agent.v1.Hello;
import io.dray.core.net.EventLoops;
import io.dray.core.net.MemoryBudget;
import io.dray.core.net.Transport;
import io.dray.core.telemetry.Meters;
import io.dray.core.testing.ManualLoop;
import io.dray.core.wire.WireLimits;
import io.dray.sidecar.blob.BlobRoom;
import io.dray.sidecar.blob.Blobs;
import io.dray.sidecar.frame.FrameLimits;
import io.dray.sidecar.frame.FramePool;
import io.dray.sidecar.inbound.Delivery;
import io.dray.sidecar.inbound.SeenWindows;
import io.dray.sidecar.local.LocalAgents;
import io.dray.sidecar.local.SessionKeys;
import io.dray.sidecar.outbound.CompressionPolicy;
import io.dray.sidecar.outbound.Forwarder;
import io.dray.sidecar.outbound.LinkContext;
import io.dray.sidecar.outbound.LinkMeters;
import io.dray.sidecar.outbound.LinkSettings;
import io.dray.sidecar.outbound.PeerLinks;
import io.dray.sidecar.peers.DirectoryClient;
import io.dray.sidecar.queue.LaneQueue;
import io.dray.sidecar.queue.RefusalCounts;
import io.dray.sidecar.replies.CachedReplyWriter;
import io.dray.sidecar.replies.ReplyCache;
import io.dray.sidecar.routers.ControlLoop;
import io.dray.sidecar.routers.FakeRouter;
import io.dray.sidecar.routers.Routers;
import io.dray.sidecar.tasks.NodeProbe;
import io.dray.sidecar.tasks.NodeReporter;
import io.dray.sidecar.tasks.TaskRelay;
import io.dray.types.v1.Version;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/** Both doors of a node without servers and routers, on a manual loop. */
final class Doors implements AutoCloseable {
    static final long BUDGET = 4_000_000;
    static final long SHARE = 100_000;
    static final long BLOB_WINDOW = 100_000;
    static final long REPLY_BYTES = 400_000;

    final ManualLoop loop = new ManualLoop();
    final RefusalCounts refusals = new RefusalCounts();
    final MemoryBudget budget = new MemoryBudget(BUDGET);
    final Blobs blobs = new Blobs(
            new BlobRoom(budget, "arriving", BUDGET / 4, BLOB_WINDOW),
            new BlobRoom(budget, "leaving", BUDGET / 4, BLOB_WINDOW),
            Blobs.Limits.of(WireLimits.DEFAULT.maxEnvelopeBytes()),
            loop.clock()::nanoTime);
    final LocalAgents agents;
    final Attaching attaching;
    final PeerDoor peerDoor;
    final DoorContext context;
    final DoorPlaces places;
    final RouteTimes times = new RouteTimes(true, SidecarConfig.Lanes.DEFAULT);
    final DirectoryClient directory;
    final PeerLinks links;
    final ReplyCache replies;
    private final EventLoops loops;
    private final boolean ownsLoops;
    private final Routers routers;

    /** A node {@code here} alone. */
    Doors(Path folder) throws IOException {
        this(folder, "here", EventLoops.start(Transport.NIO, 1, "doors-test"), true, List.of());
    }

    /** A node alone whose router does not answer, so that look-ups take their time. */
    static Doors searching(Path folder) throws IOException {
        return new Doors(folder, "here", EventLoops.start(Transport.NIO, 1, "doors-test"), true, List.of("nobody"));
    }

    /** A node beside others, whose links run on the loops of the test, and whose router does not answer. */
    static Doors beside(Path folder, String node, EventLoops loops) throws IOException {
        return new Doors(folder, node, loops, false, List.of("nobody"));
    }

    private Doors(Path folder, String node, EventLoops loops, boolean ownsLoops, List<String> endpoints)
            throws IOException {
        this.routers = new Routers(endpoints, FakeRouter::open);
        this.loops = loops;
        this.ownsLoops = ownsLoops;
        ControlLoop control = new ControlLoop(loop, loop.clock()::nanoTime, loop.clock(), new Random(7));
        var seen = new SeenWindows();
        var pool = new FramePool();
        Supplier<LaneQueue> queues = () -> new LaneQueue(1_000_000, budget, pool);
        agents = new LocalAgents(queues, seen, refusals, () -> {});
        var meters = new LinkMeters(true);
        directory = new DirectoryClient(routers, new Announcements(agents), control, new Meters());
        var context = new LinkContext(loops, agents, budget, meters, loop.clock(), new Random(7), pool);
        var settings = new LinkSettings(
                new LinkSettings.Self(node, 1, "default"),
                new CompressionPolicy.Settings(CompressionPolicy.Mode.NEVER, 1_024, 1),
                FrameLimits.DEFAULT,
                100_000,
                Duration.ofSeconds(2),
                1 << 20,
                1);
        links = new PeerLinks(directory.peers(), settings, context);
        directory.peers().listen(links);
        var mesh = new Forwarder.Mesh(node, links, directory.addresses(), directory.interest());
        var delivery = new Delivery(agents, seen, new Random(7));
        var forwarder = new Forwarder(agents, delivery, mesh, meters, queues, new Random(7));
        var reporter = new NodeReporter(new NodeProbe(Path.of("/")), new SidecarMeters(agents, links));
        var tasks = new TaskRelay(routers, new LocalWorkers(agents), reporter, control, new Meters());
        var rings = new Rings(folder, 0, pool);
        replies = new ReplyCache(
                new ReplyCache.Settings(REPLY_BYTES, Set.of()),
                budget,
                forwarder::forward,
                new CachedReplyWriter(delivery, 77),
                loop,
                loop.clock()::nanoTime);
        var self = new Attaching.Node(
                node, 1, WireLimits.DEFAULT, FrameLimits.DEFAULT, 1_000_000, blobs, rings, replies, loop.clock());
        attaching = new Attaching(self, agents, SessionKeys.in(folder), forwarder, tasks, times, refusals);
        places = new DoorPlaces(budget, BUDGET / 4, WireLimits.DEFAULT.maxEnvelopeBytes());
        this.context = new DoorContext(
                node, agents, forwarder, WireLimits.DEFAULT, blobs, replies, places, times, loop.clock());
        var peerSelf = new PeerDoor.Self(node, 1, "default", WireLimits.DEFAULT, SHARE, blobs, replies, loop.clock());
        peerDoor = new PeerDoor(peerSelf, delivery, loops, pool, refusals);
    }

    /** Attaches an agent, with the suffix 1. */
    AgentClient agent(String name) {
        AgentClient client = connect();
        client.say(AttachRequest.newBuilder().setHello(hello(name)).build());
        return client;
    }

    /** Attaches an agent that takes large payloads as chunks, with the suffix 1. */
    AgentClient large(String name) {
        AgentClient client = connect();
        Version version = Version.newBuilder().setMajor(1).addFeatures("chunks").build();
        client.say(AttachRequest.newBuilder()
                .setHello(hello(name).setVersion(version))
                .build());
        return client;
    }

    /** A stream of an agent that has not said anything. */
    AgentClient connect() {
        return new AgentClient(this);
    }

    static Hello.Builder hello(String name) {
        return Hello.newBuilder()
                .setVersion(Version.newBuilder().setMajor(1))
                .setAgent(name)
                .setSuffix("1");
    }

    @Override
    public void close() {
        links.close();
        routers.close();
        if (ownsLoops) {
            loops.close();
        }
    }
}
