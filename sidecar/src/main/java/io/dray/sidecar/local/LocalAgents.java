package io.dray.sidecar.local;

import io.dray.agent.v1.Subscription;
import io.dray.core.wire.MeshError;
import io.dray.sidecar.local.AgentTable.Subscriber;
import io.dray.sidecar.queue.Destination;
import io.dray.sidecar.queue.LaneQueue;
import io.dray.sidecar.queue.RefusalCounts;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The instances of this host. Changed under one lock, read from immutable tables, which the first reader after a change
 * makes; thread-safe.
 */
@SuppressWarnings("ReferenceEquality") // agents are told by identity: a successor may hold the same name
public final class LocalAgents {
    /** Subscriptions that one instance may have. */
    static final int MAX_SUBSCRIPTIONS = 4_096;

    /** Subscriptions that all instances of a node may have: a new topic is held against each. */
    static final int MAX_NODE_SUBSCRIPTIONS = 65_536;

    /** Subscriptions that one instance has room for, whatever others have. */
    static final int MIN_SUBSCRIPTIONS = 16;

    /** Announced instances of a node, attached or away. */
    static final int MAX_INSTANCES = 4_096;

    private record Wish(String pattern, String queueGroup) {}

    private final Supplier<LaneQueue> queues;
    private final DoneListener doneListener;
    private final RefusalCounts refusals;
    private final Runnable onChange;
    private final Map<String, LocalAgent> agents = new LinkedHashMap<>();
    private final Map<LocalAgent, Set<Wish>> wishes = new HashMap<>();
    private final Set<LocalAgent> leaving = new HashSet<>();
    private final Map<Long, LocalAgent> bySession = new ConcurrentHashMap<>();
    /** Instances that are not announced come and go with each call of the unary door: too often for new tables. */
    private final Map<String, LocalAgent> unannounced = new ConcurrentHashMap<>();

    private int subscriptionCount;
    private long version;
    private long rebuilds;

    /** Null when something has changed: a thousand instances that attach at once must not make a thousand tables. */
    private volatile @Nullable AgentTable table = AgentTable.EMPTY;

    /**
     * Creates an empty registry.
     *
     * @param queues makes the queue of a mailbox
     * @param doneListener hears how deliveries above AT_MOST_ONCE ended
     * @param refusals counts what senders are refused
     * @param onChange called, outside of the lock, whenever what other nodes see of this one has changed
     */
    public LocalAgents(
            Supplier<LaneQueue> queues, DoneListener doneListener, RefusalCounts refusals, Runnable onChange) {
        this.queues = queues;
        this.doneListener = doneListener;
        this.refusals = refusals;
        this.onChange = onChange;
    }

    /** Who is here now. */
    public AgentTable table() {
        AgentTable present = table;
        return present == null ? rebuilt() : present;
    }

    /** The instance that holds a session, attached or away. */
    public @Nullable LocalAgent bySession(long session) {
        return bySession.get(session);
    }

    /** Every instance, attached or away. */
    public Collection<LocalAgent> all() {
        var all = new ArrayList<>(table().byInstance().values());
        all.addAll(unannounced.values());
        return all;
    }

    /** The instances here that answer to a destination other than a topic. */
    public List<LocalAgent> find(Destination destination) {
        List<LocalAgent> found = table().find(destination);
        if (!found.isEmpty() || destination.kind() != Destination.INSTANCE) {
            return found;
        }
        LocalAgent agent = unannounced.get(destination.name());
        return agent == null ? found : agent.alone();
    }

    /**
     * Takes a new instance in.
     *
     * @return the instance, or null when its name or session is held by another one
     * @throws StatusRuntimeException TOO_MANY subscriptions or instances; nothing is changed then
     */
    public @Nullable LocalAgent add(Identity identity, List<Subscription> subscriptions) {
        LocalAgent agent;
        synchronized (this) {
            String instance = identity.instance().toString();
            if (agents.containsKey(instance) || bySession.containsKey(identity.session())) {
                return null;
            }
            if (identity.announced() && agents.size() - unannounced.size() >= MAX_INSTANCES) {
                throw tooMany("too many instances at this node", instance, MAX_INSTANCES);
            }
            Set<Wish> wished = changed(Set.of(), subscriptions);
            checkRoom(instance, 0, wished.size());
            agent = new LocalAgent(identity, new Mailbox(queues.get(), doneListener), refusals);
            agents.put(instance, agent);
            bySession.put(identity.session(), agent);
            wish(agent, wished);
            if (!identity.announced()) {
                unannounced.put(instance, agent);
                if (subscriptions.isEmpty()) {
                    return agent;
                }
            }
            changed();
        }
        onChange.run();
        return agent;
    }

    /**
     * Changes what an instance subscribes to.
     *
     * @throws StatusRuntimeException TOO_MANY; nothing is changed then
     */
    public void subscribe(LocalAgent agent, List<Subscription> subscriptions) {
        synchronized (this) {
            if (agents.get(agent.instance()) != agent) {
                return;
            }
            Set<Wish> had = wishes.getOrDefault(agent, Set.of());
            Set<Wish> wished = changed(had, subscriptions);
            checkRoom(agent.instance(), had.size(), wished.size());
            wish(agent, wished);
            changed();
        }
        onChange.run();
    }

    /**
     * Replaces what an instance subscribes to, as its Hello says after a reconnect.
     *
     * @throws StatusRuntimeException TOO_MANY; it has no subscriptions then
     */
    public void resubscribe(LocalAgent agent, List<Subscription> subscriptions) {
        synchronized (this) {
            wish(agent, Set.of());
            leaving.remove(agent);
        }
        subscribe(agent, subscriptions);
    }

    /** Stops new deliveries by name, capability and topic; what is in flight may still be finished. */
    public void leave(LocalAgent agent) {
        synchronized (this) {
            if (agents.get(agent.instance()) != agent || !leaving.add(agent)) {
                return;
            }
            wish(agent, Set.of());
            changed();
        }
        onChange.run();
    }

    /** Lets an instance go: what waits for it is refused with the error. */
    public void remove(LocalAgent agent, Error error) {
        boolean changed;
        synchronized (this) {
            if (!agents.remove(agent.instance(), agent)) {
                return;
            }
            boolean hadWishes = wish(agent, Set.of());
            leaving.remove(agent);
            bySession.remove(agent.identity().session(), agent);
            unannounced.remove(agent.instance(), agent);
            changed = agent.identity().announced() || hadWishes;
            if (changed) {
                changed();
            }
        }
        agent.close(error);
        if (changed) {
            onChange.run();
        }
    }

    /**
     * Lets an instance go that has been away for longer than that, unless a stream was faster to take it up again.
     *
     * @return whether it is gone
     */
    public boolean removeAway(LocalAgent agent, long awayNanos, Error error) {
        boolean retired = agent.retire(awayNanos);
        if (retired) {
            remove(agent, error);
        }
        return retired;
    }

    private void checkRoom(String instance, int had, int wanted) {
        if (wanted <= had) {
            return;
        }
        checkAtMost("too many subscriptions of one instance", instance, wanted, MAX_SUBSCRIPTIONS);
        if (wanted > MIN_SUBSCRIPTIONS) {
            int all = subscriptionCount - had + wanted;
            checkAtMost("too many subscriptions of all instances of the node", instance, all, MAX_NODE_SUBSCRIPTIONS);
        }
    }

    /** Notes what an instance subscribes to; whether it subscribed to anything before. */
    private boolean wish(LocalAgent agent, Set<Wish> wished) {
        Set<Wish> had = wished.isEmpty() ? wishes.remove(agent) : wishes.put(agent, wished);
        int before = had == null ? 0 : had.size();
        subscriptionCount += wished.size() - before;
        return before > 0;
    }

    /** Tables that were made. */
    synchronized long rebuilds() {
        return rebuilds;
    }

    private static void checkAtMost(String message, String instance, int subscriptions, int most) {
        if (subscriptions > most) {
            throw tooMany(message, instance + ": " + subscriptions, most);
        }
    }

    private static StatusRuntimeException tooMany(String message, String value, int most) {
        return MeshError.toStatus(MeshError.of(Code.CODE_TOO_MANY, message, value, "at most " + most));
    }

    private static Set<Wish> changed(Set<Wish> had, List<Subscription> subscriptions) {
        var own = new LinkedHashSet<>(had);
        for (Subscription subscription : subscriptions) {
            var wish = new Wish(subscription.getPattern(), subscription.getQueueGroup());
            if (subscription.getRemove()) {
                own.remove(wish);
            } else {
                own.add(wish);
            }
        }
        return own;
    }

    private void changed() {
        version++;
        table = null;
    }

    private synchronized AgentTable rebuilt() {
        AgentTable present = table;
        if (present == null) {
            rebuilds++;
            present = newTable();
            table = present;
        }
        return present;
    }

    private AgentTable newTable() {
        var byAgent = new HashMap<String, List<LocalAgent>>();
        var byInstance = new HashMap<String, LocalAgent>();
        var byCapability = new HashMap<String, List<LocalAgent>>();
        var subscribers = new ArrayList<Subscriber>();
        for (LocalAgent agent : agents.values()) {
            for (Wish wish : wishes.getOrDefault(agent, Set.of())) {
                subscribers.add(new Subscriber(wish.pattern, wish.queueGroup, agent));
            }
            if (!agent.identity().announced()) {
                continue;
            }
            byInstance.put(agent.instance(), agent);
            if (leaving.contains(agent)) {
                continue;
            }
            byAgent.computeIfAbsent(agent.identity().instance().agent(), _ -> new ArrayList<>())
                    .add(agent);
            for (String capability : agent.identity().capabilities()) {
                byCapability.computeIfAbsent(capability, _ -> new ArrayList<>()).add(agent);
            }
        }
        return new AgentTable(version, byAgent, byInstance, byCapability, subscribers);
    }
}
