package io.dray.bench.tasks;

import io.dray.bench.mesh.LocalMesh;
import io.dray.router.v1.AdminServiceGrpc;
import io.dray.router.v1.GetStatusRequest;
import io.dray.router.v1.GetTaskRequest;
import io.dray.router.v1.Resources;
import io.dray.router.v1.SubmitTasksRequest;
import io.dray.router.v1.SubmitTasksResponse;
import io.dray.router.v1.TaskServiceGrpc;
import io.dray.router.v1.TaskSpec;
import io.dray.router.v1.TaskState;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Small questions to a router about its tasks; each blocks its caller. Thread-safe. */
final class RouterTasks {
    private static final Duration SETTLING = Duration.ofSeconds(30);
    private static final int CALL_SECONDS = 60;
    private static final Set<String> LIVE = Set.of("WAITING", "PENDING", "ASSIGNED", "RUNNING", "PARKED");

    private final Channel channel;

    RouterTasks(Channel channel) {
        this.channel = channel;
    }

    /** Connects to the router of a mesh on first use; the caller shuts the channel down. */
    static ManagedChannel open(LocalMesh mesh) {
        return ManagedChannelBuilder.forTarget(mesh.routerAddress())
                .usePlaintext()
                .proxyDetector(_ -> null)
                .build();
    }

    /** A task that needs next to nothing, so that slots alone bound how many run. */
    static TaskSpec.Builder spec(String capability, String key) {
        return TaskSpec.newBuilder()
                .setCapability(capability)
                .setIdempotencyKey(key)
                .setResources(Resources.newBuilder().setCpuMillis(1).setMemoryBytes(1));
    }

    /** How many tasks there are in each state; states without tasks are left out. */
    Map<String, Long> count() {
        return AdminServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS)
                .getStatus(GetStatusRequest.getDefaultInstance())
                .getTasksMap();
    }

    /** Returns when no task is live, or after half a minute. */
    void awaitNoneLive() throws InterruptedException {
        boolean isSettled =
                Patience.until(SETTLING, () -> count().keySet().stream().noneMatch(LIVE::contains));
        if (!isSettled) {
            throw new IllegalStateException("tasks are left after " + SETTLING + ": " + count());
        }
    }

    /** Submits all in one commit; returns their ids. */
    List<String> submit(List<TaskSpec> specs) {
        SubmitTasksResponse response = TaskServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS)
                .submitTasks(SubmitTasksRequest.newBuilder().addAllSpecs(specs).build());
        return response.getSubmittedList().stream()
                .map(submitted -> submitted.getTask().getTaskId())
                .toList();
    }

    /** Submits one task; empty when nobody took it within the time. */
    Optional<String> submit(TaskSpec spec, Duration patience) {
        try {
            var submitted = TaskServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS)
                    .submitTasks(SubmitTasksRequest.newBuilder().addSpecs(spec).build());
            return Optional.of(submitted.getSubmitted(0).getTask().getTaskId());
        } catch (StatusRuntimeException _) {
            return Optional.empty();
        }
    }

    /** Whether a task has succeeded; false also when nobody answers within the time. */
    boolean hasSucceeded(String id, Duration patience) {
        return state(id, patience)
                .filter(TaskState.TASK_STATE_SUCCEEDED::equals)
                .isPresent();
    }

    /** Where a task is; empty when nobody answers within the time, or nobody knows it. */
    Optional<TaskState> state(String id, Duration patience) {
        try {
            return Optional.of(TaskServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS)
                    .getTask(GetTaskRequest.newBuilder().setTaskId(id).build())
                    .getTask()
                    .getState());
        } catch (StatusRuntimeException _) {
            return Optional.empty();
        }
    }
}
