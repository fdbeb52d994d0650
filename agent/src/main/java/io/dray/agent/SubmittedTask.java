package io.dray.agent;

import com.google.protobuf.ByteString;
import io.dray.router.v1.Task;
import io.dray.types.v1.Error;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The submitter's handle. Watched from the first time that somebody asks for the result. Guarded by itself. */
final class SubmittedTask implements TaskHandle {
    private static final Logger LOGGER = LoggerFactory.getLogger(SubmittedTask.class);

    private final String id;
    private final String tenant;
    private final boolean existed;
    private final TaskClient client;
    private final TaskWatcher watcher;
    private final CompletableFuture<TaskOutcome> result = new CompletableFuture<>();
    private final List<Listener> listeners = new ArrayList<>();
    private boolean isWatched;
    private @Nullable TaskStatus last;

    SubmittedTask(String id, String tenant, boolean existed, TaskClient client, TaskWatcher watcher) {
        this.id = id;
        this.tenant = tenant;
        this.existed = existed;
        this.client = client;
        this.watcher = watcher;
    }

    String tenant() {
        return tenant;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public boolean existed() {
        return existed;
    }

    @Override
    public CompletableFuture<TaskOutcome> result() {
        watchOnce();
        return result;
    }

    @Override
    public void watch(Consumer<TaskStatus> consumer) {
        var listener = new Listener(consumer);
        synchronized (this) {
            listeners.add(listener);
            if (last != null) {
                listener.tell(last);
            }
        }
        watchOnce();
    }

    @Override
    public void cancel(String reason) {
        client.cancel(id, tenant, reason);
    }

    @Override
    public void answer(byte[] answer) {
        client.answer(id, tenant, ByteString.copyFrom(answer));
    }

    /** Takes a change; says whether the task has ended. */
    boolean onChange(Task task, Callbacks callbacks) {
        var status = TaskStatus.of(task);
        synchronized (this) {
            last = status;
            listeners.forEach(listener -> listener.tell(status));
        }
        if (!status.isFinished()) {
            return false;
        }
        callbacks.complete(result, outcome(task));
        return true;
    }

    void onFailed(Error error, Callbacks callbacks) {
        callbacks.fail(result, new MeshException(error));
    }

    private void watchOnce() {
        synchronized (this) {
            if (isWatched) {
                return;
            }
            isWatched = true;
        }
        watcher.watch(this);
    }

    private static TaskOutcome outcome(Task task) {
        String id = task.getTaskId();
        int attempts = task.getAttempts();
        return switch (task.getState()) {
            case TASK_STATE_SUCCEEDED ->
                new TaskOutcome.Succeeded(id, attempts, task.getNode(), task.getInstance(), task.getResult());
            case TASK_STATE_CANCELLED -> new TaskOutcome.Cancelled(id, attempts, task.getError());
            case TASK_STATE_EXPIRED -> new TaskOutcome.Expired(id, attempts, task.getError());
            case TASK_STATE_FAILED,
                    TASK_STATE_UNSPECIFIED,
                    TASK_STATE_WAITING,
                    TASK_STATE_PENDING,
                    TASK_STATE_ASSIGNED,
                    TASK_STATE_RUNNING,
                    TASK_STATE_PARKED,
                    UNRECOGNIZED -> new TaskOutcome.Failed(id, attempts, task.getError());
        };
    }

    /** Tells one consumer of changes in their order, on a virtual thread that lives while there are some. */
    private static final class Listener {
        private final Consumer<TaskStatus> consumer;
        private final Queue<TaskStatus> queue = new ArrayDeque<>();
        private boolean isRunning;

        Listener(Consumer<TaskStatus> consumer) {
            this.consumer = consumer;
        }

        synchronized void tell(TaskStatus status) {
            queue.add(status);
            if (!isRunning) {
                isRunning = true;
                Thread.ofVirtual().name("dray-task-watch").start(this::run);
            }
        }

        private void run() {
            for (TaskStatus status = next(); status != null; status = next()) {
                try {
                    consumer.accept(status);
                } catch (RuntimeException e) {
                    LOGGER.warn("A task listener threw", e);
                }
            }
        }

        private synchronized @Nullable TaskStatus next() {
            TaskStatus status = queue.poll();
            isRunning = status != null;
            return status;
        }
    }
}
