package io.dray.agent;

import io.dray.core.net.Backoff;
import io.dray.core.wire.MeshError;
import io.dray.router.v1.Task;
import io.dray.router.v1.TaskServiceGrpc;
import io.dray.router.v1.WatchTasksRequest;
import io.dray.router.v1.WatchTasksResponse;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Watches submitted tasks until they have ended: those that were asked for within 5 ms share one WatchTasks stream, and
 * a stream that breaks is opened again for what is left. Belongs to the loop, but for {@link #watch}.
 */
final class TaskWatcher {
    private static final int STREAM_TASKS = 1_000;
    private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Loop loop;
    private final TaskServiceGrpc.TaskServiceStub stub;
    private final Callbacks callbacks;
    private final RandomGenerator random;
    private final Map<String, List<SubmittedTask>> fresh = new HashMap<>();
    private final Set<Watch> open = new HashSet<>();
    private boolean isGathering;
    private @Nullable Error ended;

    TaskWatcher(Loop loop, ManagedChannel channel, Callbacks callbacks, RandomGenerator random) {
        this.loop = loop;
        this.stub = TaskServiceGrpc.newStub(channel);
        this.callbacks = callbacks;
        this.random = random;
    }

    /** Watches a task. Any thread. */
    void watch(SubmittedTask task) {
        loop.run(() -> gather(task));
    }

    /** Fails all that is still watched, and what comes later. Loop only. */
    void end(Error reason) {
        ended = reason;
        List.copyOf(open).forEach(watch -> watch.fail(reason));
        fresh.values().forEach(tasks -> tasks.forEach(task -> task.onFailed(reason, callbacks)));
        fresh.clear();
    }

    private void gather(SubmittedTask task) {
        if (ended != null) {
            task.onFailed(ended, callbacks);
            return;
        }
        fresh.computeIfAbsent(task.tenant(), _ -> new ArrayList<>()).add(task);
        if (!isGathering) {
            isGathering = true;
            later(this::openGathered, GATHER_NANOS);
        }
    }

    private void openGathered() {
        isGathering = false;
        fresh.forEach((tenant, tasks) -> {
            for (int i = 0; i < tasks.size(); i += STREAM_TASKS) {
                new Watch(tenant, tasks.subList(i, Math.min(tasks.size(), i + STREAM_TASKS))).open();
            }
        });
        fresh.clear();
    }

    private void later(Runnable task, long nanos) {
        try {
            var _ = loop.executor().schedule(task, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException _) {
            // The loops have ended with the process.
        }
    }

    /** One stream and the tasks that it waits for. */
    private final class Watch implements ClientResponseObserver<WatchTasksRequest, WatchTasksResponse> {
        private final String tenant;
        private final Map<String, List<SubmittedTask>> waiting = new HashMap<>();
        private final Backoff backoff = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(2), random);
        private @Nullable ClientCallStreamObserver<WatchTasksRequest> call;

        Watch(String tenant, List<SubmittedTask> tasks) {
            this.tenant = tenant;
            for (SubmittedTask task : tasks) {
                waiting.computeIfAbsent(task.id(), _ -> new ArrayList<>()).add(task);
            }
        }

        void open() {
            if (ended != null) {
                fail(ended);
                return;
            }
            open.add(this);
            stub.watchTasks(
                    WatchTasksRequest.newBuilder()
                            .addAllTaskIds(waiting.keySet())
                            .setTenant(tenant)
                            .build(),
                    this);
        }

        void fail(Error error) {
            open.remove(this);
            waiting.values().forEach(tasks -> tasks.forEach(task -> task.onFailed(error, callbacks)));
            waiting.clear();
            if (call != null) {
                call.cancel("no longer watched", null);
            }
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<WatchTasksRequest> observer) {
            call = observer;
        }

        @Override
        public void onNext(WatchTasksResponse response) {
            loop.run(() -> onTasks(response.getTasksList()));
        }

        @Override
        public void onError(Throwable failure) {
            loop.run(() -> onEnd(MeshError.from(failure)));
        }

        @Override
        public void onCompleted() {
            loop.run(() -> onEnd(MeshError.of(Code.CODE_DRAINING, "The watch ended.")));
        }

        private void onTasks(List<Task> tasks) {
            backoff.reset();
            for (Task task : tasks) {
                for (SubmittedTask handle : waiting.getOrDefault(task.getTaskId(), List.of())) {
                    if (handle.onChange(task, callbacks)) {
                        waiting.remove(task.getTaskId());
                    }
                }
            }
        }

        private void onEnd(Error reason) {
            open.remove(this);
            call = null;
            switch (reason.getCode()) {
                case CODE_NO_SUCH_TASK -> failUnknown(reason);
                case CODE_INVALID_REQUEST, CODE_UNIMPLEMENTED, CODE_BAD_NAME -> fail(reason);
                default -> {
                    // Anything else may pass: the tasks themselves are safe with the router.
                }
            }
            if (!waiting.isEmpty()) {
                later(this::open, backoff.next().toNanos());
            }
        }

        /** The value names the task that is unknown; without it nobody can tell, so all are given up. */
        private void failUnknown(Error reason) {
            List<SubmittedTask> unknown = waiting.remove(reason.getValue());
            if (unknown == null) {
                fail(reason);
                return;
            }
            unknown.forEach(task -> task.onFailed(reason, callbacks));
        }
    }
}
