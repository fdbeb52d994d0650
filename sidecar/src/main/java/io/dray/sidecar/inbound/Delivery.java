package io.dray.sidecar.inbound;

import io.dray.core.wire.MeshError;
import io.dray.core.wire.SlidingWindow4096.Verdict;
import io.dray.sidecar.blob.Blob;
import io.dray.sidecar.local.LocalAgent;
import io.dray.sidecar.local.LocalAgents;
import io.dray.sidecar.local.Subscriber;
import io.dray.sidecar.queue.BetterOfTwo;
import io.dray.sidecar.queue.Destination;
import io.dray.sidecar.queue.Hop;
import io.dray.sidecar.queue.LaneQueue.Offer;
import io.dray.sidecar.queue.Levels;
import io.dray.sidecar.queue.OrderingHash;
import io.dray.sidecar.queue.Origin;
import io.dray.sidecar.queue.Parcel;
import io.dray.sidecar.queue.Refusals;
import io.dray.types.v1.Code;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Puts what is for this host's agents into their mailboxes: chooses the instance, tells duplicates, refuses what does
 * not fit. Thread-safe; called by whatever loop the envelope came in on.
 */
public final class Delivery {
    /** More than one that is attached ever has to do. */
    private static final long AWAY = 1L << 40;

    private final LocalAgents agents;
    private final SeenWindows seen;
    private final BetterOfTwo<LocalAgent> instances;

    /** Creates the delivery for these agents. */
    public Delivery(LocalAgents agents, SeenWindows seen, RandomGenerator random) {
        this.agents = agents;
        this.seen = seen;
        this.instances = new BetterOfTwo<>(random, new Instances());
    }

    /** Delivers what a peer sent: the choice of this node is made, only the instances are to be picked. */
    public void deliver(Parcel parcel) {
        if (parcel.destination.kind() == Destination.TOPIC) {
            publish(parcel);
            return;
        }
        List<LocalAgent> candidates = agents.find(parcel.destination);
        if (candidates.isEmpty()) {
            Refusals.noSuchDestination(parcel);
        } else if (parcel.count > 1 && candidates.size() > 1 && parcel.orderingHash == 0) {
            // The choice among them would be worth nothing for a whole run.
            parcel.forEach(one -> deliver(one, candidates));
        } else {
            deliver(parcel, candidates);
        }
    }

    private void publish(Parcel parcel) {
        boolean plain = parcel.hop.plainSubscribers();
        List<String> groups = parcel.hop.queueGroups();
        if (parcel.count > 1 && !groups.isEmpty()) {
            parcel.forEach(one -> publish(one, plain, groups));
        } else {
            publish(parcel, plain, groups);
        }
    }

    /**
     * Delivers to one of these instances; the list must not be empty.
     *
     * @return whether it is in custody now; false means that its sender was told why not
     */
    public boolean deliver(Parcel parcel, List<LocalAgent> candidates) {
        if (parcel.ordinal != 0 && parcel.count > 1) {
            if (!seen.offerNew(parcel.session, parcel.destination, parcel.ordinal, parcel.count)) {
                deliverEach(parcel, candidates);
                return false;
            }
        } else if (parcel.ordinal != 0 && !isNew(parcel)) {
            if (parcel.origin instanceof Blob again) {
                again.notWanted();
            }
            return false;
        }
        LocalAgent agent = pick(parcel, candidates);
        if (!accepts(agent, parcel)) {
            undone(parcel);
            return false;
        }
        return parcel.origin instanceof Blob large ? queueLarge(parcel, large, agent) : queue(parcel, agent);
    }

    private boolean queue(Parcel parcel, LocalAgent agent) {
        Offer offer = agent.mailbox().offer(parcel);
        boolean queued = offer == Offer.QUEUED || offer == Offer.QUEUED_PAUSE;
        if (!queued) {
            undone(parcel);
            Refusals.notQueued(parcel, offer);
        }
        agent.wake();
        return queued;
    }

    /** An envelope whose payload follows goes ahead of it, or waits for it where the agent takes no chunks. */
    private boolean queueLarge(Parcel parcel, Blob large, LocalAgent agent) {
        boolean chunks = agent.identity().takesChunks();
        boolean ready = chunks
                ? large.toAgent(parcel, agent.chunks())
                : large.assemble(parcel, whole -> queue(whole, agent), this::undone);
        if (!ready) {
            undone(parcel);
            return false;
        }
        return !chunks || queue(parcel, agent);
    }

    /** Some of a run came before: each is told apart, and each is told of. */
    private void deliverEach(Parcel parcel, List<LocalAgent> candidates) {
        parcel.forEach(one -> {
            if (deliver(one, candidates)) {
                one.tell(Levels.ACCEPTED);
            }
        });
    }

    /** Delivers a publication to this host's subscribers; one that is full or gone misses it. */
    public void publish(Parcel parcel, boolean plain, List<String> groups) {
        String topic = parcel.destination.name();
        Hop hop = parcel.hop;
        List<Subscriber> matching = agents.subscriptions().matching(topic);
        if (plain) {
            parcel.hop = hop.forTopic(true, List.of());
            matching.stream()
                    .filter(subscriber -> subscriber.queueGroup().isEmpty())
                    .map(Subscriber::agent)
                    .distinct()
                    .forEach(agent -> offer(parcel, agent));
        }
        for (String group : groups) {
            List<LocalAgent> members = matching.stream()
                    .filter(subscriber -> subscriber.queueGroup().equals(group))
                    .map(Subscriber::agent)
                    .distinct()
                    .toList();
            if (!members.isEmpty()) {
                parcel.hop = hop.forTopic(false, List.of(group));
                offer(parcel, pick(parcel, members));
            }
        }
        parcel.hop = hop;
    }

    private void offer(Parcel parcel, LocalAgent agent) {
        if (!accepts(agent, parcel)) {
            return;
        }
        Origin origin = parcel.origin;
        var _ = origin instanceof Blob large ? queueLarge(parcel, large, agent) : queue(parcel, agent);
        parcel.origin = origin;
    }

    private static boolean accepts(LocalAgent agent, Parcel parcel) {
        if (agent.identity().accepts(parcel.encoding)) {
            return true;
        }
        Refusals.refuse(
                parcel,
                MeshError.of(
                        Code.CODE_UNSUPPORTED_ENCODING,
                        "instance " + agent.instance() + " does not accept the payload's encoding; send it as it is",
                        Integer.toString(parcel.encoding),
                        "one of Hello.accept_encodings"));
        return false;
    }

    private boolean isNew(Parcel parcel) {
        Verdict verdict = seen.offer(parcel.session, parcel.destination, parcel.ordinal);
        switch (verdict) {
            case NEW -> {
                return true;
            }
            case IN_PROGRESS -> {
                // Its end will be told; a second copy would run it twice.
            }
            case DONE -> parcel.origin.receipt(parcel.session, parcel.sequence, Levels.DONE, null);
            case TOO_OLD ->
                Refusals.refuse(
                        parcel,
                        MeshError.of(
                                Code.CODE_BAD_SEQUENCE,
                                "the ordinal is further from the others of this session and destination than the window",
                                Long.toString(parcel.ordinal),
                                "at most 4,096 unfinished"));
        }
        return false;
    }

    private void undone(Parcel parcel) {
        if (parcel.ordinal != 0) {
            seen.onUndone(parcel.session, parcel.destination, parcel.ordinal, parcel.count);
        }
    }

    /**
     * An ordering key always picks the same instance while the set stays, even if it is away; else the better of two
     * gets it, and none that is away or has little room while another is not.
     */
    private LocalAgent pick(Parcel parcel, List<LocalAgent> candidates) {
        return parcel.orderingHash == 0
                ? instances.choose(candidates, parcel)
                : highestHash(parcel.orderingHash, candidates);
    }

    private static LocalAgent highestHash(int key, List<LocalAgent> candidates) {
        LocalAgent best = candidates.getFirst();
        int bestHash = Integer.MIN_VALUE;
        for (LocalAgent candidate : candidates) {
            int hash = OrderingHash.mix(key, candidate.instance());
            if (hash > bestHash) {
                best = candidate;
                bestHash = hash;
            }
        }
        return best;
    }

    /** What is known of instances: whether they are there, and how full their mailboxes are. */
    private static final class Instances implements BetterOfTwo.Candidates<LocalAgent> {
        @Override
        public boolean isUsable(LocalAgent agent, Parcel parcel) {
            return agent.attachment() != null && !agent.mailbox().isCrowded(parcel.lane);
        }

        @Override
        public long load(LocalAgent agent) {
            long away = agent.attachment() == null ? AWAY : 0;
            return away + agent.mailbox().queuedBytes() + agent.mailbox().unanswered();
        }
    }
}
