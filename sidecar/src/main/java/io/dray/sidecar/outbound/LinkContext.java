package io.dray.sidecar.outbound;

import io.dray.core.net.ChannelSettings;
import io.dray.core.net.Endpoint;
import io.dray.core.net.EventLoops;
import io.dray.core.net.GrpcChannels;
import io.dray.core.net.MemoryBudget;
import io.dray.core.telemetry.BuildInfo;
import io.dray.peer.v1.PeerServiceGrpc;
import io.dray.sidecar.frame.Frame;
import io.dray.sidecar.frame.FrameMarshallers;
import io.dray.sidecar.frame.FramePool;
import io.dray.sidecar.frame.OutboundFrame;
import io.dray.sidecar.local.LocalAgent;
import io.dray.sidecar.local.LocalAgents;
import io.dray.sidecar.queue.LaneQueue;
import io.dray.sidecar.queue.Levels;
import io.dray.sidecar.queue.Micros;
import io.dray.sidecar.queue.Refusals;
import io.dray.types.v1.Error;
import io.dray.types.v1.Receipt;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.netty.channel.EventLoop;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What all links share. Immutable, thread-safe. */
public final class LinkContext {
    private final EventLoops loops;
    private final LocalAgents agents;
    private final MemoryBudget budget;
    private final LinkMeters meters;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final FramePool pool;
    private final MethodDescriptor<OutboundFrame, Frame> method;
    private final Custody custody = new Custody();

    /** Creates the context of all links of a sidecar. */
    public LinkContext(
            EventLoops loops,
            LocalAgents agents,
            MemoryBudget budget,
            LinkMeters meters,
            InstantSource clock,
            RandomGenerator random,
            FramePool pool) {
        this.loops = loops;
        this.agents = agents;
        this.budget = budget;
        this.meters = meters;
        this.clock = clock;
        this.random = random;
        this.pool = pool;
        this.method = FrameMarshallers.client(PeerServiceGrpc.getDeliverMethod(), pool);
    }

    EventLoops loops() {
        return loops;
    }

    LinkMeters meters() {
        return meters;
    }

    RandomGenerator random() {
        return random;
    }

    Custody custody() {
        return custody;
    }

    String software() {
        return BuildInfo.software("sidecar");
    }

    LaneQueue newQueue(long limitBytes) {
        return new LaneQueue(limitBytes, budget, pool);
    }

    long nowMicros() {
        return Micros.of(clock);
    }

    ManagedChannel open(String address, EventLoop loop, int windowBytes) {
        return GrpcChannels.open(
                loops, loop, Endpoint.parse(address), ChannelSettings.forPeers().withWindow(windowBytes));
    }

    boolean isLoopback(String address) {
        return Endpoint.parse(address) instanceof Endpoint.Tcp tcp && tcp.isLoopback();
    }

    ClientCall<OutboundFrame, Frame> call(ManagedChannel channel) {
        return channel.newCall(method, CallOptions.DEFAULT);
    }

    /** Passes what a peer said of this host's envelopes to their sender, unless it is gone. */
    void onRemoteReceipt(Receipt receipt) {
        int count = Levels.count(receipt);
        int level = receipt.getLevelValue();
        if (level <= 0 || level > Levels.REFUSED) {
            return;
        }
        custody.said(receipt.getSession(), receipt.getFirst(), count, level);
        LocalAgent sender = agents.bySession(receipt.getSession());
        if (sender != null) {
            sender.receipts(receipt.getSession(), receipt.getFirst(), count, level, errorOf(receipt));
        }
    }

    private static @Nullable Error errorOf(Receipt receipt) {
        return receipt.hasError() ? Refusals.bounded(receipt.getError()) : null;
    }
}
