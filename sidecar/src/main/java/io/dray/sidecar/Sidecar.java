package io.dray.sidecar;

import io.dray.core.lifecycle.Closer;
import io.dray.core.net.ChannelSettings;
import io.dray.core.net.Connection;
import io.dray.core.net.Endpoint;
import io.dray.core.net.EventLoops;
import io.dray.core.net.GrpcChannels;
import io.dray.core.net.GrpcServers;
import io.dray.core.net.GuardedService;
import io.dray.core.net.MemoryBudget;
import io.dray.core.net.ServerSettings;
import io.dray.core.net.Transport;
import io.dray.core.telemetry.AdminServer;
import io.dray.core.telemetry.Logging;
import io.dray.core.telemetry.LoopWatchdog;
import io.dray.core.telemetry.Meters;
import io.dray.core.telemetry.Readiness;
import io.dray.core.wire.WireLimits;
import io.dray.sidecar.blob.BlobRoom;
import io.dray.sidecar.blob.Blobs;
import io.dray.sidecar.frame.FramePool;
import io.dray.sidecar.inbound.Delivery;
import io.dray.sidecar.inbound.SeenWindows;
import io.dray.sidecar.local.LocalAgents;
import io.dray.sidecar.local.SessionKeys;
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
import io.dray.sidecar.routers.NodeIdentity;
import io.dray.sidecar.routers.Routers;
import io.dray.sidecar.tasks.ClaimDesk;
import io.dray.sidecar.tasks.NodeProbe;
import io.dray.sidecar.tasks.NodeReporter;
import io.dray.sidecar.tasks.TaskRelay;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running sidecar: its parts, put together. Closing it is safe from any thread, once. */
public final class Sidecar implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Sidecar.class);
    private static final Duration DRAIN = Duration.ofSeconds(1);
    /** One node may have that part of the memory budget, so that others find room. */
    private static final int PEER_SHARE = 4;
    /** Chunks on their way may have that part of it, in each direction. */
    private static final int BLOB_SHARE = 4;
    /** Open calls of the unary door may have that part of it. */
    private static final int DOOR_SHARE = 4;

    private static final RandomGenerator RANDOM =
            () -> ThreadLocalRandom.current().nextLong();

    private final SidecarConfig config;
    private final boolean insecure;
    private final long incarnation = incarnationNow();
    private final InstantSource clock = InstantSource.system();
    private final Closer closer = new Closer();
    private final FramePool pool;
    private final RefusalCounts refusals = new RefusalCounts();
    private final LinkMeters counts;
    private final RouteTimes times;
    private final SeenWindows seen = new SeenWindows();
    private final List<Server> agentServers = new ArrayList<>();
    private final Meters meters;
    private final EventLoops loops;
    private final MemoryBudget budget;
    private final Blobs blobs;
    private final LocalAgents agents;
    private final Routers routers;
    private final DirectoryClient directory;
    private final PeerLinks links;
    private final Forwarder forwarder;
    private final ReplyCache replies;
    private final ClaimDesk claims;
    private final TaskRelay tasks;
    private final DoorPlaces places;
    private final AgentDoor agentDoor;
    private final PeerDoor peerDoor;
    private final Server peerServer;
    private final AdminServer admin;
    private final NodeIdentity identity;
    private final Upkeep upkeep;
    private final List<String> agentAddresses = new ArrayList<>();

    private Sidecar(SidecarConfig config, boolean insecure) throws IOException {
        this.config = config;
        this.insecure = insecure;
        pool = new FramePool(config.memory().frames().toInt());
        counts = new LinkMeters(config.meters().hotPath());
        times = new RouteTimes(config.meters().hotPath(), config.lanes());
        Transport transport = Transport.parse(config.transport());
        sayTransport(transport);
        SessionKeys keys = SessionKeys.in(config.dataDir());
        meters = closer.register(new Meters());
        loops = closer.register(EventLoops.start(
                transport,
                config.loops(),
                "sidecar-loop",
                config.memory().chunk().toInt()));
        budget = new MemoryBudget(config.memory().budget().bytes());
        blobs = newBlobs();
        meters.gauge("dray_large_payloads", "Payloads whose chunks are on their way", blobs::size);
        routers = closer.register(new Routers(config.router().endpoints(), this::openRouter));
        ControlLoop control = ControlLoop.on(loops.loop());
        agents = new LocalAgents(queues(config.memory().mailbox().bytes()), seen, refusals, this::directoryChanged);
        directory = closer.register(new DirectoryClient(routers, new Announcements(agents), control, meters));
        Delivery delivery = new Delivery(agents, seen, RANDOM);
        LinkContext context = new LinkContext(loops, agents, budget, counts, clock, RANDOM, pool);
        links = closer.register(new PeerLinks(directory.peers(), linkSettings(), context));
        directory.peers().listen(links);
        var mesh = new Forwarder.Mesh(config.node(), links, directory.addresses(), directory.interest());
        forwarder = new Forwarder(
                agents, delivery, mesh, counts, queues(config.memory().mailbox().bytes()), RANDOM);
        replies = new ReplyCache(
                config.cache().settings(),
                budget,
                forwarder::forward,
                new CachedReplyWriter(delivery, SessionKeys.newSession()),
                loops.loop(),
                System::nanoTime);
        var load = new SidecarMeters(agents, links);
        claims = new ClaimDesk(new LocalWorkers(agents), control);
        tasks = closer.register(
                new TaskRelay(routers, claims, new NodeReporter(new NodeProbe(Path.of("/")), load), control, meters));
        load.show(meters, counts, refusals, budget, loops);
        SidecarMeters.showMisses(meters, times);
        SidecarMeters.showReplies(meters, replies);
        var self = new PeerDoor.Self(
                config.node(),
                incarnation,
                config.mesh(),
                WireLimits.DEFAULT,
                budget.limit() / PEER_SHARE,
                blobs,
                replies,
                clock);
        peerDoor = new PeerDoor(self, delivery, loops, pool, refusals);
        peerServer = servePeers();
        Endpoint.Tcp adminAt = Endpoint.parseTcp("admin.listen", config.admin().listen());
        admin = closer.register(AdminServer.start(config.node(), adminAt.address(), insecure, meters, readiness()));
        identity = new NodeIdentity(
                config.node(), incarnation, advertised(), advertisedAdmin(), config.mesh(), config.labels());
        places = new DoorPlaces(budget, budget.limit() / DOOR_SHARE, WireLimits.DEFAULT.maxEnvelopeBytes());
        agentDoor = serveAgents(keys, transport);
        directory.start(identity);
        tasks.start(identity);
        claims.start(tasks, identity);
        watchLoops();
        upkeep = new Upkeep(
                agents, peerDoor, links, blobs, places, replies, config.agents().resume(), clock);
        upkeep.start(loops.loop());
    }

    /** Starts to serve; returns when it does. */
    public static Sidecar start(SidecarConfig config, boolean insecure) throws IOException {
        return new Sidecar(config, insecure);
    }

    /** Where agents reach it, as endpoints: the socket first. */
    public List<String> agentEndpoints() {
        return List.copyOf(agentAddresses);
    }

    /** Puts in force what {@link Reload#LIVE} names; the rest stays as it was at the start. */
    void change(SidecarConfig changed) {
        Logging.setLevel(changed.log().level());
        times.budgets(changed.lanes());
        upkeep.resume(changed.agents().resume());
    }

    /** Returns what the READY line says. */
    String readyJson() {
        return """
                {"role":"sidecar","node":"%s","socket":"%s","agents":"%s","peers":"%s","admin":"%s",\
                "transport":"%s","profile":"%s","tier":"%s","pid":%d}""".formatted(
                        config.node(),
                        config.agents().hasSocket() ? config.agents().socket() : "",
                        config.agents().hasListen() ? agentAddresses.getLast() : "",
                        identity.peerAddress(),
                        identity.adminAddress(),
                        loops.transport().word(),
                        config.profile().word(),
                        Tier.ofThisHost().word(),
                        ProcessHandle.current().pid());
    }

    @Override
    public void close() throws IOException {
        tasks.drain();
        directory.leave();
        agentDoor.draining();
        agentServers.forEach(Server::shutdown);
        for (Server server : agentServers) {
            awaitQuietly(server);
        }
        closer.close();
    }

    private AgentDoor serveAgents(SessionKeys keys, Transport transport) throws IOException {
        WireLimits limits = WireLimits.DEFAULT;
        long sourceBytes = config.memory().source().bytes();
        var batch = config.agents().batch().limits();
        var rings = new Rings(Rings.SHARED_MEMORY, config.memory().rings().bytes(), pool);
        rings.show(meters);
        var node = new Attaching.Node(
                config.node(), incarnation, limits, batch, sourceBytes, blobs, rings, replies, clock);
        var attaching = new Attaching(node, agents, keys, forwarder, tasks, times, refusals);
        var doorContext =
                new DoorContext(config.node(), agents, forwarder, limits, blobs, replies, places, times, clock);
        var door = new AgentDoor(new UnaryDoor(doorContext, loops), attaching, loops, pool);
        var status = new StatusReporter(
                identity, transport.word(), agents, links, directory::isJoined, meters, times, replies);
        var taskDoor = new TaskDoor(routers, call -> Connection.of(call).principal());
        List<BindableService> services = List.of(door, status, taskDoor, new ClaimDoor(claims));
        if (config.agents().hasSocket()) {
            serve(new Endpoint.Unix(Path.of(config.agents().socket())), services);
        }
        if (config.agents().hasListen()) {
            serve(Endpoint.parseTcp("agents.listen", config.agents().listen()), services);
        }
        return door;
    }

    private void serve(Endpoint endpoint, List<BindableService> services) throws IOException {
        var builder = GrpcServers.builder(
                        loops,
                        endpoint,
                        ServerSettings.forAgents(insecure)
                                .withWindow(config.agents().window().toInt()))
                .intercept(Connection.interceptor());
        services.forEach(
                service -> builder.addService(GuardedService.of(service, error -> refusals.add(error.getCode()))));
        GrpcServers.addHealthAndReflection(builder);
        Server server = GrpcServers.start(builder, endpoint);
        closer.register(server::shutdownNow);
        agentServers.add(server);
        agentAddresses.add(
                endpoint instanceof Endpoint.Tcp tcp
                        ? new Endpoint.Tcp(tcp.host(), server.getPort()).toString()
                        : endpoint.toString());
    }

    private Server servePeers() throws IOException {
        Endpoint endpoint = Endpoint.parseTcp("peers.listen", config.peers().listen());
        var builder = GrpcServers.builder(
                loops,
                endpoint,
                ServerSettings.forPeers(insecure)
                        .withWindow(config.peers().window().toInt()));
        builder.addService(peerDoor);
        GrpcServers.addHealthAndReflection(builder);
        Server server = GrpcServers.start(builder, endpoint);
        closer.register(server::shutdownNow);
        return server;
    }

    private void watchLoops() {
        var watchdog =
                closer.register(new LoopWatchdog(Duration.ofMillis(100), Duration.ofMillis(50), System::nanoTime));
        loops.group().forEach(executor -> watchdog.watch(executor));
        meters.total("dray_loop_stalls", "Times an event loop came 50 ms late", watchdog::stalls);
    }

    private void directoryChanged() {
        directory.changed();
    }

    private ManagedChannel openRouter(String endpoint) {
        return GrpcChannels.open(loops, Endpoint.parse(endpoint), ChannelSettings.forPeers());
    }

    /** What comes in and what goes out have rooms of their own, each at most a quarter of the budget. */
    private Blobs newBlobs() {
        long room = budget.limit() / BLOB_SHARE;
        long window = config.memory().blob().bytes();
        return new Blobs(
                new BlobRoom(budget, "large payloads arriving", room, window),
                new BlobRoom(budget, "large payloads leaving", room, window),
                Blobs.Limits.of(WireLimits.DEFAULT.maxEnvelopeBytes()),
                System::nanoTime);
    }

    private Supplier<LaneQueue> queues(long limitBytes) {
        return () -> new LaneQueue(limitBytes, budget, pool);
    }

    private LinkSettings linkSettings() {
        return new LinkSettings(
                new LinkSettings.Self(config.node(), incarnation, config.mesh()),
                config.compression().settings(),
                config.peers().batch().limits(),
                config.memory().link().bytes(),
                config.peers().patience(),
                config.peers().window().toInt(),
                config.peers().connections());
    }

    private Readiness readiness() {
        return () -> config.router().endpoints().isEmpty() || directory.isJoined()
                ? Optional.empty()
                : Optional.of("no router answers at " + config.router().endpoints());
    }

    private String advertised() {
        String advertise = config.peers().advertise();
        if (!advertise.isEmpty()) {
            return advertise;
        }
        return new Endpoint.Tcp(
                        Endpoint.parseTcp("peers.listen", config.peers().listen())
                                .host(),
                        peerServer.getPort())
                .toString();
    }

    /** Where others find the admin pages: all addresses of this host mean the one at which peers find it. */
    private String advertisedAdmin() {
        Endpoint.Tcp served = Endpoint.parseTcp("admin.listen", admin.address());
        return served.address().getAddress().isAnyLocalAddress()
                ? new Endpoint.Tcp(
                                Endpoint.parseTcp("peers.advertise", advertised())
                                        .host(),
                                served.port())
                        .toString()
                : admin.address();
    }

    private static void sayTransport(Transport transport) {
        String why = Transport.whyNotEpoll();
        if (transport == Transport.NIO) {
            log.info("transport is nio{}", why.isEmpty() ? ", as configured" : ": epoll is not available: " + why);
        } else {
            log.info("transport is epoll");
        }
    }

    private static void awaitQuietly(Server server) {
        try {
            server.awaitTermination(DRAIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static long incarnationNow() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000 + now.getNano();
    }
}
