package io.dray.sidecar.local;

import io.dray.agent.v1.Subscription;
import io.dray.core.wire.MeshError;
import io.dray.types.v1.Code;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Who subscribes to what, bounded for each instance and for the node; topics are looked up without a lock. Written under
 * the lock of {@link LocalAgents}: a change costs what stands under its own patterns.
 */
public final class Subscriptions {
    /** Subscriptions that one instance may have. */
    static final int MAX_OF_INSTANCE = 4_096;

    /** Subscriptions that all instances of a node may have: a new topic is held against each wildcard. */
    static final int MAX_OF_NODE = 65_536;

    /** Subscriptions that one instance has room for, whatever others have. */
    static final int LEAST_OF_INSTANCE = 16;

    private final Map<LocalAgent, Set<Subscriber>> byAgent = new HashMap<>();
    private final CopiedLists<Subscriber> exact = new CopiedLists<>();
    private final CopiedLists<Subscriber> wildcards = new CopiedLists<>();
    private int count;
    private final AtomicLong version = new AtomicLong();

    Subscriptions() {}

    /** Grows with each change, after it: what was looked up after this number was read is not newer than it says. */
    public long version() {
        return version.get();
    }

    /** The subscriptions here that match a topic. */
    public List<Subscriber> matching(String topic) {
        List<Subscriber> named = exact.get(topic);
        if (wildcards.isEmpty()) {
            return named;
        }
        var matching = new ArrayList<>(named);
        wildcards.forEach((pattern, subscribers) -> {
            if (Topics.matches(pattern, topic)) {
                matching.addAll(subscribers);
            }
        });
        return matching;
    }

    /** Every subscription of every instance. */
    public List<Subscriber> all() {
        var all = new ArrayList<Subscriber>();
        exact.forEach((_, subscribers) -> all.addAll(subscribers));
        wildcards.forEach((_, subscribers) -> all.addAll(subscribers));
        return all;
    }

    /**
     * Checks that an instance may subscribe to that.
     *
     * @throws StatusRuntimeException TOO_MANY
     */
    void check(String instance, int had, int wanted) {
        if (wanted <= had) {
            return;
        }
        checkAtMost("too many subscriptions of one instance", instance, wanted, MAX_OF_INSTANCE);
        if (wanted > LEAST_OF_INSTANCE) {
            checkAtMost(
                    "too many subscriptions of all instances of the node", instance, count - had + wanted, MAX_OF_NODE);
        }
    }

    /** What an instance subscribes to. */
    Set<Subscriber> of(LocalAgent agent) {
        return byAgent.getOrDefault(agent, Set.of());
    }

    /** Returns what an instance wants which had those. */
    static Set<Subscriber> wanted(LocalAgent agent, Set<Subscriber> had, List<Subscription> changes) {
        var wanted = new LinkedHashSet<>(had);
        for (Subscription change : changes) {
            var subscriber = new Subscriber(change.getPattern(), change.getQueueGroup(), agent);
            if (change.getRemove()) {
                wanted.remove(subscriber);
            } else {
                wanted.add(subscriber);
            }
        }
        return wanted;
    }

    /** Makes these the subscriptions of an instance; whether that changed any. */
    boolean replace(LocalAgent agent, Set<Subscriber> wanted) {
        Set<Subscriber> had = of(agent);
        Map<String, Set<Subscriber>> gone = byPattern(had, wanted);
        Map<String, Set<Subscriber>> come = byPattern(wanted, had);
        if (gone.isEmpty() && come.isEmpty()) {
            return false;
        }
        gone.forEach((pattern, some) -> listsOf(pattern).replace(pattern, some, come.getOrDefault(pattern, Set.of())));
        come.forEach((pattern, some) -> {
            if (!gone.containsKey(pattern)) {
                listsOf(pattern).replace(pattern, Set.of(), some);
            }
        });
        count += wanted.size() - had.size();
        if (wanted.isEmpty()) {
            byAgent.remove(agent);
        } else {
            byAgent.put(agent, wanted);
        }
        version.incrementAndGet();
        return true;
    }

    private CopiedLists<Subscriber> listsOf(String pattern) {
        return Topics.isExact(pattern) ? exact : wildcards;
    }

    private static Map<String, Set<Subscriber>> byPattern(Collection<Subscriber> some, Set<Subscriber> without) {
        var byPattern = new LinkedHashMap<String, Set<Subscriber>>();
        for (Subscriber subscriber : some) {
            if (!without.contains(subscriber)) {
                byPattern
                        .computeIfAbsent(subscriber.pattern(), _ -> new LinkedHashSet<>())
                        .add(subscriber);
            }
        }
        return byPattern;
    }

    private static void checkAtMost(String message, String instance, int subscriptions, int most) {
        if (subscriptions > most) {
            throw MeshError.toStatus(
                    MeshError.of(Code.CODE_TOO_MANY, message, instance + ": " + subscriptions, "at most " + most));
        }
    }
}
