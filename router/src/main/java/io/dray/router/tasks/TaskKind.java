package io.dray.router.tasks;

import io.dray.router.v1.Placement;
import io.dray.router.v1.Resources;
import io.dray.router.v1.TaskSpec;
import java.util.Map;

/**
 * What rules nodes out for a task: labels, and roughly its size. Tasks that must all go to the same few nodes, or to none
 * that there is, wait for these and hold up nobody who may go elsewhere. Immutable.
 *
 * @param size how many times CPU and memory are four times as much as those of a small task, together in one number
 */
record TaskKind(Map<String, String> required, Map<String, String> excluded, int size) {
    private static final int SMALL_CPU_MILLIS = 250;
    private static final long SMALL_MEMORY_BYTES = 256L << 20;

    static TaskKind of(TaskSpec spec) {
        Resources resources = spec.getResources();
        int size = Long.SIZE * steps(resources.getCpuMillis(), SMALL_CPU_MILLIS)
                + steps(resources.getMemoryBytes(), SMALL_MEMORY_BYTES);
        if (!spec.hasPlacement()) {
            return new TaskKind(Map.of(), Map.of(), size);
        }
        Placement placement = spec.getPlacement();
        return new TaskKind(placement.getRequiredLabelsMap(), placement.getExcludedLabelsMap(), size);
    }

    /** Returns how often the small amount must be taken four times to hold this one. */
    private static int steps(long amount, long small) {
        long times = (amount - 1) / small;
        return amount <= small ? 0 : (Long.SIZE - Long.numberOfLeadingZeros(times) + 1) / 2;
    }
}
