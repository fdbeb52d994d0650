package io.dray.router.fleet;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All nodes of a pool, and for each capability those that could take a task now, by free CPU. Owned by the dispatcher's
 * thread; every change of a node goes through here, which keeps the index true.
 */
public final class Fleet {
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Map<String, CpuBuckets> freeByCapability = new HashMap<>();
    private final Map<Node, Set<String>> indexed = new HashMap<>();
    private final Set<String> changed = new HashSet<>();

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

    /** Takes a node in, or back in, with its new stream. The caller has checked the incarnation. */
    public Node join(NodeHello hello, NodeStream stream) {
        Node node = node(hello.node());
        node.join(hello.incarnation(), stream);
        node.replaceWorkers(hello.workers());
        if (hello.report() != null) {
            node.report(hello.report());
        }
        update(node);
        return node;
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
        if (node.report(figures)) {
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
        long number = node.hold(taskId, instance, demand);
        update(node);
        return number;
    }

    /** Notes again an attempt that had given back what it held; its assignment left long ago. */
    public void resume(String nodeName, String instance, long taskId, Demand demand) {
        Node node = node(nodeName);
        node.resume(taskId, instance, demand);
        update(node);
    }

    /** Gives back what an attempt held. */
    public void release(String nodeName, long taskId) {
        Node node = nodes.get(nodeName);
        if (node != null) {
            node.release(taskId);
            update(node);
        }
    }

    private Node node(String name) {
        return nodes.computeIfAbsent(name, Node::new);
    }

    private void update(Node node) {
        Set<String> now = new HashSet<>();
        if (node.stream() != null) {
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
