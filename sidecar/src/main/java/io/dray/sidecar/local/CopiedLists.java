package io.dray.sidecar.local;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * Lists by name, for look-ups without a lock: a change copies the list of its name and no other. Written under the lock
 * of its owner, read by any thread.
 */
final class CopiedLists<V> {
    private final ConcurrentHashMap<String, List<V>> lists = new ConcurrentHashMap<>();

    /** What is under a name; a snapshot. */
    List<V> get(String name) {
        return lists.getOrDefault(name, List.of());
    }

    boolean isEmpty() {
        return lists.isEmpty();
    }

    void forEach(BiConsumer<String, List<V>> consumer) {
        lists.forEach(consumer);
    }

    void add(String name, V value) {
        replace(name, Set.of(), List.of(value));
    }

    void remove(String name, V value) {
        replace(name, Set.of(value), List.of());
    }

    /** Takes some out and puts others behind what is left, in one copy. */
    void replace(String name, Set<V> gone, Collection<V> come) {
        List<V> present = get(name);
        var next = new ArrayList<V>(present.size() + come.size());
        for (V value : present) {
            if (!gone.contains(value)) {
                next.add(value);
            }
        }
        next.addAll(come);
        if (next.isEmpty()) {
            lists.remove(name);
        } else {
            lists.put(name, List.copyOf(next));
        }
    }
}
