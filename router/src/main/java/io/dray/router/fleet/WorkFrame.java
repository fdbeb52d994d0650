package io.dray.router.fleet;

import io.dray.router.tasks.AttemptEvent;
import io.dray.router.tasks.AttemptKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a sidecar says after its hello; {@code running} counts only with a report. Immutable. */
public record WorkFrame(
        List<Worker> workers,
        boolean workersComplete,
        @Nullable NodeFigures report,
        List<AttemptKey> running,
        List<AttemptEvent> events) {
    public WorkFrame {
        workers = List.copyOf(workers);
        running = List.copyOf(running);
        events = List.copyOf(events);
    }
}
