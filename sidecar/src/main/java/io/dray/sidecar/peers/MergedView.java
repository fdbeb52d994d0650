package io.dray.sidecar.peers;

import io.dray.router.v1.Interest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What all routers together told: the union of what they say now, since a node may reach only some of them, and of
 * what they said before as long as none of them is complete. So a router that has just started adds and never removes.
 * Control loop only.
 */
final class MergedView {
    private final List<RouterView> views;
    private String self = "";

    MergedView(List<RouterView> views) {
        this.views = List.copyOf(views);
    }

    /** Names this node, which is left out of everything. */
    void exclude(String node) {
        self = node;
    }

    /** Returns the nodes that answer to an address, by name. */
    List<Member> members(AddressKey key) {
        if (isFinal(key)) {
            views.forEach(view -> view.dropOldMembers(key));
        }
        Map<String, Integer> counts = new TreeMap<>();
        for (RouterView view : views) {
            merge(counts, view.told().members.get(key));
            merge(counts, view.old().members.get(key));
        }
        counts.remove(self);
        List<Member> members = new ArrayList<>(counts.size());
        counts.forEach((node, instances) -> members.add(new Member(node, instances)));
        return members;
    }

    /** Whether a router that knows every node has answered for the address. */
    boolean isFinal(AddressKey key) {
        return views.stream().anyMatch(view -> view.isFinal(key));
    }

    boolean isComplete() {
        return views.stream().anyMatch(RouterView::isComplete);
    }

    /** Returns every known node; of two incarnations the greater one. */
    Map<String, Peer> nodes() {
        Map<String, Peer> nodes = new HashMap<>();
        for (RouterView.Facts facts : counted()) {
            facts.nodes.forEach(
                    (node, peer) -> nodes.merge(node, peer, (a, b) -> a.incarnation() >= b.incarnation() ? a : b));
        }
        nodes.remove(self);
        return nodes;
    }

    /** Returns the interest of all nodes, each wish once, in a stable order. */
    List<RemoteInterest> interests() {
        Map<String, Set<Interest>> byNode = new TreeMap<>();
        for (RouterView.Facts facts : counted()) {
            facts.interests.forEach((node, wishes) ->
                    byNode.computeIfAbsent(node, _ -> new HashSet<>()).addAll(wishes));
        }
        byNode.remove(self);
        List<RemoteInterest> interests = new ArrayList<>();
        byNode.forEach((node, wishes) -> wishes.stream()
                .map(wish -> new RemoteInterest(node, wish.getPattern(), wish.getQueueGroup()))
                .sorted(Comparator.comparing(RemoteInterest::pattern).thenComparing(RemoteInterest::queueGroup))
                .forEach(interests::add));
        return interests;
    }

    private List<RouterView.Facts> counted() {
        if (isComplete()) {
            views.forEach(RouterView::dropOldNodes);
        }
        List<RouterView.Facts> counted = new ArrayList<>();
        for (RouterView view : views) {
            counted.add(view.old());
            counted.add(view.told());
        }
        return counted;
    }

    private static void merge(Map<String, Integer> counts, @Nullable Map<String, Integer> more) {
        if (more != null) {
            more.forEach((node, instances) -> counts.merge(node, instances, Math::max));
        }
    }
}
