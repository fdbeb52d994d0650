package io.dray.sidecar.tasks;

import java.util.List;

/**
 * An attached instance that handles tasks.
 *
 * @param instance agent/suffix@node
 * @param slots how many attempts it runs at once, at least 1
 */
public record WorkerInfo(String instance, List<String> capabilities, int slots) {
    public WorkerInfo {
        capabilities = List.copyOf(capabilities);
    }
}
