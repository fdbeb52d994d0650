package io.dray.cli.door;

import io.dray.router.v1.AdminServiceGrpc.AdminServiceBlockingStub;
import io.dray.router.v1.Agent;
import io.dray.router.v1.Limit;
import io.dray.router.v1.ListAgentsRequest;
import io.dray.router.v1.ListAgentsResponse;
import io.dray.router.v1.ListLimitsRequest;
import io.dray.router.v1.ListLimitsResponse;
import io.dray.router.v1.ListNodesRequest;
import io.dray.router.v1.ListNodesResponse;
import io.dray.router.v1.Node;
import java.util.ArrayList;
import java.util.List;

/** Reads lists that the router gives in pages, to their end. Stateless. */
public final class Pages {
    private Pages() {}

    /** Returns all agents that a request asks for. */
    public static List<Agent> agents(AdminServiceBlockingStub router, ListAgentsRequest request) {
        List<Agent> agents = new ArrayList<>();
        ListAgentsRequest.Builder next = request.toBuilder();
        do {
            ListAgentsResponse page = router.listAgents(next.build());
            agents.addAll(page.getAgentsList());
            next.setPageToken(page.getNextPageToken());
        } while (!next.getPageToken().isEmpty());
        return agents;
    }

    /** Returns all nodes. */
    public static List<Node> nodes(AdminServiceBlockingStub router) {
        List<Node> nodes = new ArrayList<>();
        ListNodesRequest.Builder next = ListNodesRequest.newBuilder();
        do {
            ListNodesResponse page = router.listNodes(next.build());
            nodes.addAll(page.getNodesList());
            next.setPageToken(page.getNextPageToken());
        } while (!next.getPageToken().isEmpty());
        return nodes;
    }

    /** Returns all limits of queues and capabilities. */
    public static List<Limit> limits(AdminServiceBlockingStub router) {
        List<Limit> limits = new ArrayList<>();
        ListLimitsRequest.Builder next = ListLimitsRequest.newBuilder();
        do {
            ListLimitsResponse page = router.listLimits(next.build());
            limits.addAll(page.getLimitsList());
            next.setPageToken(page.getNextPageToken());
        } while (!next.getPageToken().isEmpty());
        return limits;
    }
}
