package io.dray.bench.crash;

import io.dray.router.v1.ListTasksRequest;
import io.dray.router.v1.ListTasksResponse;
import io.dray.router.v1.TaskServiceGrpc;
import io.dray.router.v1.TaskState;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Reads all tasks of the routers once none is live any more; whichever router answers is asked. */
final class RouterTasks implements AutoCloseable {
    private static final int PAGE = 1_000;
    private static final long POLL_MILLIS = 500;
    private static final int CALL_SECONDS = 20;
    private static final List<TaskState> LIVE = List.of(
            TaskState.TASK_STATE_WAITING,
            TaskState.TASK_STATE_PENDING,
            TaskState.TASK_STATE_ASSIGNED,
            TaskState.TASK_STATE_RUNNING,
            TaskState.TASK_STATE_PARKED);

    private final List<ManagedChannel> channels = new ArrayList<>();
    private int current;

    private RouterTasks(List<String> routers) {
        routers.forEach(router -> channels.add(
                ManagedChannelBuilder.forTarget(router).usePlaintext().build()));
    }

    /** Returns all tasks by their ids; those that are live after a while are among them. */
    static Map<String, RoutersTask> whenFinished(List<String> routers, Duration patience) throws InterruptedException {
        try (RouterTasks tasks = new RouterTasks(routers)) {
            long end = System.nanoTime() + patience.toNanos();
            while (tasks.isAnyLive(end) && System.nanoTime() < end) {
                Thread.sleep(POLL_MILLIS);
            }
            return tasks.read(ListTasksRequest.newBuilder(), System.nanoTime() + patience.toNanos());
        }
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
    }

    private boolean isAnyLive(long end) throws InterruptedException {
        ListTasksRequest.Builder request = ListTasksRequest.newBuilder().addAllStates(LIVE);
        return !read(request, end).isEmpty();
    }

    private Map<String, RoutersTask> read(ListTasksRequest.Builder request, long end) throws InterruptedException {
        Map<String, RoutersTask> tasks = new HashMap<>();
        String page = "";
        do {
            ListTasksResponse response =
                    list(request.setPageSize(PAGE).setPageToken(page).build(), end);
            response.getTasksList().forEach(task -> tasks.put(task.getTaskId(), RoutersTask.of(task)));
            page = response.getNextPageToken();
        } while (!page.isEmpty());
        return tasks;
    }

    /** Asks one router after the other until one answers: only the owner of the tasks may be able to. */
    private ListTasksResponse list(ListTasksRequest request, long end) throws InterruptedException {
        while (true) {
            try {
                return TaskServiceGrpc.newBlockingStub(channels.get(current))
                        .withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS)
                        .listTasks(request);
            } catch (StatusRuntimeException failure) {
                if (System.nanoTime() > end) {
                    throw failure;
                }
                current = (current + 1) % channels.size();
                Thread.sleep(POLL_MILLIS);
            }
        }
    }
}
