package io.dray.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.dray.core.testing.Await;
import io.dray.core.wire.MeshError;
import io.dray.router.v1.CancelTaskRequest;
import io.dray.router.v1.CancelTaskResponse;
import io.dray.router.v1.SubmitTaskResponse;
import io.dray.router.v1.SubmitTasksRequest;
import io.dray.router.v1.SubmitTasksResponse;
import io.dray.router.v1.Task;
import io.dray.router.v1.TaskServiceGrpc;
import io.dray.router.v1.TaskSpec;
import io.dray.router.v1.TaskState;
import io.dray.router.v1.WatchTasksRequest;
import io.dray.router.v1.WatchTasksResponse;
import io.dray.types.v1.Code;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TaskClientTest {
    private static final TaskRequest TASK = TaskRequest.forCapability("dig").payload("x");

    private final FakeTaskService service = new FakeTaskService();
    private MeshFixture fixture;
    private Mesh mesh;

    @BeforeEach
    void start() throws IOException {
        fixture = new MeshFixture(service);
        mesh = fixture.attach(AgentSpec.named("tester"), MeshFixture.CONFIG.withRequestTimeout(Duration.ofSeconds(5)));
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void triesAgainUnderOneKeyWhileTheRouterIsAway() {
        service.failures.add(Code.CODE_ROUTER_UNAVAILABLE);
        service.failures.add(Code.CODE_STORE_FAILED);

        var handle = mesh.submit(TASK);

        assertThat(handle.id()).isEqualTo("task-1");
        assertThat(service.submitted).hasSize(3);
        assertThat(service.submitted)
                .extracting(request -> request.getSpecs(0).getIdempotencyKey())
                .doesNotContain("")
                .containsOnly(service.submitted.getFirst().getSpecs(0).getIdempotencyKey());
    }

    @Test
    void throwsWhatTheRouterRefuses() {
        service.failures.add(Code.CODE_KEY_CONFLICT);

        assertThatThrownBy(() -> mesh.submit(TASK))
                .isInstanceOfSatisfying(
                        MeshException.class, e -> assertThat(e.code()).isEqualTo(Code.CODE_KEY_CONFLICT));
        assertThat(service.submitted).hasSize(1);
    }

    @Test
    void givesUpWithTheLastRefusalAtTheTimeout() {
        var impatient = fixture.attach(
                AgentSpec.named("tester"), MeshFixture.CONFIG.withRequestTimeout(Duration.ofMillis(100)));
        for (int i = 0; i < 100; i++) {
            service.failures.add(Code.CODE_ROUTER_UNAVAILABLE);
        }

        assertThatThrownBy(() -> impatient.submit(TASK)).hasMessageContaining("ROUTER_UNAVAILABLE");
    }

    @Test
    void splitsLargeBatchesAndKeepsTheirOrder() {
        List<TaskRequest> tasks = new ArrayList<>();
        for (int i = 0; i < 2_500; i++) {
            tasks.add(TASK.label("n", Integer.toString(i)));
        }

        var handles = mesh.submitAll(tasks);

        assertThat(service.submitted)
                .extracting(SubmitTasksRequest::getSpecsCount)
                .containsExactly(1_000, 1_000, 500);
        assertThat(handles).hasSize(2_500);
        assertThat(handles.get(2_499).id()).isEqualTo("task-2500");
    }

    @Test
    void completesResultsByOneWatchAndOpensItAgainWhenItBreaks() {
        var handles = mesh.submitAll(List.of(TASK, TASK, TASK));
        var results = handles.stream().map(TaskHandle::result).toList();
        service.awaitWatch(1);
        assertThat(service.watches.getFirst().getTaskIdsList()).containsExactlyInAnyOrder("task-1", "task-2", "task-3");

        service.tell("task-1", TaskState.TASK_STATE_SUCCEEDED);
        assertThat(results.getFirst().join()).isInstanceOfSatisfying(TaskOutcome.Succeeded.class, outcome -> {
            assertThat(outcome.result().toStringUtf8()).isEqualTo("done");
            assertThat(outcome.attempts()).isEqualTo(2);
        });
        service.breakWatch();
        service.awaitWatch(2);

        assertThat(service.watches.getLast().getTaskIdsList()).containsExactlyInAnyOrder("task-2", "task-3");
        service.tell("task-2", TaskState.TASK_STATE_CANCELLED);
        service.tell("task-3", TaskState.TASK_STATE_FAILED);
        assertThat(results.get(1).join()).isInstanceOf(TaskOutcome.Cancelled.class);
        assertThat(results.get(2).join()).isInstanceOf(TaskOutcome.Failed.class);
    }

    @Test
    void tellsListenersOfEachChangeInOrder() {
        var handle = mesh.submit(TASK);
        var seen = Collections.synchronizedList(new ArrayList<TaskState>());
        handle.watch(status -> seen.add(status.state()));
        service.awaitWatch(1);

        service.tell("task-1", TaskState.TASK_STATE_PENDING);
        service.tell("task-1", TaskState.TASK_STATE_RUNNING);
        service.tell("task-1", TaskState.TASK_STATE_SUCCEEDED);

        Await.until("all changes", () -> seen.size() == 3);
        assertThat(seen)
                .containsExactly(
                        TaskState.TASK_STATE_PENDING, TaskState.TASK_STATE_RUNNING, TaskState.TASK_STATE_SUCCEEDED);
    }

    @Test
    void passesTheWishToCancelOn() {
        mesh.submit(TASK).cancel("enough");

        assertThat(service.cancelled).containsExactly("task-1 enough");
    }

    /** A router that takes everything, but for the failures it was told; it says of tasks what the test says. */
    private static final class FakeTaskService extends TaskServiceGrpc.TaskServiceImplBase {
        private final Queue<Code> failures = new ConcurrentLinkedQueue<>();
        private final List<SubmitTasksRequest> submitted = Collections.synchronizedList(new ArrayList<>());
        private final List<WatchTasksRequest> watches = Collections.synchronizedList(new ArrayList<>());
        private final List<StreamObserver<WatchTasksResponse>> watchers =
                Collections.synchronizedList(new ArrayList<>());
        private final List<String> cancelled = Collections.synchronizedList(new ArrayList<>());
        private int tasks;

        @Override
        public void submitTasks(SubmitTasksRequest request, StreamObserver<SubmitTasksResponse> response) {
            submitted.add(request);
            Code failure = failures.poll();
            if (failure != null) {
                response.onError(MeshError.toStatus(MeshError.of(failure, "as the test wants")));
                return;
            }
            var taken = SubmitTasksResponse.newBuilder();
            for (TaskSpec spec : request.getSpecsList()) {
                taken.addSubmitted(SubmitTaskResponse.newBuilder()
                        .setTask(Task.newBuilder().setTaskId("task-" + ++tasks).setSpec(spec)));
            }
            response.onNext(taken.build());
            response.onCompleted();
        }

        @Override
        public void watchTasks(WatchTasksRequest request, StreamObserver<WatchTasksResponse> response) {
            watchers.add(response);
            watches.add(request);
        }

        @Override
        public void cancelTask(CancelTaskRequest request, StreamObserver<CancelTaskResponse> response) {
            cancelled.add(request.getTaskId() + " " + request.getReason());
            response.onNext(CancelTaskResponse.getDefaultInstance());
            response.onCompleted();
        }

        void awaitWatch(int count) {
            Await.until(count + " watches", () -> watches.size() >= count);
        }

        void tell(String task, TaskState state) {
            watchers.getLast()
                    .onNext(WatchTasksResponse.newBuilder()
                            .addTasks(Task.newBuilder()
                                    .setTaskId(task)
                                    .setState(state)
                                    .setAttempts(2)
                                    .setResult(ByteString.copyFromUtf8("done")))
                            .build());
        }

        void breakWatch() {
            watchers.getLast()
                    .onError(MeshError.toStatus(MeshError.of(Code.CODE_ROUTER_UNAVAILABLE, "as the test wants")));
        }
    }
}
