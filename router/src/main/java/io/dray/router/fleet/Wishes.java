package io.dray.router.fleet;

import java.util.Map;

/**
 * Where a task may and should run, beside having room. Empty words mean that it does not matter. Immutable.
 *
 * @param required labels that the node must carry, all of them
 * @param excluded labels of which it must carry none
 * @param preferred labels of which more are better
 */
public record Wishes(
        Map<String, String> required,
        Map<String, String> excluded,
        Map<String, String> preferred,
        String spreadKey,
        String nearNode,
        String stickyKey) {
    /** Anywhere. */
    public static final Wishes NONE = new Wishes(Map.of(), Map.of(), Map.of(), "", "", "");

    /** Returns whether a node with these labels may take the task. */
    public boolean allow(Map<String, String> labels) {
        for (var label : required.entrySet()) {
            if (!label.getValue().equals(labels.get(label.getKey()))) {
                return false;
            }
        }
        for (var label : excluded.entrySet()) {
            if (label.getValue().equals(labels.get(label.getKey()))) {
                return false;
            }
        }
        return true;
    }

    /** Returns how many of the preferred labels are among these. */
    public int preferredAmong(Map<String, String> labels) {
        int count = 0;
        for (var label : preferred.entrySet()) {
            if (label.getValue().equals(labels.get(label.getKey()))) {
                count++;
            }
        }
        return count;
    }

    /** Returns whether all of the preferred labels are among these. */
    public boolean prefersMost(Map<String, String> labels) {
        return preferred.isEmpty() || preferredAmong(labels) == preferred.size();
    }

    /** Returns whether any node will do. */
    public boolean isAnywhere() {
        return !isPicky() && preferred.isEmpty() && spreadKey.isEmpty() && nearNode.isEmpty() && stickyKey.isEmpty();
    }

    /** Returns whether labels may rule a node out. */
    public boolean isPicky() {
        return !required.isEmpty() || !excluded.isEmpty();
    }
}
