package io.dray.router.fleet;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * All nodes of a pool, and for each capability those that could take a task now, by free CPU. Owned by the dispatcher's
 * thread; every change of a node goes through here, which keeps the index true.
 */
public final class Fleet {
    private static final long NANOS_PER_MICRO = 1_000;
    private static final long JUDGE_NANOS = 1_000_000_000;

    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Map<String, CpuBuckets> freeByCapability = new HashMap<>();
    private final Map<Node, Set<String>> indexed = new HashMap<>();
    private final Set<String> changed = new HashSet<>();
    private final Map<Map.Entry<String, String>, Set<Node>> byLabel = new HashMap<>();
    private final Affinity affinity = new Affinity();
    private final Ejections ejections = new Ejections();
    private final Set<Node> timed = new LinkedHashSet<>();
    private final LongSupplier nanoTime;
    /** When the last tick was. */
    private long nowNanos;

    private long nowUnixMicros;
    private long judgedNanos;

    /** Makes an empty one on a clock of running time. */
    public Fleet(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    public @Nullable Node find(String name) {
        return nodes.get(name);
    }

    public Collection<Node> nodes() {
        return nodes.values();
    }

    /** Returns the nodes that have a free worker for the capability. */
    public CpuBuckets free(String capability) {
        return freeByCapability.getOrDefault(capability, CpuBuckets.EMPTY);
    }

    /** Returns whether a known worker, free or not, offers the capability. */
    public boolean knows(String capability) {
        return freeByCapability.containsKey(capability)
                || nodes.values().stream().anyMatch(node -> node.knows(capability));
    }

    /** Returns, once, the capabilities for which something may have become free since the last call. */
    public Set<String> takeChanged() {
        Set<String> taken = Set.copyOf(changed);
        changed.clear();
        return taken;
    }

    /** Returns where tasks with keys are and were. */
    public Affinity affinity() {
        return affinity;
    }

    /** Takes a node in, or back in, with its new stream. The caller has checked the incarnation. */
    public Node join(NodeHello hello, NodeStream stream) {
        Node node = node(hello.node());
        if (hello.incarnation() != node.incarnation()) {
            node.ramp().start(nowUnixMicros * NANOS_PER_MICRO - hello.incarnation(), nowNanos);
            timed.add(node);
        }
        relabel(node, hello.labels());
        node.join(hello.incarnation(), hello.labels(), stream);
        node.replaceWorkers(hello.workers());
        if (hello.report() != null) {
            node.report(hello.report(), nanoTime.getAsLong());
        }
        update(node);
        return node;
    }

    private void relabel(Node node, Map<String, String> labels) {
        if (labels.equals(node.labels())) {
            return;
        }
        for (var label : node.labels().entrySet()) {
            byLabel.computeIfPresent(Map.entry(label.getKey(), label.getValue()), (_, carriers) -> {
                carriers.remove(node);
                return carriers.isEmpty() ? null : carriers;
            });
        }
        for (var label : labels.entrySet()) {
            byLabel.computeIfAbsent(Map.entry(label.getKey(), label.getValue()), _ -> new LinkedHashSet<>())
                    .add(node);
        }
    }

    /** Returns the nodes that carry the rarest of these labels; null when there is none to carry. */
    public @Nullable Collection<Node> labelled(Map<String, String> labels) {
        Collection<Node> fewest = null;
        for (var label : labels.entrySet()) {
            Collection<Node> carriers = byLabel.getOrDefault(Map.entry(label.getKey(), label.getValue()), Set.of());
            if (fewest == null || carriers.size() < fewest.size()) {
                fewest = carriers;
            }
        }
        return fewest;
    }

    /** Gives a node nothing new from now on, or something again; also one that was not heard yet. */
    public Node cordon(String name, boolean cordoned) {
        Node node = node(name);
        node.cordon(cordoned);
        update(node);
        return node;
    }

    /** Notes how an attempt on a node ended. */
    public void ended(String nodeName, Ending ending) {
        Node node = nodes.get(nodeName);
        if (node == null || node.isCordoned() || (node.stream() == null && ending == Ending.REJECTED)) {
            return;
        }
        switch (ending) {
            case SUCCEEDED -> {
                node.health().succeeded(nowNanos);
                node.ramp().succeeded();
            }
            case HANDLER_FAILED -> node.health().handlerFailed();
            case LOST -> node.health().lost(nowNanos);
            case REJECTED -> node.health().rejected(nowNanos);
            case OTHER -> {}
        }
    }

    /** Moves the clocks on: fresh nodes get more, failing ones rest, and those that rested come back. */
    public void tick(long newNanos, long newUnixMicros) {
        boolean judging = newNanos / JUDGE_NANOS != nowNanos / JUDGE_NANOS;
        nowNanos = newNanos;
        nowUnixMicros = newUnixMicros;
        if (judging) {
            judge();
        }
        for (Node node : List.copyOf(timed)) {
            if (node.ramp().isOver(nowNanos) && !ejections.isResting(node, nowNanos)) {
                timed.remove(node);
            }
            update(node);
        }
    }

    private void judge() {
        long passedNanos = judgedNanos == 0 ? 0 : Math.max(0, nowNanos - judgedNanos);
        judgedNanos = nowNanos;
        ejections.tick(nowNanos);
        Health.Tally all = new Health.Tally();
        for (Node node : nodes.values()) {
            node.health().decay(passedNanos);
            node.health().add(all);
        }
        for (Node node : nodes.values()) {
            boolean suspect = node.health().isSuspect(all);
            if (node.stream() != null && node.health().isBad(all) && !ejections.isResting(node, nowNanos)) {
                eject(node);
            }
            if (suspect != node.isSuspect()) {
                node.suspect(suspect);
                update(node);
            }
        }
    }

    private void eject(Node node) {
        List<Node> present =
                nodes.values().stream().filter(each -> each.stream() != null).toList();
        if (ejections.eject(node, present, nowNanos)) {
            node.rest();
            timed.add(node);
            update(node);
        }
    }

    /** Returns when an ejected node gets something again, in Unix microseconds; 0 when it is not ejected. */
    public long ejectedUntilMicros(Node node) {
        return ejections.isResting(node, nowNanos)
                ? nowUnixMicros + (ejections.untilNanos(node) - nowNanos) / NANOS_PER_MICRO
                : 0;
    }

    /** The stream has ended: nothing new goes there. */
    public void leave(Node node) {
        node.leave();
        update(node);
    }

    /** Forgets a node that is away and holds nothing. */
    public void forget(Node node) {
        nodes.remove(node.name(), node);
        indexed.remove(node);
        relabel(node, Map.of());
    }

    public void replaceWorkers(Node node, List<Worker> all) {
        node.replaceWorkers(all);
        update(node);
    }

    public void mergeWorkers(Node node, List<Worker> some) {
        node.mergeWorkers(some);
        update(node);
    }

    public void report(Node node, NodeFigures figures) {
        if (node.report(figures, nanoTime.getAsLong())) {
            update(node);
        }
    }

    /** Keeps a worker that rejected an assignment from the next ones for a while. */
    public void rest(Node node, String instance, long untilNanos) {
        node.rest(instance, untilNanos);
    }

    /** Notes an attempt on a node and returns the number of its assignment. */
    public long hold(String nodeName, String instance, long taskId, Demand demand) {
        Node node = node(nodeName);
        long number = node.hold(taskId, instance, demand, nanoTime.getAsLong());
        update(node);
        return number;
    }

    /** Notes again an attempt that had given back what it held; its assignment left long ago. */
    public void resume(String nodeName, String instance, long taskId, Demand demand) {
        Node node = node(nodeName);
        node.resume(taskId, instance, demand, nanoTime.getAsLong());
        update(node);
    }

    /** Gives back what an attempt held. */
    public void release(String nodeName, long taskId) {
        Node node = nodes.get(nodeName);
        if (node != null) {
            node.release(taskId, nanoTime.getAsLong());
            update(node);
        }
    }

    private Node node(String name) {
        return nodes.computeIfAbsent(name, Node::new);
    }

    private void update(Node node) {
        node.close(ejections.isResting(node, nowNanos), nowNanos);
        Set<String> now = new HashSet<>();
        if (node.closed() == null) {
            for (Worker worker : node.workers()) {
                if (node.freeSlots(worker) > 0) {
                    now.addAll(worker.capabilities());
                }
            }
        }
        Set<String> before = indexed.getOrDefault(node, Set.of());
        for (String capability : before) {
            if (!now.contains(capability)) {
                remove(node, capability);
            }
        }
        for (String capability : now) {
            freeByCapability.computeIfAbsent(capability, _ -> new CpuBuckets()).put(node);
        }
        changed.addAll(now);
        indexed.put(node, now);
    }

    private void remove(Node node, String capability) {
        CpuBuckets buckets = freeByCapability.get(capability);
        if (buckets != null) {
            buckets.remove(node);
            if (buckets.isEmpty()) {
                freeByCapability.remove(capability);
            }
        }
    }
}
