package io.dray.sidecar.outbound;

import io.dray.sidecar.inbound.Delivery;
import io.dray.sidecar.local.AgentTable;
import io.dray.sidecar.local.AgentTable.Subscriber;
import io.dray.sidecar.local.Topics;
import io.dray.sidecar.peers.RemoteInterest;
import io.dray.sidecar.peers.TopicInterest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Where a topic goes: to the subscribers here, to nodes with subscribers, and to one member of each queue group, here
 * if there is one. Immutable.
 *
 * @param tableVersion version of the local table it was made from
 * @param interestVersion version of the remote interest it was made from
 * @param localPlain whether somebody here subscribed outside of any group
 * @param localGroups groups with a member here
 * @param plainNodes nodes with subscribers outside of any group
 * @param remoteGroups nodes with members of the groups that have none here
 */
record TopicPlan(
        long tableVersion,
        long interestVersion,
        boolean localPlain,
        List<String> localGroups,
        Set<String> plainNodes,
        Map<String, List<String>> remoteGroups) {

    static TopicPlan of(String topic, AgentTable table, TopicInterest.Snapshot interest) {
        boolean localPlain = false;
        var localGroups = new LinkedHashSet<String>();
        for (Subscriber subscriber : Delivery.matching(table, topic)) {
            localPlain |= subscriber.queueGroup().isEmpty();
            localGroups.add(subscriber.queueGroup());
        }
        localGroups.remove("");
        var plainNodes = new LinkedHashSet<String>();
        var remoteGroups = new LinkedHashMap<String, Set<String>>();
        for (RemoteInterest remote : interest.interests()) {
            if (localGroups.contains(remote.queueGroup()) || !Topics.matches(remote.pattern(), topic)) {
                continue;
            }
            if (remote.queueGroup().isEmpty()) {
                plainNodes.add(remote.node());
            } else {
                remoteGroups
                        .computeIfAbsent(remote.queueGroup(), _ -> new HashSet<>())
                        .add(remote.node());
            }
        }
        var groups = new HashMap<String, List<String>>();
        remoteGroups.forEach((group, nodes) -> groups.put(group, List.copyOf(nodes)));
        return new TopicPlan(
                table.version(), interest.version(), localPlain, List.copyOf(localGroups), plainNodes, groups);
    }

    /** Whether somebody subscribed in a group. */
    boolean hasGroups() {
        return !localGroups.isEmpty() || !remoteGroups.isEmpty();
    }

    boolean isCurrent(AgentTable table, TopicInterest.Snapshot interest) {
        return tableVersion == table.version() && interestVersion == interest.version();
    }

    /** Picks a node for each group without a member here: node to groups, nodes with plain subscribers included. */
    Map<String, List<String>> nodes(RandomGenerator random) {
        if (remoteGroups.isEmpty() && plainNodes.isEmpty()) {
            return Map.of();
        }
        var nodes = new HashMap<String, List<String>>();
        plainNodes.forEach(node -> nodes.put(node, new ArrayList<>()));
        remoteGroups.forEach((group, members) -> nodes.computeIfAbsent(
                        members.get(random.nextInt(members.size())), _ -> new ArrayList<>())
                .add(group));
        return nodes;
    }
}
