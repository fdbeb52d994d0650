package io.dray.bench.crash;

import io.dray.router.v1.ListTasksRequest;
import io.dray.router.v1.ListTasksResponse;
import io.dray.router.v1.Task;
import io.dray.router.v1.TaskServiceGrpc;
import io.dray.router.v1.TaskState;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Reads all tasks of a router once none is live any more. */
final class RouterTasks {
    private static final int PAGE = 1_000;
    private static final long POLL_MILLIS = 500;
    private static final int CALL_SECONDS = 20;

    private RouterTasks() {}

    static Map<String, Task> whenFinished(String router, Duration patience) throws InterruptedException {
        ManagedChannel channel =
                ManagedChannelBuilder.forTarget(router).usePlaintext().build();
        try {
            long end = System.nanoTime() + patience.toNanos();
            while (true) {
                Map<String, Task> tasks = read(channel);
                boolean finished = tasks.values().stream().allMatch(task -> isFinished(task.getState()));
                if (finished || System.nanoTime() > end) {
                    return tasks;
                }
                Thread.sleep(POLL_MILLIS);
            }
        } finally {
            channel.shutdownNow();
        }
    }

    private static Map<String, Task> read(ManagedChannel channel) {
        Map<String, Task> tasks = new HashMap<>();
        String page = "";
        do {
            ListTasksRequest request = ListTasksRequest.newBuilder()
                    .setPageSize(PAGE)
                    .setPageToken(page)
                    .build();
            ListTasksResponse response = TaskServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS)
                    .listTasks(request);
            response.getTasksList().forEach(task -> tasks.put(task.getTaskId(), task));
            page = response.getNextPageToken();
        } while (!page.isEmpty());
        return tasks;
    }

    private static boolean isFinished(TaskState state) {
        return switch (state) {
            case TASK_STATE_SUCCEEDED, TASK_STATE_FAILED, TASK_STATE_CANCELLED, TASK_STATE_EXPIRED -> true;
            case TASK_STATE_UNSPECIFIED,
                    TASK_STATE_WAITING,
                    TASK_STATE_PENDING,
                    TASK_STATE_ASSIGNED,
                    TASK_STATE_RUNNING,
                    TASK_STATE_PARKED,
                    UNRECOGNIZED -> false;
        };
    }
}
