package io.dray.sidecar.outbound;

import io.dray.core.net.Backoff;
import io.dray.core.wire.MeshError;
import io.dray.peer.v1.DeliverResponse;
import io.dray.peer.v1.LinkHello;
import io.dray.peer.v1.LinkWelcome;
import io.dray.peer.v1.StreamKind;
import io.dray.sidecar.blob.ChunkQueue;
import io.dray.sidecar.peers.Peer;
import io.dray.sidecar.queue.LaneQueue;
import io.dray.sidecar.queue.Micros;
import io.dray.sidecar.queue.Parcel;
import io.dray.sidecar.queue.Refusals;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.dray.types.v1.Version;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams from this sidecar to one peer: urgent, ordinary and bulk.
 *
 * <pre>
 *   DOWN ──connect──▶ CONNECTING ──onWelcome (all streams)──▶ UP
 *    ▲                    │                                    │
 *    └──── onBroken ──────┴────────────── onBroken ────────────┘      close: from any state, for good
 * </pre>
 *
 * <p>Offered to from any loop; the state belongs to the link's own loop.
 */
final class PeerLink {
    private static final Logger log = LoggerFactory.getLogger(PeerLink.class);
    private static final int HIGH_LANE = 1;
    private static final long CLOCK_TOLERANCE_MICROS = 5_000;

    private final Peer peer;
    private final LinkSettings settings;
    private final LinkContext context;
    private final EventLoop loop;
    /** As many as configured; the streams share them, the urgent one has the first. */
    private final List<ManagedChannel> channels;

    private final LinkStream urgent;
    private final LinkStream ordinary;
    private final LinkStream bulk;
    private final Backoff backoff;
    private final LinkPauses pauses = new LinkPauses();
    private @Nullable Long downSinceNanos;
    private @Nullable ScheduledFuture<?> retry;
    private long helloMicros;
    private volatile long clockOffsetMicros;
    private volatile long reportedLoad;
    private volatile boolean up;
    private boolean closed;

    PeerLink(Peer peer, LinkSettings settings, LinkContext context) {
        this.peer = peer;
        this.settings = settings;
        this.context = context;
        this.loop = context.loops().loop();
        // All on the link's loop: what the streams say changes its state.
        this.channels = Stream.generate(() -> context.open(peer.address(), loop, settings.windowBytes()))
                .limit(settings.connections())
                .toList();
        this.urgent = stream(StreamKind.STREAM_KIND_URGENT);
        this.ordinary = stream(StreamKind.STREAM_KIND_ORDINARY);
        this.bulk = stream(StreamKind.STREAM_KIND_BULK);
        this.backoff = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(2), context.random());
        this.downSinceNanos = System.nanoTime();
        loop.execute(this::connect);
    }

    Peer peer() {
        return peer;
    }

    boolean isUp() {
        return up;
    }

    EventLoop loop() {
        return loop;
    }

    long nowMicros() {
        return context.nowMicros();
    }

    long clockOffsetMicros() {
        return clockOffsetMicros;
    }

    /** Takes a parcel in, by its lane and size. */
    LaneQueue.Offer offer(Parcel parcel) {
        if (isPaused(parcel) && pauses.hold(parcel) && streamFor(parcel).isCrowded(parcel.lane)) {
            // Who is deaf to Flow must not take the room of what goes to others on that node.
            return LaneQueue.Offer.FULL;
        }
        return streamFor(parcel).offer(parcel);
    }

    /** Chunks of large payloads for the peer. */
    ChunkQueue chunks() {
        return bulk.chunks();
    }

    /** Whether the peer asked to hold back for the destination in the lane of a parcel. */
    boolean isPaused(Parcel parcel) {
        return pauses.contain(parcel);
    }

    /** Envelopes on their way, and waiting at the peer by its own word: what the sender's sidecar balances by. */
    long outstanding() {
        return urgent.outstanding() + ordinary.outstanding() + bulk.outstanding() + reportedLoad;
    }

    long queuedBytes() {
        return urgent.queuedBytes() + ordinary.queuedBytes() + bulk.queuedBytes();
    }

    long queuedEnvelopes() {
        return urgent.queuedEnvelopes() + ordinary.queuedEnvelopes() + bulk.queuedEnvelopes();
    }

    void sending(Parcel parcel) {
        if (parcel.tracked()) {
            context.custody().sent(parcel, peer.node(), peer.incarnation());
        }
    }

    /** Tries again at once: the directory says that the peer is there. */
    void retryNow() {
        loop.execute(() -> {
            backoff.reset();
            if (retry != null && retry.cancel(false)) {
                connect();
            }
        });
    }

    /** Ends the link for good and refuses what is in it. */
    void close(Error error) {
        urgent.close();
        ordinary.close();
        bulk.close();
        loop.execute(() -> {
            closed = true;
            up = false;
            streams().forEach(stream -> stream.stop("link closed"));
            channels.forEach(ManagedChannel::shutdownNow);
            pauses.resumeAll();
            streams().forEach(stream -> stream.refuseAll(error));
            context.custody().lost(peer, error);
        });
    }

    void onWelcome(LinkWelcome welcome) {
        if (!streams().stream().allMatch(LinkStream::welcomed)) {
            return;
        }
        clockOffsetMicros = clockOffset(Micros.ofWire(welcome.getClockUnixMicros()), context.nowMicros());
        downSinceNanos = null;
        up = true;
        backoff.reset();
        log.info("link is up: node={} address={} clockOffsetMicros={}", peer.node(), peer.address(), clockOffsetMicros);
    }

    void onResponse(DeliverResponse response) {
        response.getFlowsList().forEach(pauses::onFlow);
        if (response.getLoadsCount() > 0) {
            reportedLoad = response.getLoadsList().stream()
                    .mapToLong(load -> load.getQueued() + (long) load.getInHandlers())
                    .sum();
        }
        response.getBlobWindowsList().forEach(chunks()::onWindow);
        if (chunks().isActive()) {
            response.getReceiptsList().forEach(chunks()::onReceipt);
        }
        response.getReceiptsList().stream()
                .filter(receipt -> receipt.getSession() != 0)
                .forEach(context::onRemoteReceipt);
    }

    void onBroken(LinkStream stream, Status status) {
        if (closed || retry != null) {
            return;
        }
        if (up) {
            context.meters().breaks.increment();
            log.warn("link broke: node={} address={} status={}", peer.node(), peer.address(), status);
        }
        up = false;
        if (downSinceNanos == null) {
            downSinceNanos = System.nanoTime();
        }
        streams().forEach(other -> other.stop("another stream of the link ended"));
        pauses.resumeAll();
        context.custody().lost(peer, Refusals.nodeLost("the link to node " + peer.node() + " broke"));
        refuseAfterPatience(status);
        retry = loop.schedule(this::connect, backoff.next().toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The peer answered at some moment of the round trip: only what lies outside of it is a difference of clocks. */
    private long clockOffset(long peerMicros, long nowMicros) {
        long offset = peerMicros - (helloMicros + nowMicros) / 2;
        long doubt = Math.max(CLOCK_TOLERANCE_MICROS, (nowMicros - helloMicros) / 2);
        return Math.abs(offset) > doubt ? offset : 0;
    }

    private void refuseIfDown() {
        if (!up && !closed) {
            refuseAfterPatience(Status.UNAVAILABLE.withDescription("no answer"));
        }
    }

    private void refuseAfterPatience(Status status) {
        Long since = downSinceNanos;
        if (since == null || System.nanoTime() - since < settings.patience().toNanos()) {
            return;
        }
        Error error = MeshError.of(
                Code.CODE_UNREACHABLE,
                "no link to node " + peer.node() + ": " + status.getDescription(),
                peer.address(),
                "a sidecar that listens there");
        streams().forEach(stream -> stream.refuseAll(error));
    }

    private void connect() {
        retry = null;
        if (closed) {
            return;
        }
        channels.forEach(ManagedChannel::resetConnectBackoff);
        helloMicros = context.nowMicros();
        LinkHello hello = LinkHello.newBuilder()
                .setVersion(Version.newBuilder()
                        .setMajor(1)
                        .setSoftware(context.software())
                        .addFeatures("chunks"))
                .setNode(settings.self().node())
                .setIncarnation(settings.self().incarnation())
                .setClockUnixMicros(helloMicros)
                .setMesh(settings.self().mesh())
                .setToNode(peer.node())
                .build();
        List<LinkStream> streams = streams();
        for (int i = 0; i < streams.size(); i++) {
            // A channel that knows no way breaks the first stream while it is being started.
            if (retry == null) {
                ManagedChannel channel = channels.get(Math.min(i, channels.size() - 1));
                streams.get(i).start(context.call(channel), hello);
            }
        }
        // A host that swallows packets does not even break the attempt.
        var _ = loop.schedule(this::refuseIfDown, settings.patience().toMillis(), TimeUnit.MILLISECONDS);
    }

    private List<LinkStream> streams() {
        return List.of(urgent, ordinary, bulk);
    }

    private LinkStream streamFor(Parcel parcel) {
        // By lane alone: by size, a small envelope would overtake a large one of its own lane. Chunks are bulk.
        return parcel.lane <= HIGH_LANE ? urgent : ordinary;
    }

    private LinkStream stream(StreamKind kind) {
        var policy = new CompressionPolicy(settings.compression(), context.isLoopback(peer.address()));
        var writer = new LinkFrameWriter(policy, context.meters());
        return new LinkStream(this, kind, context.newQueue(settings.queueBytes()), writer, settings.batch());
    }
}
