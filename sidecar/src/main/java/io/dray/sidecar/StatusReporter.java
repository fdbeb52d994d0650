package io.dray.sidecar;

import com.google.protobuf.ByteString;
import io.dray.agent.v1.AttachedAgent;
import io.dray.agent.v1.ClearReplyCacheRequest;
import io.dray.agent.v1.ClearReplyCacheResponse;
import io.dray.agent.v1.GetStatusRequest;
import io.dray.agent.v1.GetStatusResponse;
import io.dray.agent.v1.StatusServiceGrpc.StatusServiceImplBase;
import io.dray.core.telemetry.BuildInfo;
import io.dray.core.telemetry.Meters;
import io.dray.sidecar.local.LocalAgent;
import io.dray.sidecar.local.LocalAgents;
import io.dray.sidecar.outbound.PeerLinks;
import io.dray.sidecar.replies.ReplyCache;
import io.dray.sidecar.routers.NodeIdentity;
import io.grpc.stub.StreamObserver;
import java.util.function.BooleanSupplier;

/** Serves StatusService: a snapshot of this sidecar, and its reply cache. Thread-safe. */
final class StatusReporter extends StatusServiceImplBase {
    private final NodeIdentity identity;
    private final String transport;
    private final LocalAgents agents;
    private final PeerLinks links;
    private final BooleanSupplier routerConnected;
    private final Meters meters;
    private final RouteTimes times;
    private final ReplyCache replies;

    StatusReporter(
            NodeIdentity identity,
            String transport,
            LocalAgents agents,
            PeerLinks links,
            BooleanSupplier routerConnected,
            Meters meters,
            RouteTimes times,
            ReplyCache replies) {
        this.identity = identity;
        this.transport = transport;
        this.agents = agents;
        this.links = links;
        this.routerConnected = routerConnected;
        this.meters = meters;
        this.times = times;
        this.replies = replies;
    }

    @Override
    public void getStatus(GetStatusRequest request, StreamObserver<GetStatusResponse> observer) {
        // Meters are many: not on the loop.
        Thread.startVirtualThread(() -> {
            observer.onNext(snapshot());
            observer.onCompleted();
        });
    }

    @Override
    public void clearReplyCache(ClearReplyCacheRequest request, StreamObserver<ClearReplyCacheResponse> observer) {
        Thread.startVirtualThread(() -> {
            observer.onNext(ClearReplyCacheResponse.newBuilder()
                    .setRemoved(replies.clear())
                    .build());
            observer.onCompleted();
        });
    }

    private GetStatusResponse snapshot() {
        var response = GetStatusResponse.newBuilder()
                .setNode(identity.node())
                .setIncarnation(identity.incarnation())
                .setSoftware(BuildInfo.software("sidecar"))
                .setTransport(transport)
                .setRouterConnected(routerConnected.getAsBoolean())
                .addAllLinkedNodes(links.up())
                .putAllMeters(meters.values())
                .setRouteHistogram(ByteString.copyFrom(times.encoded()))
                .setPeerAddress(identity.peerAddress())
                .setAdminAddress(identity.adminAddress());
        agents.all().forEach(agent -> response.addAgents(attached(agent)));
        return response.build();
    }

    private static AttachedAgent attached(LocalAgent agent) {
        return AttachedAgent.newBuilder()
                .setInstance(agent.instance())
                .addAllCapabilities(agent.identity().capabilities())
                .setQueuedEnvelopes(agent.mailbox().queuedEnvelopes())
                .setQueuedBytes(agent.mailbox().queuedBytes())
                .setTaskSlots(agent.identity().taskSlots())
                .setPrincipal(agent.identity().principal())
                .build();
    }
}
