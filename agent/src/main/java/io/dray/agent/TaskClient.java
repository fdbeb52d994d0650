package io.dray.agent;

import com.google.protobuf.ByteString;
import io.dray.core.net.Backoff;
import io.dray.core.wire.MeshError;
import io.dray.router.v1.AnswerTaskRequest;
import io.dray.router.v1.AnswerTaskResponse;
import io.dray.router.v1.CancelTaskRequest;
import io.dray.router.v1.CancelTaskResponse;
import io.dray.router.v1.SubmitTasksRequest;
import io.dray.router.v1.SubmitTasksResponse;
import io.dray.router.v1.TaskServiceGrpc;
import io.dray.router.v1.TaskSpec;
import io.dray.types.v1.Error;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Submits and cancels tasks by the sidecar's TaskService. Calls block their caller and are tried again while the router
 * is away, until the request timeout; idempotency keys make that safe. Thread-safe.
 */
final class TaskClient {
    private static final int BATCH_TASKS = 1_000;
    private static final int BATCH_BYTES = 3 * 1024 * 1024;

    private final Loop loop;
    private final TaskServiceGrpc.TaskServiceStub stub;
    private final TaskWatcher watcher;
    private final Duration timeout;
    private final RandomGenerator random;

    TaskClient(Loop loop, ManagedChannel channel, TaskWatcher watcher, Duration timeout, RandomGenerator random) {
        this.loop = loop;
        this.stub = TaskServiceGrpc.newStub(channel);
        this.watcher = watcher;
        this.timeout = timeout;
        this.random = random;
    }

    List<TaskHandle> submit(List<TaskRequest> tasks) {
        List<TaskHandle> handles = new ArrayList<>(tasks.size());
        List<TaskSpec> batch = new ArrayList<>();
        int bytes = 0;
        String tenant = "";
        for (TaskRequest task : tasks) {
            TaskSpec spec = spec(task);
            int size = spec.getSerializedSize();
            boolean isFull = batch.size() == BATCH_TASKS || bytes + size > BATCH_BYTES;
            if (!batch.isEmpty() && (isFull || !tenant.equals(task.tenant()))) {
                handles.addAll(submit(tenant, batch));
                batch = new ArrayList<>();
                bytes = 0;
            }
            tenant = task.tenant();
            batch.add(spec);
            bytes += size;
        }
        if (!batch.isEmpty()) {
            handles.addAll(submit(tenant, batch));
        }
        return handles;
    }

    TaskHandle known(String taskId, String tenant, boolean existed) {
        return new SubmittedTask(taskId, tenant, existed, this, watcher);
    }

    void cancel(String taskId, String tenant, String reason) {
        var request = CancelTaskRequest.newBuilder()
                .setTaskId(taskId)
                .setTenant(tenant)
                .setReason(reason)
                .build();
        BiConsumer<TaskServiceGrpc.TaskServiceStub, StreamObserver<CancelTaskResponse>> call =
                (timed, response) -> timed.cancelTask(request, response);
        var _ = call(call);
    }

    void answer(String taskId, String tenant, ByteString answer) {
        var request = AnswerTaskRequest.newBuilder()
                .setTaskId(taskId)
                .setTenant(tenant)
                .setAnswer(answer)
                .build();
        BiConsumer<TaskServiceGrpc.TaskServiceStub, StreamObserver<AnswerTaskResponse>> call =
                (timed, response) -> timed.answerTask(request, response);
        var _ = call(call);
    }

    private List<TaskHandle> submit(String tenant, List<TaskSpec> specs) {
        var request = SubmitTasksRequest.newBuilder()
                .setTenant(tenant)
                .addAllSpecs(specs)
                .build();
        BiConsumer<TaskServiceGrpc.TaskServiceStub, StreamObserver<SubmitTasksResponse>> call =
                (timed, response) -> timed.submitTasks(request, response);
        return call(call).getSubmittedList().stream()
                .map(submitted -> known(submitted.getTask().getTaskId(), tenant, submitted.getExisted()))
                .toList();
    }

    private TaskSpec spec(TaskRequest task) {
        var spec = task.spec().toBuilder();
        if (spec.getIdempotencyKey().isEmpty()) {
            spec.setIdempotencyKey(UUID.randomUUID().toString());
        }
        var now = loop.clock().instant();
        task.deadline().ifPresent(after -> spec.setDeadline(Payloads.timestamp(now.plus(after))));
        task.notBefore().ifPresent(after -> spec.setNotBefore(Payloads.timestamp(now.plus(after))));
        return spec.build();
    }

    /** Calls until it succeeds, is refused for good or the time is over. */
    private <T> T call(BiConsumer<TaskServiceGrpc.TaskServiceStub, StreamObserver<T>> call) {
        if (!loop.mayWait()) {
            throw new IllegalStateException("task calls wait for the router and may not run on an event loop");
        }
        long endNanos = loop.nanos() + timeout.toNanos();
        var backoff = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(1), random);
        Error lastRefusal = null;
        while (true) {
            long leftNanos = endNanos - loop.nanos();
            var answer = new Answer<T>();
            call.accept(stub.withDeadlineAfter(Math.max(1, leftNanos), TimeUnit.NANOSECONDS), answer);
            Error refusal = answer.await();
            if (refusal == null) {
                return answer.value();
            }
            long pauseNanos = backoff.next().toNanos();
            boolean isWorthIt = MeshError.statusCode(refusal.getCode()) == Status.Code.UNAVAILABLE;
            if (!isWorthIt || endNanos - loop.nanos() <= pauseNanos) {
                // A call that the timeout cut off says less than the refusal before it.
                throw new MeshException(isWorthIt || lastRefusal == null ? refusal : lastRefusal);
            }
            lastRefusal = refusal;
            pause(pauseNanos);
        }
    }

    private static void pause(long nanos) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new MeshException(Errors.interrupted());
        }
    }

    /** What one call ends with. */
    private static final class Answer<T> implements StreamObserver<T> {
        private final CompletableFuture<@Nullable Error> outcome = new CompletableFuture<>();
        private volatile @Nullable T value;

        @Override
        public void onNext(T response) {
            value = response;
        }

        @Override
        public void onError(Throwable failure) {
            outcome.complete(MeshError.from(failure));
        }

        @Override
        public void onCompleted() {
            outcome.complete(null);
        }

        @Nullable
        Error await() {
            try {
                return outcome.get();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return Errors.interrupted();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }

        T value() {
            T response = value;
            if (response == null) {
                throw new IllegalStateException("the call ended without a response");
            }
            return response;
        }
    }
}
