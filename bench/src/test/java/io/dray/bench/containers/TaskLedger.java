package io.dray.bench.containers;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.core.testing.Await;
import io.dray.router.v1.GetTaskRequest;
import io.dray.router.v1.ListTasksRequest;
import io.dray.router.v1.RetryPolicy;
import io.dray.router.v1.SubmitTaskRequest;
import io.dray.router.v1.Task;
import io.dray.router.v1.TaskServiceGrpc.TaskServiceBlockingStub;
import io.dray.router.v1.TaskSpec;
import io.dray.router.v1.TaskState;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What was submitted, each task with a result of its own, against what the router says in the end. */
final class TaskLedger {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration WORK = Duration.ofMinutes(5);
    private static final int PAGE = 1000;

    private final Containers containers;
    private final Map<String, String> expected = new LinkedHashMap<>();
    private List<Task> seen = List.of();

    TaskLedger(Containers containers) {
        this.containers = containers;
    }

    /** Submits so many tasks; the one with n words has the result n. */
    void submit(int count) {
        atRouter(router -> {
            for (int i = 0; i < count; i++) {
                int words = expected.size() + 1;
                TaskSpec spec = TaskSpec.newBuilder()
                        .setCapability("wordcount")
                        .setRetry(RetryPolicy.newBuilder().setMaxAttempts(10))
                        .setPayload(ByteString.copyFromUtf8("word ".repeat(words)))
                        .build();
                var wish = SubmitTaskRequest.newBuilder().setSpec(spec).build();
                expected.put(router.submitTask(wish).getTask().getTaskId(), Integer.toString(words));
            }
            return count;
        });
    }

    /** Waits until all tasks have ended; each succeeded with its own result, and there is no other. */
    List<Task> awaitBalanced() {
        Await.until(() -> "the end of all tasks: " + seen, WORK, this::haveAllEnded);
        Map<String, String> results = atRouter(router -> resultsOf(seen, router));
        assertThat(results).containsExactlyInAnyOrderEntriesOf(expected);
        return seen;
    }

    private boolean haveAllEnded() {
        try {
            seen = atRouter(TaskLedger::list);
        } catch (StatusRuntimeException _) {
            return false;
        }
        return seen.size() >= expected.size()
                && seen.stream().allMatch(task -> task.getState().getNumber() >= TaskState.TASK_STATE_SUCCEEDED_VALUE);
    }

    private static List<Task> list(TaskServiceBlockingStub router) {
        List<Task> tasks = new ArrayList<>();
        var next = ListTasksRequest.newBuilder().setPageSize(PAGE);
        do {
            var page = router.listTasks(next.build());
            tasks.addAll(page.getTasksList());
            next.setPageToken(page.getNextPageToken());
        } while (!next.getPageToken().isEmpty());
        return tasks;
    }

    private static Map<String, String> resultsOf(List<Task> tasks, TaskServiceBlockingStub router) {
        Map<String, String> results = new LinkedHashMap<>();
        for (Task task : tasks) {
            assertThat(task.getState()).as(task::toString).isEqualTo(TaskState.TASK_STATE_SUCCEEDED);
            var request =
                    GetTaskRequest.newBuilder().setTaskId(task.getTaskId()).build();
            String result = router.getTask(request).getTask().getResult().toStringUtf8();
            assertThat(results.put(task.getTaskId(), result))
                    .as("second entry of a task")
                    .isNull();
        }
        return results;
    }

    private <T> T atRouter(Function<TaskServiceBlockingStub, T> call) {
        return call.apply(containers.router().tasks(PATIENCE));
    }
}
