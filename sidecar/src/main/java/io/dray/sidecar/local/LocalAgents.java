package io.dray.sidecar.local;

import io.dray.agent.v1.Subscription;
import io.dray.core.wire.MeshError;
import io.dray.sidecar.queue.Destination;
import io.dray.sidecar.queue.LaneQueue;
import io.dray.sidecar.queue.RefusalCounts;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.grpc.StatusRuntimeException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The instances of this host: who they are, and what they subscribe to. Changed under one lock, read without it;
 * thread-safe.
 */
@SuppressWarnings("ReferenceEquality") // agents are told by identity: a successor may hold the same name
public final class LocalAgents {
    /** Announced instances of a node, attached or away. */
    static final int MAX_INSTANCES = 4_096;

    private final Supplier<LaneQueue> queues;
    private final DoneListener doneListener;
    private final RefusalCounts refusals;
    private final Runnable onChange;
    private final AgentTable table = new AgentTable();
    private final Subscriptions subscriptions = new Subscriptions();
    private final Set<LocalAgent> leaving = new HashSet<>();
    private final Map<Long, LocalAgent> bySession = new ConcurrentHashMap<>();

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

    /** Who is here. */
    public AgentTable table() {
        return table;
    }

    /** Who subscribes to what. */
    public Subscriptions subscriptions() {
        return subscriptions;
    }

    /** The instance that holds a session, attached or away. */
    public @Nullable LocalAgent bySession(long session) {
        return bySession.get(session);
    }

    /** Every instance, attached or away. */
    public Collection<LocalAgent> all() {
        return table.all();
    }

    /** The instances here that answer to a destination other than a topic. */
    public List<LocalAgent> find(Destination destination) {
        return table.find(destination);
    }

    /**
     * Takes a new instance in.
     *
     * @return the instance, or null when its name or session is held by another one
     * @throws StatusRuntimeException TOO_MANY subscriptions or instances; nothing is changed then
     */
    public @Nullable LocalAgent add(Identity identity, List<Subscription> wishes) {
        LocalAgent agent;
        boolean changed;
        synchronized (this) {
            String instance = identity.instance().toString();
            if (table.holder(instance) != null || bySession.containsKey(identity.session())) {
                return null;
            }
            if (identity.announced() && table.announcedCount() >= MAX_INSTANCES) {
                throw tooManyInstances(instance);
            }
            agent = new LocalAgent(identity, new Mailbox(queues.get(), doneListener), refusals);
            Set<Subscriber> wanted = Subscriptions.wanted(agent, Set.of(), wishes);
            subscriptions.check(instance, 0, wanted.size());
            bySession.put(identity.session(), agent);
            table.add(agent);
            changed = subscriptions.replace(agent, wanted) || identity.announced();
        }
        tellIf(changed);
        return agent;
    }

    /**
     * Changes what an instance subscribes to.
     *
     * @throws StatusRuntimeException TOO_MANY; nothing is changed then
     */
    public void subscribe(LocalAgent agent, List<Subscription> changes) {
        boolean changed;
        synchronized (this) {
            if (!isHere(agent)) {
                return;
            }
            Set<Subscriber> had = subscriptions.of(agent);
            Set<Subscriber> wanted = Subscriptions.wanted(agent, had, changes);
            subscriptions.check(agent.instance(), had.size(), wanted.size());
            changed = subscriptions.replace(agent, wanted);
        }
        tellIf(changed);
    }

    /**
     * Replaces what an instance subscribes to, as its Hello says after a reconnect.
     *
     * @throws StatusRuntimeException TOO_MANY; it has no subscriptions then
     */
    public void resubscribe(LocalAgent agent, List<Subscription> wishes) {
        boolean changed = false;
        Set<Subscriber> wanted = Subscriptions.wanted(agent, Set.of(), wishes);
        try {
            synchronized (this) {
                if (!isHere(agent)) {
                    return;
                }
                changed = leaving.remove(agent) && table.show(agent);
                int had = subscriptions.of(agent).size();
                try {
                    subscriptions.check(agent.instance(), had, wanted.size());
                } catch (StatusRuntimeException tooMany) {
                    changed |= subscriptions.replace(agent, Set.of());
                    throw tooMany;
                }
                changed |= subscriptions.replace(agent, wanted);
            }
        } finally {
            tellIf(changed);
        }
    }

    /** Stops new deliveries by name, capability and topic; what is in flight may still be finished. */
    public void leave(LocalAgent agent) {
        synchronized (this) {
            if (!isHere(agent) || !leaving.add(agent)) {
                return;
            }
            table.hide(agent);
            subscriptions.replace(agent, Set.of());
        }
        onChange.run();
    }

    /** Lets an instance go: what waits for it is refused with the error. */
    public void remove(LocalAgent agent, Error error) {
        boolean changed;
        synchronized (this) {
            if (!isHere(agent)) {
                return;
            }
            changed = subscriptions.replace(agent, Set.of()) || agent.identity().announced();
            leaving.remove(agent);
            bySession.remove(agent.identity().session(), agent);
            table.remove(agent);
        }
        agent.close(error);
        tellIf(changed);
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

    private boolean isHere(LocalAgent agent) {
        return table.holder(agent.instance()) == agent;
    }

    private void tellIf(boolean changed) {
        if (changed) {
            onChange.run();
        }
    }

    private static StatusRuntimeException tooManyInstances(String instance) {
        return MeshError.toStatus(MeshError.of(
                Code.CODE_TOO_MANY, "too many instances at this node", instance, "at most " + MAX_INSTANCES));
    }
}
