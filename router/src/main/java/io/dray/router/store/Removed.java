package io.dray.router.store;

import io.dray.router.tasks.StateName;
import java.util.Map;

/**
 * Which finished tasks a step removed. Immutable.
 *
 * @param more whether another step is wanted
 */
public record Removed(Map<StateName, Long> tasks, boolean more) {
    /** Nothing was removed, and nothing is left to do. */
    public static final Removed NOTHING = new Removed(Map.of(), false);

    public Removed {
        tasks = Map.copyOf(tasks);
    }

    /** Returns how many tasks went. */
    public long count() {
        return tasks.values().stream().mapToLong(Long::longValue).sum();
    }
}
