package io.dray.bench.tasks;

import com.google.protobuf.UnsafeByteOperations;
import io.dray.core.net.ChannelSettings;
import io.dray.core.net.Endpoint;
import io.dray.core.net.EventLoops;
import io.dray.core.net.GrpcChannels;
import io.dray.core.net.Transport;
import io.dray.router.v1.SubmitTaskRequest;
import io.dray.router.v1.SubmitTasksRequest;
import io.dray.router.v1.Task;
import io.dray.router.v1.TaskServiceGrpc;
import io.dray.router.v1.TaskServiceGrpc.TaskServiceStub;
import io.dray.router.v1.TaskSpec;
import io.dray.router.v1.TaskState;
import io.dray.router.v1.WatchTasksRequest;
import io.dray.router.v1.WatchTasksResponse;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tasks of a router, submitted and watched by its gRPC service as any client may; agents of other processes do them. Each
 * task has an idempotency key, as the SDK's have, by which its outcome is found.
 */
final class RouterSystem implements TaskSystem {
    static final String CAPABILITY = "bench";

    private static final int BATCH_TASKS = 512;
    /** While so many batches are under way the next one fills. */
    private static final int BATCHES = 4;
    /** Enough for 10,000/s that are answered within 25 ms: below that each task is a call of its own. */
    private static final int CALLS = 256;

    private static final int CALL_SECONDS = 30;
    private static final int PROBE_SECONDS = 1;
    private static final int PROBES = 30;

    private final TaskServiceStub stub;
    private final RouterTasks tasks;
    private final Gather<Submission> singly = new Gather<>(CALLS, BATCH_TASKS, this::send);
    private final Gather<Submission> batched = new Gather<>(BATCHES, BATCH_TASKS, this::send);
    private final String prefix = "b" + ProcessHandle.current().pid() + "-";
    private final AtomicLong numbers = new AtomicLong();
    private final Map<String, Consumer<@Nullable Throwable>> ends = new ConcurrentHashMap<>();
    private volatile @Nullable Outcomes outcomes;

    private record Submission(TaskSpec spec, Consumer<@Nullable Throwable> accepted) {}

    private RouterSystem(ManagedChannel channel) {
        this.stub = TaskServiceGrpc.newStub(channel);
        this.tasks = new RouterTasks(channel);
    }

    static RouterSystem connect(String router) {
        EventLoops loops = EventLoops.start(Transport.auto(), EventLoops.defaultLoops(), "tasks");
        return new RouterSystem(GrpcChannels.open(loops, Endpoint.parse(router), ChannelSettings.forPeers()));
    }

    /** Also proves that a worker is there and that outcomes are heard: a watch tells nothing of before it began. */
    @Override
    public void prepare() throws InterruptedException {
        outcomes = new Outcomes();
        stub.watchTasks(WatchTasksRequest.getDefaultInstance(), outcomes);
        for (int i = 0; i < PROBES; i++) {
            CompletableFuture<@Nullable Throwable> ended = new CompletableFuture<>();
            complete(new byte[0], ended::complete);
            try {
                if (ended.get(PROBE_SECONDS, TimeUnit.SECONDS) == null) {
                    return;
                }
                TimeUnit.SECONDS.sleep(PROBE_SECONDS);
            } catch (TimeoutException _) {
                ends.clear();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
        throw new IllegalStateException("no task succeeded within " + PROBES + " s");
    }

    @Override
    public void submit(byte[] payload, Consumer<@Nullable Throwable> accepted) {
        singly.add(new Submission(spec(payload), accepted));
    }

    @Override
    public void complete(byte[] payload, Consumer<@Nullable Throwable> ended) {
        TaskSpec spec = spec(payload);
        ends.put(spec.getIdempotencyKey(), ended);
        batched.add(new Submission(spec, failure -> {
            if (failure != null) {
                end(spec.getIdempotencyKey(), failure);
            }
        }));
    }

    @Override
    public void settle() throws InterruptedException {
        Outcomes watch = outcomes;
        if (watch != null) {
            outcomes = null;
            watch.cancel();
        }
        ends.clear();
        tasks.awaitNoneLive();
    }

    private TaskSpec spec(byte[] payload) {
        return RouterTasks.spec(CAPABILITY, prefix + numbers.incrementAndGet())
                .setPayload(UnsafeByteOperations.unsafeWrap(payload))
                .build();
    }

    private void send(List<Submission> batch, Runnable done) {
        TaskServiceStub timed = stub.withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS);
        if (batch.size() == 1) {
            timed.submitTask(
                    SubmitTaskRequest.newBuilder()
                            .setSpec(batch.getFirst().spec())
                            .build(),
                    new Answer<>(batch, done));
            return;
        }
        SubmitTasksRequest.Builder request = SubmitTasksRequest.newBuilder();
        batch.forEach(submission -> request.addSpecs(submission.spec()));
        timed.submitTasks(request.build(), new Answer<>(batch, done));
    }

    private void end(String key, @Nullable Throwable failure) {
        Consumer<@Nullable Throwable> ended = ends.remove(key);
        if (ended != null) {
            ended.accept(failure);
        }
    }

    /** What one call of submission ends with. */
    private record Answer<T>(List<Submission> batch, Runnable done) implements StreamObserver<T> {
        @Override
        public void onNext(T response) {
            // The status follows.
        }

        @Override
        public void onError(Throwable failure) {
            tell(failure);
        }

        @Override
        public void onCompleted() {
            tell(null);
        }

        private void tell(@Nullable Throwable failure) {
            batch.forEach(submission -> submission.accepted().accept(failure));
            done.run();
        }
    }

    /** Changes of all tasks. */
    private final class Outcomes implements ClientResponseObserver<WatchTasksRequest, WatchTasksResponse> {
        private volatile @Nullable ClientCallStreamObserver<WatchTasksRequest> call;

        @Override
        public void beforeStart(ClientCallStreamObserver<WatchTasksRequest> stream) {
            call = stream;
        }

        @Override
        public void onNext(WatchTasksResponse response) {
            for (Task task : response.getTasksList()) {
                if (task.getState() == TaskState.TASK_STATE_SUCCEEDED) {
                    end(task.getSpec().getIdempotencyKey(), null);
                } else if (task.hasFinishedAt()) {
                    end(
                            task.getSpec().getIdempotencyKey(),
                            new IllegalStateException("a task ended as " + task.getState() + ": " + task.getError()));
                }
            }
        }

        @Override
        public void onError(Throwable failure) {
            if (outcomes == this) {
                List.copyOf(ends.keySet()).forEach(key -> end(key, failure));
            }
        }

        @Override
        public void onCompleted() {
            onError(new IllegalStateException("the watch ended"));
        }

        void cancel() {
            ClientCallStreamObserver<WatchTasksRequest> open = call;
            if (open != null) {
                open.cancel("no longer watched", null);
            }
        }
    }
}
