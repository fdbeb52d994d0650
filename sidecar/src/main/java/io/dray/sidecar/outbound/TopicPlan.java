package io.dray.sidecar.outbound;

import io.dray.sidecar.local.Subscriber;
import io.dray.sidecar.local.Subscriptions;
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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where a topic goes: to the subscribers here, to nodes with subscribers, and to one member of each queue group, here
 * if there is one. Immutable.
 *
 * @param localVersion version of the subscriptions here that it was made from
 * @param localPlain whether somebody here subscribed outside of any group
 * @param localGroups groups with a member here
 * @param remote everybody elsewhere
 * @param remoteGroups nodes with members of the groups that have none here
 */
record TopicPlan(
        long localVersion,
        boolean localPlain,
        List<String> localGroups,
        Remote remote,
        Map<String, List<String>> remoteGroups) {

    /** The subscribers of a topic elsewhere: nodes with some outside of any group, and nodes by group. */
    private record Remote(long version, Set<String> plainNodes, Map<String, List<String>> groups) {
        static Remote of(String topic, TopicInterest.Snapshot interest) {
            var plainNodes = new LinkedHashSet<String>();
            var members = new LinkedHashMap<String, Set<String>>();
            for (RemoteInterest remote : interest.interests()) {
                if (!Topics.matches(remote.pattern(), topic)) {
                    continue;
                }
                if (remote.queueGroup().isEmpty()) {
                    plainNodes.add(remote.node());
                } else {
                    members.computeIfAbsent(remote.queueGroup(), _ -> new HashSet<>())
                            .add(remote.node());
                }
            }
            var groups = new HashMap<String, List<String>>();
            members.forEach((group, nodes) -> groups.put(group, List.copyOf(nodes)));
            return new Remote(interest.version(), plainNodes, groups);
        }
    }

    /**
     * Makes the plan of a topic.
     *
     * @param former the one before, of which the remote half is kept while it is true; null if there is none
     */
    static TopicPlan of(String topic, Subscriptions here, TopicInterest.Snapshot interest, @Nullable TopicPlan former) {
        long localVersion = here.version();
        boolean localPlain = false;
        var localGroups = new LinkedHashSet<String>();
        for (Subscriber subscriber : here.matching(topic)) {
            localPlain |= subscriber.queueGroup().isEmpty();
            localGroups.add(subscriber.queueGroup());
        }
        localGroups.remove("");
        Remote remote = former != null && former.remote.version == interest.version()
                ? former.remote
                : Remote.of(topic, interest);
        Map<String, List<String>> remoteGroups = remote.groups;
        if (!localGroups.isEmpty() && !remoteGroups.isEmpty()) {
            remoteGroups = new HashMap<>(remoteGroups);
            remoteGroups.keySet().removeAll(localGroups);
        }
        return new TopicPlan(localVersion, localPlain, List.copyOf(localGroups), remote, remoteGroups);
    }

    /** Nodes with subscribers outside of any group. */
    Set<String> plainNodes() {
        return remote.plainNodes;
    }

    /** Whether somebody subscribed in a group. */
    boolean hasGroups() {
        return !localGroups.isEmpty() || !remoteGroups.isEmpty();
    }

    boolean isCurrent(Subscriptions here, TopicInterest.Snapshot interest) {
        return localVersion == here.version() && remote.version == interest.version();
    }

    /**
     * Picks a node for each group without a member here: node to groups, nodes with plain subscribers included.
     *
     * @param choice picks one of the nodes of a group
     */
    Map<String, List<String>> nodes(Function<List<String>, String> choice) {
        if (remoteGroups.isEmpty() && plainNodes().isEmpty()) {
            return Map.of();
        }
        var nodes = new HashMap<String, List<String>>();
        plainNodes().forEach(node -> nodes.put(node, new ArrayList<>()));
        remoteGroups.forEach((group, members) -> nodes.computeIfAbsent(choice.apply(members), _ -> new ArrayList<>())
                .add(group));
        return nodes;
    }
}
