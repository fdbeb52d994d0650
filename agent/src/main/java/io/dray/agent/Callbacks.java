package io.dray.agent;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Decides which thread completes the futures that users hold, and so runs their callbacks. Thread-safe. */
final class Callbacks {
    private final Executor threads;
    private final boolean isInline;

    /** Completes on the thread that brings the news, or on virtual threads, where callbacks may block. */
    Callbacks(boolean inline) {
        isInline = inline;
        threads = inline ? Runnable::run : new SpareThreads("dray-callback");
    }

    <T> void complete(CompletableFuture<T> future, T value) {
        if (isInline) {
            future.complete(value);
            return;
        }
        threads.execute(() -> future.complete(value));
    }

    void fail(CompletableFuture<?> future, MeshException failure) {
        threads.execute(() -> future.completeExceptionally(failure));
    }

    void run(Runnable callback) {
        threads.execute(callback);
    }
}
