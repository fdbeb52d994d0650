package io.dray.sidecar;

import io.dray.core.wire.Header;
import io.dray.core.wire.MeshError;
import io.dray.core.wire.WireLimits;
import io.dray.peer.v1.DestinationFlow;
import io.dray.peer.v1.Load;
import io.dray.sidecar.queue.Destination;
import io.dray.sidecar.queue.FlowWords;
import io.dray.sidecar.queue.Origin;
import io.dray.sidecar.queue.PublisherOrigin;
import io.dray.sidecar.queue.ReceiptRuns;
import io.dray.sidecar.queue.RefusalCounts;
import io.dray.types.v1.BlobWindow;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A node that sends to this one: what is to be said to it outlives its single streams. Thread-safe.
 */
final class InboundNode implements Origin {
    /** Receipts, and windows, for a node that does not come back are dropped beyond this; its agents resend. */
    private static final int MAX_RUNS = 65_536;

    private record Large(long session, long blob) {}

    private final byte[] atNode;
    private final WireLimits limits;
    private final long shareBytes;
    private final Origin publications;
    private final ReceiptRuns receipts = new ReceiptRuns();
    private final FlowWords flows = new FlowWords();
    private final Map<Large, Long> windows = new LinkedHashMap<>();
    private final List<PeerStream> streams = new CopyOnWriteArrayList<>();
    private final AtomicLong heldBytes = new AtomicLong();
    private final AtomicLong incarnation = new AtomicLong();
    private volatile List<Load> loads = List.of();

    /**
     * Creates a node without streams.
     *
     * @param shareBytes what may wait in this process on its behalf
     * @param refusals counts what subscribers of its publications miss
     */
    InboundNode(String name, WireLimits limits, long shareBytes, RefusalCounts refusals) {
        this.atNode = ("@" + name).getBytes(StandardCharsets.UTF_8);
        this.limits = limits;
        this.shareBytes = shareBytes;
        this.publications = new PublisherOrigin(this, refusals);
    }

    /** Whom its publications come from. */
    Origin publications() {
        return publications;
    }

    /** Returns what is wrong with a walked envelope of this node's agents, though it is well-formed; null for nothing. */
    @Nullable
    Error check(byte[] bytes, Header header) {
        int end = header.fromOffset() + header.fromLength();
        boolean ours = header.session() != 0
                && header.fromLength() > atNode.length
                && Arrays.equals(bytes, end - atNode.length, end, atNode, 0, atNode.length);
        if (!ours) {
            return MeshError.of(
                    Code.CODE_FORGED_SENDER,
                    "a link carries what agents of its own node send, each with its session",
                    EnvelopeRules.claim(bytes, header),
                    "an instance" + new String(atNode, StandardCharsets.UTF_8));
        }
        return EnvelopeRules.broken(header, limits);
    }

    /** Whether so much waits on its behalf that other nodes would find no room in the memory budget. */
    boolean overShare() {
        return heldBytes.get() > shareBytes;
    }

    /** Bytes that wait in this process on its behalf. */
    long heldBytes() {
        return heldBytes.get();
    }

    ReceiptRuns receipts() {
        return receipts;
    }

    /** Notes an incarnation of the node; false when a greater one is known. */
    boolean isCurrent(long hello) {
        return incarnation.accumulateAndGet(hello, Math::max) == hello;
    }

    /** Sets what the node is to be told of this host's load next; it replaces what was not yet told. */
    void loads(List<Load> now) {
        if (!streams.isEmpty()) {
            loads = now;
            wake();
        }
    }

    /** Takes the load that is to be told. */
    List<Load> takeLoads() {
        List<Load> taken = loads;
        loads = List.of();
        return taken;
    }

    void add(PeerStream stream) {
        streams.add(stream);
        flows.repeat();
        stream.wake();
    }

    void remove(PeerStream stream) {
        streams.remove(stream);
        wake();
    }

    /** Moves flows that wait into the list, at most as many. */
    void takeFlows(List<DestinationFlow> target, int most) {
        flows.take(
                most - target.size(),
                (destination, priority, paused) -> target.add(DestinationFlow.newBuilder()
                        .setTo(destination.address())
                        .setPriority(priority)
                        .setPaused(paused)
                        .build()));
    }

    /** Moves windows of large payloads that wait into the list, at most as many. */
    void takeWindows(List<BlobWindow> target, int most) {
        synchronized (windows) {
            var waiting = windows.entrySet().iterator();
            while (waiting.hasNext() && target.size() < most) {
                var window = waiting.next();
                target.add(BlobWindow.newBuilder()
                        .setSession(window.getKey().session)
                        .setBlob(window.getKey().blob)
                        .setBytes(window.getValue())
                        .build());
                waiting.remove();
            }
        }
    }

    /** Whether it has no stream, nothing is to be said to it and nothing waits on its behalf. */
    boolean isIdle() {
        return streams.isEmpty() && receipts.size() == 0 && heldBytes.get() == 0;
    }

    @Override
    public void receipts(long session, long first, int count, int level, @Nullable Error error) {
        if (receipts.size() < MAX_RUNS) {
            receipts.add(session, first, count, level, error);
        }
        wake();
    }

    @Override
    public void flow(Destination destination, int lane, boolean paused) {
        flows.put(destination, lane, paused);
        wake();
    }

    @Override
    public void blobWindow(long session, long blob, long bytes) {
        var large = new Large(session, blob);
        synchronized (windows) {
            // Without its window a payload ends as one that nobody takes.
            if (windows.size() < MAX_RUNS || windows.containsKey(large)) {
                windows.merge(large, bytes, Math::max);
            }
        }
        wake();
    }

    @Override
    public void held(long bytes) {
        heldBytes.addAndGet(bytes);
    }

    /** The urgent stream comes first when there is one: receipts must not wait behind anything. */
    private void wake() {
        PeerStream best = null;
        for (PeerStream stream : streams) {
            if (best == null || stream.isUrgent()) {
                best = stream;
            }
        }
        if (best != null) {
            best.wake();
        }
    }
}
