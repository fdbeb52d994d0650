package io.dray.router.fleet;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Which nodes the tasks of a spread key run on, and where a sticky key was last. Owned by the dispatcher's thread. */
public final class Affinity {
    /** The key that was unused for the longest time is forgotten: its next task goes where it fits best. */
    private static final int MAX_STICKY_KEYS = 10_000;

    private static final float LOAD_FACTOR = 0.75f;

    private final Map<String, Map<String, Integer>> held = new HashMap<>();
    private final LinkedHashMap<String, String> lastNodes = new LinkedHashMap<>(16, LOAD_FACTOR, true);

    /** A task with these wishes went to a node. */
    public void hold(Wishes wishes, String node) {
        if (!wishes.spreadKey().isEmpty()) {
            held.computeIfAbsent(wishes.spreadKey(), _ -> new HashMap<>()).merge(node, 1, Integer::sum);
        }
        if (!wishes.stickyKey().isEmpty()) {
            lastNodes.put(wishes.stickyKey(), node);
            if (lastNodes.size() > MAX_STICKY_KEYS) {
                lastNodes.pollFirstEntry();
            }
        }
    }

    /** It is there no more. */
    public void release(Wishes wishes, String node) {
        held.computeIfPresent(wishes.spreadKey(), (_, nodes) -> {
            nodes.computeIfPresent(node, (_, count) -> count == 1 ? null : count - 1);
            return nodes.isEmpty() ? null : nodes;
        });
    }

    /** Returns how many tasks with the key a node has. */
    public int count(String spreadKey, String node) {
        return held.getOrDefault(spreadKey, Map.of()).getOrDefault(node, 0);
    }

    /** Returns the node that last had the key; empty when it is not known. */
    public String lastNode(String stickyKey) {
        return lastNodes.getOrDefault(stickyKey, "");
    }

    int stickyKeys() {
        return lastNodes.size();
    }
}
