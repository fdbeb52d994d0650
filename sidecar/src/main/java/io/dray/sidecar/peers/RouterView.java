package io.dray.sidecar.peers;

import io.dray.router.v1.Interest;
import io.dray.router.v1.JoinResponse;
import io.dray.router.v1.NodeGone;
import io.dray.router.v1.NodeInterest;
import io.dray.router.v1.NodeLocation;
import io.dray.router.v1.NodeMembers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What one router told: on the stream of the moment (`told`), and on the streams before it (`old`), which counts
 * until a router is complete again. Generations are compared within one stream only, since each stream starts anew.
 * Control loop only.
 */
final class RouterView {
    private Facts told = new Facts();
    private Facts old = new Facts();
    private boolean complete;

    /** Facts by their subject. */
    static final class Facts {
        final Map<AddressKey, Map<String, Integer>> members = new HashMap<>();
        final Map<String, Peer> nodes = new HashMap<>();
        final Map<String, List<Interest>> interests = new HashMap<>();
        private final Map<AddressKey, Long> memberGenerations = new HashMap<>();
        private final Map<String, Long> interestGenerations = new HashMap<>();
        private final Map<String, NodeInterest> unfinished = new HashMap<>();

        private void addAll(Facts newer) {
            members.putAll(newer.members);
            nodes.putAll(newer.nodes);
            interests.putAll(newer.interests);
        }
    }

    Facts told() {
        return told;
    }

    Facts old() {
        return old;
    }

    boolean isComplete() {
        return complete;
    }

    /** Whether a router that knows every node has answered for the address. */
    boolean isFinal(AddressKey key) {
        return complete && told.members.containsKey(key);
    }

    /** The stream ended: what it told becomes old. */
    void onEnded() {
        old.addAll(told);
        told = new Facts();
        complete = false;
    }

    /** What was told of nodes on earlier streams does not count any more. */
    void dropOldNodes() {
        old.nodes.clear();
        old.interests.clear();
    }

    void dropOldMembers(AddressKey key) {
        old.members.remove(key);
    }

    void forget(AddressKey key) {
        told.members.remove(key);
        told.memberGenerations.remove(key);
        old.members.remove(key);
    }

    /**
     * Takes a frame in the order in which its parts depend on each other.
     *
     * @param touched hears of each address whose members may have changed
     */
    void apply(JoinResponse frame, Consumer<AddressKey> touched) {
        frame.getNodesList().forEach(this::onLocation);
        frame.getGoneList().forEach(gone -> onGone(gone, touched));
        for (var members : frame.getMembersList()) {
            AddressKey.of(members.getAddress()).ifPresent(key -> {
                if (isNewer(told.memberGenerations, key, members.getGeneration())) {
                    told.members.put(key, counts(members.getNodesList()));
                }
                touched.accept(key);
            });
        }
        frame.getInterestsList().forEach(this::onInterest);
        if (frame.getDirectoryComplete() && !complete) {
            complete = true;
            old.members.keySet().forEach(touched);
            told.members.keySet().forEach(touched);
        }
    }

    private void onLocation(NodeLocation location) {
        Peer peer = new Peer(location.getNode(), location.getIncarnation(), location.getPeerAddress());
        Peer before = told.nodes.get(peer.node());
        if (before != null && before.incarnation() > peer.incarnation()) {
            return;
        }
        if (before == null || before.incarnation() < peer.incarnation()) {
            // The revisions of another incarnation start again.
            told.interestGenerations.remove(peer.node());
        }
        told.nodes.put(peer.node(), peer);
    }

    private void onGone(NodeGone gone, Consumer<AddressKey> touched) {
        Peer known = told.nodes.get(gone.getNode());
        if (known != null && known.incarnation() > gone.getIncarnation()) {
            return;
        }
        told.nodes.remove(gone.getNode());
        told.interests.remove(gone.getNode());
        told.interestGenerations.remove(gone.getNode());
        told.members.forEach((key, nodes) -> {
            if (nodes.remove(gone.getNode()) != null) {
                touched.accept(key);
            }
        });
    }

    private void onInterest(NodeInterest interest) {
        if (!isNewer(told.interestGenerations, interest.getNode(), interest.getGeneration())) {
            return;
        }
        NodeInterest before = told.unfinished.remove(interest.getNode());
        NodeInterest all = before == null || before.getGeneration() != interest.getGeneration()
                ? interest
                : before.toBuilder()
                        .addAllInterests(interest.getInterestsList())
                        .build();
        if (interest.getMore()) {
            told.unfinished.put(interest.getNode(), all);
        } else {
            told.interests.put(interest.getNode(), all.getInterestsList());
        }
    }

    private static <K> boolean isNewer(Map<K, Long> generations, K key, long generation) {
        Long known = generations.get(key);
        if (known != null && known > generation) {
            return false;
        }
        generations.put(key, generation);
        return true;
    }

    private static Map<String, Integer> counts(List<NodeMembers> nodes) {
        Map<String, Integer> counts = new HashMap<>();
        nodes.forEach(node -> counts.put(node.getNode(), node.getInstances()));
        return counts;
    }
}
