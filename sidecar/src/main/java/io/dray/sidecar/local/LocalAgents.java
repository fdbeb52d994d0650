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
 * The instances of this host. Changed under one lock, read from immutable tables; thread-safe.
 */
@SuppressWarnings("ReferenceEquality") // agents are told by identity: a successor may hold the same name
public final class LocalAgents {
    /** Subscriptions that one instance may have. */
    static final int MAX_SUBSCRIPTIONS = 4_096;

    /** Subscriptions that all instances of a node may have: a new topic is held against each. */
    static final int MAX_NODE_SUBSCRIPTIONS = 65_536;

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

    private volatile AgentTable table = AgentTable.EMPTY;

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
        return table;
    }

    /** The instance that holds a session, attached or away. */
    public @Nullable LocalAgent bySession(long session) {
        return bySession.get(session);
    }

    /** Every instance, attached or away. */
    public Collection<LocalAgent> all() {
        var all = new ArrayList<>(table.byInstance().values());
        all.addAll(unannounced.values());
        return all;
    }

    /** The instances here that answer to a destination other than a topic. */
    public List<LocalAgent> find(Destination destination) {
        List<LocalAgent> found = table.find(destination);
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
     * @throws StatusRuntimeException TOO_MANY subscriptions; nothing is changed then
     */
    public @Nullable LocalAgent add(Identity identity, List<Subscription> subscriptions) {
        LocalAgent agent;
        synchronized (this) {
            String instance = identity.instance().toString();
            if (agents.containsKey(instance) || bySession.containsKey(identity.session())) {
                return null;
            }
            Set<Wish> wished = changed(Set.of(), subscriptions);
            checkRoom(instance, 0, wished.size());
            agent = new LocalAgent(identity, new Mailbox(queues.get(), doneListener), refusals);
            agents.put(instance, agent);
            bySession.put(identity.session(), agent);
            wishes.put(agent, wished);
            if (!identity.announced()) {
                unannounced.put(instance, agent);
                if (subscriptions.isEmpty()) {
                    return agent;
                }
            }
            rebuild();
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
            wishes.put(agent, wished);
            rebuild();
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
            wishes.remove(agent);
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
            wishes.remove(agent);
            rebuild();
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
            Set<Wish> had = wishes.remove(agent);
            leaving.remove(agent);
            bySession.remove(agent.identity().session(), agent);
            unannounced.remove(agent.instance(), agent);
            changed = agent.identity().announced() || (had != null && !had.isEmpty());
            if (changed) {
                rebuild();
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
        int all = wishes.values().stream().mapToInt(Set::size).sum() - had + wanted;
        checkAtMost("too many subscriptions of all instances of the node", instance, all, MAX_NODE_SUBSCRIPTIONS);
    }

    private static void checkAtMost(String message, String instance, int subscriptions, int most) {
        if (subscriptions > most) {
            String value = instance + ": " + subscriptions;
            throw MeshError.toStatus(MeshError.of(Code.CODE_TOO_MANY, message, value, "at most " + most));
        }
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

    private void rebuild() {
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
        table = new AgentTable(table.version() + 1, byAgent, byInstance, byCapability, subscribers);
    }
}
