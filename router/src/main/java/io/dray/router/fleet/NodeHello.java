package io.dray.router.fleet;

import io.dray.router.tasks.AttemptKey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a sidecar introduces itself on its work stream. Immutable. */
public record NodeHello(
        String node,
        long incarnation,
        List<Worker> workers,
        List<AttemptKey> running,
        Map<String, String> labels,
        @Nullable NodeFigures report) {
    public NodeHello {
        workers = List.copyOf(workers);
        running = List.copyOf(running);
        labels = Map.copyOf(labels);
    }
}
