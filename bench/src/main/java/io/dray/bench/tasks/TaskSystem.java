package io.dray.bench.tasks;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One system's way to take tasks and to do them. Callbacks run on the system's own threads and must not block. */
interface TaskSystem {
    /** Prepares a stretch whose tasks are all waited for; returns when a task has been through its whole life. */
    void prepare() throws InterruptedException;

    /** Submits a task; {@code accepted} gets null when it is stored, or why it is not. */
    void submit(byte[] payload, Consumer<@Nullable Throwable> accepted);

    /** Submits a task; {@code ended} gets null when its outcome is stored, or why it did not succeed. */
    void complete(byte[] payload, Consumer<@Nullable Throwable> ended);

    /** Waits until no task is left, whoever submitted it, and for no longer than half a minute. */
    void settle() throws InterruptedException;
}
