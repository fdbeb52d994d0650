package io.dray.agent;

import java.util.concurrent.CompletableFuture;

/** Decides which thread completes the futures that users hold, and so runs their callbacks. Thread-safe. */
record Callbacks(boolean inline) {
    <T> void complete(CompletableFuture<T> future, T value) {
        if (inline) {
            future.complete(value);
            return;
        }
        // One thread for each: a callback may wait for what another one does.
        Thread.startVirtualThread(() -> future.complete(value));
    }

    void fail(CompletableFuture<?> future, MeshException failure) {
        if (inline) {
            future.completeExceptionally(failure);
            return;
        }
        Thread.startVirtualThread(() -> future.completeExceptionally(failure));
    }
}
