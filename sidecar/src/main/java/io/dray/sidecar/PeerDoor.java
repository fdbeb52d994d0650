package io.dray.sidecar;

import com.google.protobuf.ByteString;
import io.dray.core.net.EventLoops;
import io.dray.core.telemetry.BuildInfo;
import io.dray.core.wire.Incarnations;
import io.dray.core.wire.MeshError;
import io.dray.core.wire.Names;
import io.dray.core.wire.WireLimits;
import io.dray.core.wire.ZstdFrames;
import io.dray.peer.v1.Compressed;
import io.dray.peer.v1.DeliverRequest;
import io.dray.peer.v1.DeliverResponse;
import io.dray.peer.v1.LinkHello;
import io.dray.peer.v1.LinkWelcome;
import io.dray.peer.v1.Load;
import io.dray.peer.v1.PeerServiceGrpc;
import io.dray.peer.v1.StreamKind;
import io.dray.sidecar.blob.Blobs;
import io.dray.sidecar.frame.Frame;
import io.dray.sidecar.frame.FrameMarshallers;
import io.dray.sidecar.frame.FramePool;
import io.dray.sidecar.frame.OutboundFrame;
import io.dray.sidecar.inbound.Delivery;
import io.dray.sidecar.queue.Micros;
import io.dray.sidecar.queue.Parcel;
import io.dray.sidecar.queue.RefusalCounts;
import io.dray.sidecar.queue.Refusals;
import io.dray.sidecar.replies.ReplyCache;
import io.dray.types.v1.Code;
import io.dray.types.v1.Encoding;
import io.dray.types.v1.Error;
import io.dray.types.v1.Version;
import io.grpc.BindableService;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;

/** Serves PeerService: takes links from other sidecars. Thread-safe. */
final class PeerDoor implements BindableService {
    private static final int MAJOR = 1;
    private static final int MAX_NODES = 10_000;

    /** One envelope larger than a frame may be stands alone in it, with its notes beside it. */
    private static final int MAX_RAW_BYTES = 4 * 1024 * 1024;

    /**
     * Who this sidecar is to its peers.
     *
     * @param shareBytes what may wait here on behalf of one node
     */
    record Self(
            String node,
            long incarnation,
            String mesh,
            WireLimits limits,
            long shareBytes,
            Blobs blobs,
            ReplyCache replies,
            InstantSource clock) {}

    private final Self self;
    private final Delivery delivery;
    private final EventLoops loops;
    private final FramePool pool;
    private final RefusalCounts refusals;
    private final Map<String, InboundNode> nodes = new ConcurrentHashMap<>();
    private final Map<ScheduledExecutorService, ReadTurns> turns = new ConcurrentHashMap<>();

    PeerDoor(Self self, Delivery delivery, EventLoops loops, FramePool pool, RefusalCounts refusals) {
        this.self = self;
        this.delivery = delivery;
        this.loops = loops;
        this.pool = pool;
        this.refusals = refusals;
    }

    @Override
    public ServerServiceDefinition bindService() {
        var deliver = FrameMarshallers.server(PeerServiceGrpc.getDeliverMethod(), pool);
        ServiceDescriptor generated = PeerServiceGrpc.getServiceDescriptor();
        var descriptor = ServiceDescriptor.newBuilder(generated.getName())
                .setSchemaDescriptor(generated.getSchemaDescriptor())
                .addMethod(deliver)
                .build();
        return ServerServiceDefinition.builder(descriptor)
                .addMethod(ServerMethodDefinition.<Frame, OutboundFrame>create(
                        deliver, (call, _) -> new PeerStream(call, AgentDoor.currentLoop(loops), this)))
                .build();
    }

    /** What streams on a loop share. */
    ReadTurns turns(ScheduledExecutorService loop) {
        return turns.computeIfAbsent(loop, ReadTurns::new);
    }

    /** Checks the first frame of a stream and returns the node that it comes from. */
    InboundNode welcome(DeliverRequest request) {
        if (!request.hasHello()) {
            throw refusal(
                    Code.CODE_HELLO_EXPECTED, "the first frame must introduce the link", "no hello", "hello alone");
        }
        LinkHello hello = request.getHello();
        int major = hello.getVersion().getMajor();
        if (major != MAJOR) {
            throw refusal(
                    Code.CODE_UNSUPPORTED_VERSION,
                    "this sidecar speaks another major version",
                    "major " + Integer.toUnsignedString(major),
                    "1");
        }
        String mesh = hello.getMesh().isEmpty() ? "default" : hello.getMesh();
        if (!mesh.equals(self.mesh)) {
            throw refusal(Code.CODE_WRONG_MESH, "the link is for another mesh", mesh, self.mesh);
        }
        if (!hello.getToNode().isEmpty() && !hello.getToNode().equals(self.node)) {
            throw refusal(Code.CODE_WRONG_MESH, "the link is for another node", hello.getToNode(), self.node);
        }
        if (hello.getKind() == StreamKind.STREAM_KIND_UNSPECIFIED || hello.getKind() == StreamKind.UNRECOGNIZED) {
            String kind = "kind " + hello.getKindValue();
            throw refusal(Code.CODE_MISSING_FIELD, "the link's stream has no kind", kind, "urgent, ordinary or bulk");
        }
        checkNode(hello);
        InboundNode node = nodeOf(hello.getNode());
        if (!node.isCurrent(hello.getIncarnation())) {
            String value = hello.getNode() + " incarnation " + hello.getIncarnation();
            throw refusal(Code.CODE_STALE_INCARNATION, "a newer start of the node is known", value, "the newest start");
        }
        return node;
    }

    private void checkNode(LinkHello hello) {
        if (!Names.isName(hello.getNode())) {
            throw refusal(
                    Code.CODE_BAD_NAME,
                    "the node has not the allowed form",
                    hello.getNode(),
                    "[a-z0-9]([a-z0-9.-]{0,62})");
        }
        if (hello.getNode().equals(self.node)) {
            throw refusal(
                    Code.CODE_NAME_TAKEN,
                    "the link comes from a node of this sidecar's own name",
                    hello.getNode(),
                    "a name that no other node of the mesh has");
        }
        Incarnations.check(hello.getIncarnation(), Micros.of(self.clock)).ifPresent(error -> {
            throw MeshError.toStatus(error);
        });
    }

    private InboundNode nodeOf(String name) {
        if (nodes.size() >= MAX_NODES && !nodes.containsKey(name)) {
            nodes.values().removeIf(InboundNode::isIdle);
            if (nodes.size() >= MAX_NODES) {
                throw refusal(Code.CODE_TOO_MANY, "too many nodes send here", name, "at most " + MAX_NODES);
            }
        }
        return nodes.computeIfAbsent(name, _ -> new InboundNode(name, self.limits, self.shareBytes, refusals));
    }

    DeliverResponse welcomeFrame() {
        return DeliverResponse.newBuilder()
                .setWelcome(LinkWelcome.newBuilder()
                        .setVersion(Version.newBuilder()
                                .setMajor(MAJOR)
                                .setSoftware(BuildInfo.software("sidecar"))
                                .addFeatures(Attaching.CHUNKS))
                        .setNode(self.node)
                        .setIncarnation(self.incarnation)
                        .setClockUnixMicros(nowMicros()))
                .build();
    }

    /**
     * Returns the frame inside a compressed one, pooled like those that come as they are: what waits of it would else
     * hold all of it. Nothing is allocated before what it claims was checked.
     */
    Frame decompressed(Compressed compressed, long arrivedNanos, ReadTurns spending) {
        if (compressed.getEncoding() != Encoding.ENCODING_ZSTD || compressed.getDictionary() != 0) {
            String value =
                    compressed.getEncoding() + " dictionary " + Integer.toUnsignedString(compressed.getDictionary());
            throw refusal(Code.CODE_BAD_COMPRESSION, "the encoding is not known here", value, "ZSTD, dictionary 0");
        }
        ByteString data = compressed.getData();
        Frame packed = pool.empty(data.size(), arrivedNanos);
        data.copyTo(packed.bytes(), 0);
        try {
            return decompressed(packed, compressed.getRawBytes(), spending);
        } finally {
            packed.release();
        }
    }

    private Frame decompressed(Frame packed, int rawBytes, ReadTurns spending) {
        Error error = ZstdFrames.check(packed.bytes(), 0, packed.length(), rawBytes, MAX_RAW_BYTES);
        if (error != null) {
            throw MeshError.toStatus(error);
        }
        spending.spend(rawBytes);
        Frame raw = pool.empty(rawBytes, packed.arrivedNanos());
        int length = ZstdFrames.ofThread().decompress(packed.bytes(), 0, packed.length(), raw.bytes(), 0);
        if (length != rawBytes) {
            raw.release();
            throw refusal(
                    Code.CODE_BAD_COMPRESSION,
                    "the frame does not decompress to what it claims",
                    length + " B",
                    rawBytes + " B");
        }
        return raw;
    }

    /** Tells every node that sends here how busy the instances are. */
    void tellLoads(List<Load> loads) {
        nodes.values().forEach(node -> node.loads(loads));
    }

    /** Delivers what a node sent, as long as what waits on its behalf leaves room for others. */
    void deliver(Parcel parcel, InboundNode sender) {
        if (!sender.overShare()) {
            delivery.deliver(parcel);
            return;
        }
        Error full = MeshError.of(
                Code.CODE_MEMORY_FULL,
                "the sending node's share of the memory budget is used up; send less at once or raise memory.budget",
                parcel.length + " B",
                "room in " + self.shareBytes + " B");
        refused(full);
        Refusals.refuse(parcel, full);
    }

    /** Bytes that wait here on behalf of other nodes. */
    long heldBytes() {
        return nodes.values().stream().mapToLong(InboundNode::heldBytes).sum();
    }

    void refused(Error error) {
        refusals.add(error.getCode());
    }

    ReplyCache replies() {
        return self.replies;
    }

    Blobs blobs() {
        return self.blobs;
    }

    long nowMicros() {
        return Micros.of(self.clock);
    }

    WireLimits limits() {
        return self.limits;
    }

    private static RuntimeException refusal(Code code, String message, String value, String expected) {
        return MeshError.toStatus(MeshError.of(code, message, value, expected));
    }
}
