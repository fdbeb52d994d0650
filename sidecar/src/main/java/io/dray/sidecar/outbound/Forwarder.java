package io.dray.sidecar.outbound;

import io.dray.core.wire.InstanceName;
import io.dray.core.wire.MeshError;
import io.dray.sidecar.blob.Blob;
import io.dray.sidecar.inbound.Delivery;
import io.dray.sidecar.local.LocalAgent;
import io.dray.sidecar.local.LocalAgents;
import io.dray.sidecar.local.Subscriptions;
import io.dray.sidecar.peers.AddressCache;
import io.dray.sidecar.peers.AddressKey;
import io.dray.sidecar.peers.Member;
import io.dray.sidecar.peers.Members;
import io.dray.sidecar.peers.TopicInterest;
import io.dray.sidecar.queue.BetterOfTwo;
import io.dray.sidecar.queue.Destination;
import io.dray.sidecar.queue.Hop;
import io.dray.sidecar.queue.LaneQueue;
import io.dray.sidecar.queue.Levels;
import io.dray.sidecar.queue.OrderingHash;
import io.dray.sidecar.queue.Origin;
import io.dray.sidecar.queue.Parcel;
import io.dray.sidecar.queue.Refusals;
import io.dray.types.v1.Code;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides where an envelope of this host goes: to an agent here, to a peer, or nowhere. Thread-safe; never blocks.
 *
 * <p>Own host first; else the better of two nodes by what is outstanding towards them, and none whose link is down or
 * paused while another's is not.
 */
public final class Forwarder {
    private static final int MAX_TOPIC_PLANS = 4_096;

    private final String node;
    private final LocalAgents agents;
    private final Delivery delivery;
    private final PeerLinks links;
    private final AddressCache addresses;
    private final TopicInterest interest;
    private final LinkMeters meters;
    private final Lookups lookups;
    private final BetterOfTwo<Member> nodes;
    private final BetterOfTwo<String> groupNodes;
    private final Map<String, TopicPlan> plans = new ConcurrentHashMap<>();

    /** What is known of the rest of the mesh. */
    public record Mesh(String node, PeerLinks links, AddressCache addresses, TopicInterest interest) {}

    /**
     * Creates a forwarder.
     *
     * @param queues makes the queue in which envelopes wait while their destination is looked up
     */
    public Forwarder(
            LocalAgents agents,
            Delivery delivery,
            Mesh mesh,
            LinkMeters meters,
            Supplier<LaneQueue> queues,
            RandomGenerator random) {
        this.agents = agents;
        this.delivery = delivery;
        this.node = mesh.node;
        this.links = mesh.links;
        this.addresses = mesh.addresses;
        this.interest = mesh.interest;
        this.meters = meters;
        this.nodes = new BetterOfTwo<>(random, new NodesByLink<>(links, Member::node));
        this.groupNodes = new BetterOfTwo<>(random, new NodesByLink<>(links, Function.identity()));
        this.lookups = new Lookups(mesh.addresses, queues, this::route);
    }

    /** Sends an envelope on its way; its sender hears what became of it. The parcel may be reused afterwards. */
    public void forward(Parcel parcel) {
        if (parcel.destination.kind() == Destination.TOPIC) {
            publish(parcel);
        } else if (!lookups.joined(parcel)) {
            route(parcel, false);
        }
    }

    private void route(Parcel parcel, boolean resolved) {
        if (parcel.count > 1 && parcel.ordinal != 0 && links.holdsAny(parcel)) {
            parcel.forEach(one -> route(one, resolved));
            return;
        }
        // A resend goes where the first copy is, even if somebody has attached here since.
        String holder = parcel.ordinal == 0 ? null : links.holderOf(parcel);
        if (holder != null) {
            send(parcel, holder);
            return;
        }
        List<LocalAgent> here = agents.find(parcel.destination);
        if (parcel.orderingHash == 0 && anyAttached(here)) {
            deliverHere(parcel, here);
            return;
        }
        if (parcel.destination.kind() == Destination.INSTANCE) {
            routeToInstance(parcel, here, resolved);
            return;
        }
        Members members = addresses.get(new AddressKey(parcel.destination.kind(), parcel.destination.name()));
        if (members == null && !resolved) {
            lookups.start(parcel);
            return;
        }
        routeToMembers(parcel, here, members == null ? Members.NOBODY : members);
    }

    /** An instance's name says its node, so only a node that nobody has named yet is looked up. */
    private void routeToInstance(Parcel parcel, List<LocalAgent> here, boolean resolved) {
        String target = InstanceName.parse(parcel.destination.name())
                .map(InstanceName::node)
                .orElse(node);
        if (!here.isEmpty()) {
            deliverHere(parcel, here);
        } else if (target.equals(node)) {
            Refusals.noSuchDestination(parcel);
        } else if (links.to(target) == null && !resolved) {
            lookups.start(parcel);
        } else {
            send(parcel, target);
        }
    }

    private void routeToMembers(Parcel parcel, List<LocalAgent> here, Members members) {
        if (parcel.count > 1 && parcel.orderingHash == 0 && members.nodes().size() > 1) {
            // Each envelope goes to the better of two nodes.
            parcel.forEach(one -> routeToMembers(one, here, members));
            return;
        }
        String target = parcel.orderingHash != 0 ? keyed(parcel, here, members) : one(parcel, members);
        if (target == null && !here.isEmpty()) {
            // Away for a moment: its mailbox waits for it.
            deliverHere(parcel, here);
        } else if (target == null) {
            Refusals.noSuchDestination(parcel);
        } else if (target.equals(node)) {
            deliverHere(parcel, here);
        } else {
            send(parcel, target);
        }
    }

    private static boolean anyAttached(List<LocalAgent> here) {
        for (int i = 0; i < here.size(); i++) {
            if (here.get(i).attachment() != null) {
                return true;
            }
        }
        return false;
    }

    private void deliverHere(Parcel parcel, List<LocalAgent> here) {
        if (parcel.count > 1 && here.size() > 1 && parcel.orderingHash == 0) {
            // Each envelope goes to the less loaded of them.
            parcel.forEach(one -> deliverHere(one, here));
            return;
        }
        meters.routedLocal.add(parcel.count);
        if (delivery.deliver(parcel, here)) {
            parcel.tell(Levels.ACCEPTED);
        }
    }

    private void send(Parcel parcel, String target) {
        PeerLink link = links.to(target);
        if (link == null) {
            unreachable(parcel, target);
            return;
        }
        if (parcel.origin instanceof Blob large && !large.toLink(parcel, link.chunks())) {
            return;
        }
        LaneQueue.Offer offer = link.offer(parcel);
        if (offer == LaneQueue.Offer.QUEUED || offer == LaneQueue.Offer.QUEUED_PAUSE) {
            meters.routedRemote.add(parcel.count);
            parcel.tell(Levels.ACCEPTED);
        } else {
            Refusals.notQueued(parcel, offer);
        }
    }

    private static void unreachable(Parcel parcel, String target) {
        Refusals.refuse(
                parcel,
                MeshError.of(
                        Code.CODE_UNREACHABLE,
                        "nobody knows where node " + target + " is now",
                        target,
                        "a node in `dray nodes`"));
    }

    private @Nullable String keyed(Parcel parcel, List<LocalAgent> here, Members members) {
        String best = here.isEmpty() ? null : node;
        int bestHash = best == null ? 0 : OrderingHash.mix(parcel.orderingHash, node);
        for (Member member : members.nodes()) {
            int hash = OrderingHash.mix(parcel.orderingHash, member.node());
            if (best == null || hash > bestHash) {
                best = member.node();
                bestHash = hash;
            }
        }
        return best;
    }

    private @Nullable String one(Parcel parcel, Members members) {
        return members.isEmpty() ? null : nodes.choose(members.nodes(), parcel).node();
    }

    private void publish(Parcel parcel) {
        TopicPlan plan = plan(parcel.destination.name());
        if (parcel.count > 1 && plan.hasGroups()) {
            // Each publication goes to another member of a group.
            parcel.forEach(one -> publish(one, plan));
        } else {
            publish(parcel, plan);
        }
    }

    private void publish(Parcel parcel, TopicPlan plan) {
        if (plan.localPlain() || !plan.localGroups().isEmpty()) {
            meters.routedLocal.add(parcel.count);
            delivery.publish(parcel, plan.localPlain(), plan.localGroups());
        }
        Hop hop = parcel.hop;
        Origin origin = parcel.origin;
        plan.nodes(group -> groupNodes.choose(group, parcel)).forEach((target, groups) -> {
            PeerLink link = links.to(target);
            parcel.origin = origin;
            if (link != null && origin instanceof Blob large && !large.toLink(parcel, link.chunks())) {
                return;
            }
            parcel.hop = hop.forTopic(plan.plainNodes().contains(target), groups);
            LaneQueue.Offer offer = link == null ? LaneQueue.Offer.CLOSED : link.offer(parcel);
            if (offer == LaneQueue.Offer.QUEUED || offer == LaneQueue.Offer.QUEUED_PAUSE) {
                meters.routedRemote.add(parcel.count);
            } else {
                Refusals.notQueued(parcel, offer);
            }
        });
        parcel.hop = hop;
        parcel.origin = origin;
        parcel.tell(Levels.ACCEPTED);
    }

    private TopicPlan plan(String topic) {
        Subscriptions here = agents.subscriptions();
        TopicInterest.Snapshot remote = interest.snapshot();
        TopicPlan plan = plans.get(topic);
        if (plan == null || !plan.isCurrent(here, remote)) {
            plan = TopicPlan.of(topic, here, remote, plan);
            if (plans.size() >= MAX_TOPIC_PLANS) {
                plans.clear();
            }
            plans.put(topic, plan);
        }
        return plan;
    }
}
