package io.dray.router.fleet;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Who answers to which address, with a generation that grows by each change. Owned by the directory's thread. */
final class AddressIndex {
    private final Map<AddressName, Map<String, Integer>> members = new HashMap<>();
    private final Map<AddressName, Long> generations = new HashMap<>();
    /** Grows over all addresses, so that an address which was forgotten meanwhile never goes back. */
    private long generation = 1;

    /** Replaces what one node has and returns the addresses whose members changed. */
    Set<AddressName> replace(String node, Map<AddressName, Integer> before, Map<AddressName, Integer> now) {
        Set<AddressName> touched = new HashSet<>(before.keySet());
        touched.addAll(now.keySet());
        touched.removeIf(address -> before.getOrDefault(address, 0).equals(now.getOrDefault(address, 0)));
        if (!touched.isEmpty()) {
            generation++;
        }
        for (AddressName address : touched) {
            set(address, node, now.getOrDefault(address, 0));
        }
        return touched;
    }

    private void set(AddressName address, String node, int instances) {
        Map<String, Integer> nodes = members.computeIfAbsent(address, _ -> new HashMap<>());
        if (instances == 0) {
            nodes.remove(node);
        } else {
            nodes.put(node, instances);
        }
        if (nodes.isEmpty()) {
            // Nobody is left: an answer from now on carries the newest generation of all.
            members.remove(address);
            generations.remove(address);
            return;
        }
        generations.put(address, generation);
    }

    Members members(AddressName address) {
        return new Members(
                address, generations.getOrDefault(address, generation), members.getOrDefault(address, Map.of()));
    }
}
