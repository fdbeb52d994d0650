package io.dray.cli;

import io.dray.router.v1.Task;
import io.dray.router.v1.WatchTasksResponse;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Waits for the end of one task and tells what it waits for. Blocks the caller's thread. */
final class TaskWait {
    private final PrintStream err;
    private final Duration patience;

    /**
     * Tells nothing yet.
     *
     * @param patience after it a task that nobody took is told
     */
    TaskWait(PrintStream err, Duration patience) {
        this.err = err;
        this.patience = patience;
    }

    /** Returns when these changes of the task have ended. */
    void toEnd(Task task, Iterator<WatchTasksResponse> changes) {
        err.println("task " + task.getTaskId());
        CompletableFuture<Void> untaken = CompletableFuture.runAsync(
                () -> tellUntaken(task.getSpec().getCapability()),
                CompletableFuture.delayedExecutor(patience.toNanos(), TimeUnit.NANOSECONDS));
        try {
            changes.forEachRemaining(change -> {
                if (change.getTasksList().stream().anyMatch(now -> now.getAttempts() > 0)) {
                    untaken.cancel(false);
                }
            });
        } finally {
            untaken.cancel(false);
        }
    }

    private void tellUntaken(String capability) {
        err.println("no agent has taken it within " + patience.toSeconds() + " s (expected: one that offers "
                + capability + " and has a free slot; `dray agents` lists them); it waits");
    }
}
