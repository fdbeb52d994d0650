package io.dray.router;

import io.dray.core.telemetry.BuildInfo;
import io.dray.core.wire.MeshError;
import io.dray.router.dispatch.DispatchMeters;
import io.dray.router.dispatch.Dispatcher;
import io.dray.router.dispatch.LimitUse;
import io.dray.router.fleet.AgentPlace;
import io.dray.router.fleet.Directory;
import io.dray.router.fleet.Fleet;
import io.dray.router.fleet.Node;
import io.dray.router.fleet.NodeAnnouncement;
import io.dray.router.tasks.Micros;
import io.dray.router.tasks.Outcome;
import io.dray.router.v1.AdminServiceGrpc;
import io.dray.router.v1.Agent;
import io.dray.router.v1.CordonNodeRequest;
import io.dray.router.v1.CordonNodeResponse;
import io.dray.router.v1.GetStatusRequest;
import io.dray.router.v1.GetStatusResponse;
import io.dray.router.v1.Limit;
import io.dray.router.v1.ListAgentsRequest;
import io.dray.router.v1.ListAgentsResponse;
import io.dray.router.v1.ListLimitsRequest;
import io.dray.router.v1.ListLimitsResponse;
import io.dray.router.v1.ListNodesRequest;
import io.dray.router.v1.ListNodesResponse;
import io.dray.router.v1.PoolOwner;
import io.dray.router.v1.SetLimitRequest;
import io.dray.router.v1.SetLimitResponse;
import io.dray.router.v1.WorkerSlots;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.grpc.stub.StreamObserver;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The door for people: what the router knows, its limits, and which nodes get nothing new. Each call waits on a virtual
 * thread of its own.
 */
final class AdminService extends AdminServiceGrpc.AdminServiceImplBase {
    /** What a router says of itself. Immutable. */
    record Identity(String router, long incarnation, LongSupplier epoch, Supplier<Optional<PoolOwner>> owner) {}

    private final Identity identity;
    private final Directory directory;
    private final Dispatcher dispatcher;
    private final Reports reports;
    private final DispatchMeters tasks;
    private final Supplier<Map<String, Double>> meters;
    private final Calls calls;

    AdminService(
            Identity identity,
            Directory directory,
            Dispatcher dispatcher,
            Reports reports,
            DispatchMeters tasks,
            Supplier<Map<String, Double>> meters,
            Calls calls) {
        this.identity = identity;
        this.directory = directory;
        this.dispatcher = dispatcher;
        this.reports = reports;
        this.tasks = tasks;
        this.meters = meters;
        this.calls = calls;
    }

    @Override
    public void listNodes(ListNodesRequest request, StreamObserver<ListNodesResponse> responses) {
        calls.answer(responses, () -> {
            Map<String, io.dray.router.v1.Node.Builder> nodes = new TreeMap<>();
            Set<String> connected = Calls.await(directory.connected());
            for (NodeAnnouncement announcement : Calls.await(directory.announcements())) {
                String name = announcement.place().node();
                nodes.put(name, announced(announcement).setConnected(connected.contains(name)));
            }
            Calls.await(dispatcher.readFleet(AdminService::placed))
                    .forEach((name, placed) ->
                            nodes.merge(name, placed, (announced, also) -> announced.mergeFrom(also.build())));
            List<io.dray.router.v1.Node> all = nodes.entrySet().stream()
                    .map(node -> reported(node.getKey(), node.getValue()))
                    .toList();
            var page = PageOf.after(request.getPageToken(), all, io.dray.router.v1.Node::getNode);
            return Outcome.done(ListNodesResponse.newBuilder()
                    .addAllNodes(page.entries())
                    .setNextPageToken(page.next())
                    .build());
        });
    }

    private static io.dray.router.v1.Node.Builder announced(NodeAnnouncement announcement) {
        return io.dray.router.v1.Node.newBuilder()
                .setNode(announcement.place().node())
                .setIncarnation(announcement.place().incarnation())
                .setPeerAddress(announcement.place().peerAddress())
                .setAdminAddress(announcement.place().adminAddress())
                .setAgents(announcement.agents().size())
                .setSoftware(announcement.software());
    }

    /** Runs on the dispatcher's thread. */
    private static Map<String, io.dray.router.v1.Node.Builder> placed(Fleet fleet) {
        Map<String, io.dray.router.v1.Node.Builder> nodes = new TreeMap<>();
        for (Node node : fleet.nodes()) {
            var builder = io.dray.router.v1.Node.newBuilder()
                    .setNode(node.name())
                    .setAttempts(node.attempts())
                    .setFreeCpuMillis(node.free().freeCpuMillis())
                    .setFreeMemoryBytes(node.free().freeMemoryBytes())
                    .setCordoned(node.isCordoned())
                    .putAllLabels(node.labels());
            if (fleet.ejectedUntilMicros(node) > 0) {
                builder.setEjectedUntil(Micros.timestamp(fleet.ejectedUntilMicros(node)));
            }
            node.workers()
                    .forEach(worker -> builder.addWorkers(WorkerSlots.newBuilder()
                            .setInstance(worker.instance())
                            .addAllCapabilities(worker.capabilities())
                            .setFree(node.freeSlots(worker))
                            .setTotal(worker.slots())));
            nodes.put(node.name(), builder);
        }
        return nodes;
    }

    private io.dray.router.v1.Node reported(String name, io.dray.router.v1.Node.Builder node) {
        reports.of(name)
                .ifPresent(
                        latest -> node.setReport(latest.report()).setReportedAt(Micros.timestamp(latest.atMicros())));
        return node.build();
    }

    @Override
    public void cordonNode(CordonNodeRequest request, StreamObserver<CordonNodeResponse> responses) {
        calls.answer(responses, () -> {
            if (request.getDrain() && !request.getCordoned()) {
                return Outcome.refused(MeshError.of(
                        Code.CODE_INVALID_REQUEST,
                        "A node that gets new tasks cannot be drained.",
                        request.getNode(),
                        "drain with cordoned"));
            }
            return switch (Calls.await(
                    dispatcher.cordon(request.getNode(), request.getCordoned(), request.getDrain()))) {
                case Outcome.Done<Integer>(Integer attempts) ->
                    Outcome.done(CordonNodeResponse.newBuilder()
                            .setAttempts(attempts)
                            .build());
                case Outcome.Refused<Integer>(Error error) -> Outcome.refused(error);
            };
        });
    }

    @Override
    public void listAgents(ListAgentsRequest request, StreamObserver<ListAgentsResponse> responses) {
        calls.answer(responses, () -> {
            List<Agent> agents = Calls.await(directory.announcements()).stream()
                    .filter(node -> matches(request.getNode(), node.place().node()))
                    .flatMap(node -> node.agents().stream()
                            .filter(agent -> matches(request.getAgent(), agent.agent()))
                            .map(agent -> agent(node.place().node(), agent)))
                    .sorted(Comparator.comparing(Agent::getInstance))
                    .toList();
            PageOf<Agent> page = PageOf.after(request.getPageToken(), agents, Agent::getInstance);
            return Outcome.done(ListAgentsResponse.newBuilder()
                    .addAllAgents(page.entries())
                    .setNextPageToken(page.next())
                    .build());
        });
    }

    private static boolean matches(String wanted, String name) {
        return wanted.isEmpty() || wanted.equals(name);
    }

    private static Agent agent(String node, AgentPlace agent) {
        return Agent.newBuilder()
                .setInstance(agent.instance())
                .setAgent(agent.agent())
                .setNode(node)
                .addAllCapabilities(agent.capabilities())
                .setTaskSlots(agent.taskSlots())
                .putAllLabels(agent.labels())
                .build();
    }

    @Override
    public void listLimits(ListLimitsRequest request, StreamObserver<ListLimitsResponse> responses) {
        calls.answer(responses, () -> switch (Calls.await(dispatcher.limits())) {
            case Outcome.Done<List<LimitUse>>(List<LimitUse> uses) -> {
                List<Limit> all = uses.stream().map(LimitMessages::message).toList();
                PageOf<Limit> page = PageOf.after(request.getPageToken(), all, LimitMessages::token);
                yield Outcome.done(ListLimitsResponse.newBuilder()
                        .addAllLimits(page.entries())
                        .setNextPageToken(page.next())
                        .build());
            }
            case Outcome.Refused<List<LimitUse>>(Error error) -> Outcome.refused(error);
        });
    }

    @Override
    public void setLimit(SetLimitRequest request, StreamObserver<SetLimitResponse> responses) {
        calls.answer(responses, () -> switch (LimitMessages.check(request.getLimit())) {
            case Outcome.Done<io.dray.router.tasks.Limit>(io.dray.router.tasks.Limit limit) -> setLimit(limit);
            case Outcome.Refused<io.dray.router.tasks.Limit>(Error error) -> Outcome.refused(error);
        });
    }

    private Outcome<SetLimitResponse> setLimit(io.dray.router.tasks.Limit limit)
            throws InterruptedException, ExecutionException {
        return switch (Calls.await(dispatcher.setLimit(limit))) {
            case Outcome.Done<LimitUse>(LimitUse use) ->
                Outcome.done(SetLimitResponse.newBuilder()
                        .setLimit(LimitMessages.message(use))
                        .build());
            case Outcome.Refused<LimitUse>(Error error) -> Outcome.refused(error);
        };
    }

    @Override
    public void getStatus(GetStatusRequest request, StreamObserver<GetStatusResponse> responses) {
        calls.answer(responses, () -> {
            GetStatusResponse.Builder status = GetStatusResponse.newBuilder()
                    .setRouter(identity.router())
                    .setIncarnation(identity.incarnation())
                    .setSoftware(BuildInfo.software("router"))
                    .setEpoch(identity.epoch().getAsLong())
                    .setDirectoryComplete(directory.isComplete())
                    .setNodes(Calls.await(directory.connected()).size())
                    .putAllTasks(tasks.tasksByState())
                    .putAllMeters(meters.get());
            identity.owner().get().ifPresent(status::setOwner);
            return Outcome.done(status.build());
        });
    }
}
