package io.dray.bench.mesh;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.ByteString;
import io.dray.agent.AgentSpec;
import io.dray.agent.Mesh;
import io.dray.agent.TaskHandle;
import io.dray.agent.TaskHandler;
import io.dray.agent.TaskOutcome;
import io.dray.agent.TaskRequest;
import io.dray.agent.TaskStatus;
import io.dray.agent.v1.Assignment;
import io.dray.agent.v1.AttachRequest;
import io.dray.agent.v1.AttachResponse;
import io.dray.agent.v1.AttemptUpdate;
import io.dray.agent.v1.ClaimTaskRequest;
import io.dray.agent.v1.CompleteTaskRequest;
import io.dray.agent.v1.CompleteTaskResponse;
import io.dray.agent.v1.ProgressTaskRequest;
import io.dray.agent.v1.WorkerServiceGrpc;
import io.dray.core.testing.Await;
import io.dray.core.wire.MeshError;
import io.dray.router.v1.TaskState;
import io.dray.types.v1.Code;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Tasks through each state. */
interface TaskContract extends OnMesh {
    Duration END = Duration.ofSeconds(30);

    @Test
    default void aTaskRunsWithProgressAndSucceeds() throws Exception {
        String capability = mesh().name("work");
        CountDownLatch seen = new CountDownLatch(1);
        worker(capability, "b", (task, context) -> {
            context.progress(50, "half");
            assertThat(seen.await(20, TimeUnit.SECONDS)).isTrue();
            return task.payload().toByteArray();
        });

        TaskHandle handle =
                submitter().submit(TaskRequest.forCapability(capability).payload("job"));
        Set<TaskState> states = watch(handle);
        Await.until(() -> "running in " + states, END, () -> states.contains(TaskState.TASK_STATE_RUNNING));
        seen.countDown();

        TaskOutcome outcome = handle.result().get(30, TimeUnit.SECONDS);
        assertThat(outcome).isInstanceOfSatisfying(TaskOutcome.Succeeded.class, succeeded -> {
            assertThat(succeeded.result().toStringUtf8()).isEqualTo("job");
            assertThat(succeeded.node()).isEqualTo("b");
            assertThat(succeeded.attempts()).isOne();
        });
        Await.until(() -> "the end in " + states, END, () -> states.contains(TaskState.TASK_STATE_SUCCEEDED));
    }

    @Test
    default void aParkedTaskGoesOnWithItsAnswer() throws Exception {
        String capability = mesh().name("work");
        worker(capability, "b", (_, context) -> context.park("may I?").getBytes(UTF_8));

        TaskHandle handle =
                submitter().submit(TaskRequest.forCapability(capability).payload("job"));
        Set<TaskState> states = watch(handle);
        Await.until(() -> "parked in " + states, END, () -> states.contains(TaskState.TASK_STATE_PARKED));
        handle.answer("yes".getBytes(UTF_8));

        TaskOutcome outcome = handle.result().get(30, TimeUnit.SECONDS);
        assertThat(outcome).isInstanceOfSatisfying(TaskOutcome.Succeeded.class, succeeded -> {
            assertThat(succeeded.result().toStringUtf8()).isEqualTo("yes");
            assertThat(succeeded.attempts()).isOne();
        });
    }

    @Test
    default void aClientThatDoesNotAttachClaimsAndCompletesATask() throws Exception {
        String capability = mesh().name("work");
        var worker = WorkerServiceGrpc.newBlockingStub(mesh().ownChannel("b")).withDeadlineAfter(60, TimeUnit.SECONDS);
        TaskHandle handle = submitter()
                .submit(TaskRequest.forCapability(capability).payload("job").retry(3, Duration.ofMillis(10)));
        ClaimTaskRequest claim = ClaimTaskRequest.newBuilder()
                .addCapabilities(capability)
                .setTimeout(com.google.protobuf.Duration.newBuilder().setSeconds(30))
                .build();

        Assignment first = worker.claimTask(claim).getAssignment();
        assertThat(first.getPayload().toStringUtf8()).isEqualTo("job");
        var progress =
                ProgressTaskRequest.newBuilder().setAttempt(first.getAttempt()).setPercent(50);
        assertThat(worker.progressTask(progress.build()).getCancelled()).isFalse();
        var failed = CompleteTaskRequest.newBuilder()
                .setAttempt(first.getAttempt())
                .setError(MeshError.of(Code.CODE_HANDLER_FAILED, "not now"))
                .build();
        assertThat(worker.completeTask(failed)).isEqualTo(CompleteTaskResponse.getDefaultInstance());

        Assignment second = worker.claimTask(claim).getAssignment();
        assertThat(second.getAttempt().getToken())
                .isGreaterThan(first.getAttempt().getToken());
        // The same call again is answered the same; one for what is over changes nothing.
        assertThat(worker.completeTask(failed)).isEqualTo(CompleteTaskResponse.getDefaultInstance());
        assertThat(MeshError.from(catchThrowable(() -> worker.progressTask(progress.build())))
                        .getCode())
                .isEqualTo(Code.CODE_FENCED);
        var done = CompleteTaskRequest.newBuilder()
                .setAttempt(second.getAttempt())
                .setResult(ByteString.copyFromUtf8("done"))
                .build();
        assertThat(worker.completeTask(done)).isEqualTo(CompleteTaskResponse.getDefaultInstance());

        assertThat(handle.result().get(30, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        TaskOutcome.Succeeded.class,
                        succeeded ->
                                assertThat(succeeded.result().toStringUtf8()).isEqualTo("done"));
    }

    @Test
    default void aTaskThatAClaimHoldsTooLongGoesToAnother() throws Exception {
        String capability = mesh().name("work");
        var worker = WorkerServiceGrpc.newBlockingStub(mesh().ownChannel("b")).withDeadlineAfter(60, TimeUnit.SECONDS);
        TaskHandle handle = submitter()
                .submit(TaskRequest.forCapability(capability).payload("job").retry(3, Duration.ofMillis(10)));
        ClaimTaskRequest claim = ClaimTaskRequest.newBuilder()
                .addCapabilities(capability)
                .setHold(com.google.protobuf.Duration.newBuilder().setSeconds(1))
                .build();

        Assignment silent = worker.claimTask(claim).getAssignment();
        Assignment next = worker.claimTask(claim).getAssignment();

        assertThat(next.getAttempt().getTaskId()).isEqualTo(silent.getAttempt().getTaskId());
        var late =
                CompleteTaskRequest.newBuilder().setAttempt(silent.getAttempt()).build();
        assertThat(MeshError.from(catchThrowable(() -> worker.completeTask(late)))
                        .getCode())
                .isEqualTo(Code.CODE_FENCED);
        var done =
                CompleteTaskRequest.newBuilder().setAttempt(next.getAttempt()).build();
        assertThat(worker.completeTask(done)).isEqualTo(CompleteTaskResponse.getDefaultInstance());
        assertThat(handle.result().get(30, TimeUnit.SECONDS)).isInstanceOf(TaskOutcome.Succeeded.class);
    }

    @Test
    default void aTaskIsAssignedUntilItsHandlerHasStarted() throws Exception {
        String capability = mesh().name("work");
        RawAgent worker = RawAgent.attach(
                mesh().ownChannel("a"),
                RawAgent.hello(mesh().name("worker"))
                        .addCapabilities(capability)
                        .setTaskSlots(1)
                        .build());
        TaskHandle handle =
                submitter().submit(TaskRequest.forCapability(capability).payload("job"));
        Set<TaskState> states = watch(handle);

        AttachResponse assigned = worker.await("an assignment", frame -> frame.getAssignmentsCount() > 0);
        Await.until(() -> "assigned in " + states, END, () -> states.contains(TaskState.TASK_STATE_ASSIGNED));
        assertThat(states).doesNotContain(TaskState.TASK_STATE_RUNNING);
        var attempt = assigned.getAssignments(0).getAttempt();
        worker.send(AttachRequest.newBuilder()
                .addAttempts(AttemptUpdate.newBuilder()
                        .setTaskId(attempt.getTaskId())
                        .setToken(attempt.getToken())
                        .setStarted(true)
                        .setDone(true))
                .build());

        assertThat(handle.result().get(30, TimeUnit.SECONDS).succeeded()).isTrue();
        worker.await(
                "that its outcome is stored", frame -> frame.getFinishedList().contains(attempt));
    }

    @Test
    default void aTaskIsPendingUntilThereIsAWorker() throws Exception {
        String capability = mesh().name("work");
        TaskHandle handle = submitter().submit(TaskRequest.forCapability(capability));
        Set<TaskState> states = watch(handle);
        Await.until(() -> "pending in " + states, END, () -> states.contains(TaskState.TASK_STATE_PENDING));

        worker(capability, "c", (_, _) -> new byte[0]);

        assertThat(handle.result().get(30, TimeUnit.SECONDS).succeeded()).isTrue();
    }

    @Test
    default void aTaskWaitsForItsTimeAndBetweenAttempts() throws Exception {
        String capability = mesh().name("work");
        AtomicInteger attempts = new AtomicInteger();
        worker(capability, "a", (_, _) -> {
            if (attempts.incrementAndGet() < 3) {
                throw new IllegalStateException("not yet");
            }
            return new byte[0];
        });

        TaskHandle handle = submitter()
                .submit(TaskRequest.forCapability(capability)
                        .notBefore(Duration.ofMillis(700))
                        .retry(5, Duration.ofMillis(300)));
        Set<TaskState> states = watch(handle);
        Await.until(() -> "waiting in " + states, END, () -> states.contains(TaskState.TASK_STATE_WAITING));
        assertThat(attempts).hasValue(0);

        TaskOutcome outcome = handle.result().get(30, TimeUnit.SECONDS);
        assertThat(outcome.succeeded()).isTrue();
        assertThat(outcome.attempts()).isEqualTo(3);
    }

    @Test
    default void aTaskFailsAfterItsLastAttempt() throws Exception {
        String capability = mesh().name("work");
        worker(capability, "b", (_, _) -> {
            throw new IllegalStateException("never");
        });

        TaskHandle handle =
                submitter().submit(TaskRequest.forCapability(capability).retry(2, Duration.ofMillis(50)));

        assertThat(handle.result().get(30, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(TaskOutcome.Failed.class, failed -> {
                    assertThat(failed.attempts()).isEqualTo(2);
                    assertThat(failed.error().getCode()).isEqualTo(Code.CODE_HANDLER_FAILED);
                    assertThat(failed.error().toString()).contains("never");
                });
    }

    @Test
    default void aTaskIsCancelledWhilePendingAndWhileRunning() throws Exception {
        Mesh submitter = submitter();
        TaskHandle pending = submitter.submit(TaskRequest.forCapability(mesh().name("work")));
        pending.cancel("not wanted");
        assertThat(pending.result().get(30, TimeUnit.SECONDS)).isInstanceOf(TaskOutcome.Cancelled.class);

        String capability = mesh().name("work");
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        worker(capability, "b", (_, context) -> {
            started.countDown();
            try {
                new CountDownLatch(1).await(20, TimeUnit.SECONDS);
            } finally {
                if (context.isCancelled()) {
                    cancelled.countDown();
                }
            }
            return new byte[0];
        });
        TaskHandle running = submitter.submit(TaskRequest.forCapability(capability));
        assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
        running.cancel("not wanted any more");

        assertThat(running.result().get(30, TimeUnit.SECONDS)).isInstanceOf(TaskOutcome.Cancelled.class);
        assertThat(cancelled.await(10, TimeUnit.SECONDS))
                .as("the handler is told")
                .isTrue();
    }

    @Test
    default void aTaskExpires() throws Exception {
        TaskHandle handle = submitter()
                .submit(TaskRequest.forCapability(mesh().name("work")).deadline(Duration.ofSeconds(2)));

        assertThat(handle.result().get(30, TimeUnit.SECONDS)).isInstanceOf(TaskOutcome.Expired.class);
    }

    @Test
    default void theSameKeyIsTheSameTask() throws Exception {
        Mesh submitter = submitter();
        String key = mesh().name("key");
        String capability = mesh().name("work");
        TaskRequest request = TaskRequest.forCapability(capability).idempotencyKey(key);

        TaskHandle first = submitter.submit(request);
        TaskHandle second = submitter.submit(request);

        assertThat(second.id()).isEqualTo(first.id());
        assertThat(first.existed()).isFalse();
        assertThat(second.existed()).isTrue();
    }

    @Test
    default void tasksAreSpreadOverTheNodesThatHaveFreeSlots() throws Exception {
        String capability = mesh().name("work");
        CountDownLatch all = new CountDownLatch(6);
        for (String node : List.of("a", "b", "c")) {
            worker(capability, node, (_, _) -> {
                all.countDown();
                assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
                return new byte[0];
            });
        }
        TaskRequest request = TaskRequest.forCapability(capability).resources(10, 1_000_000);

        List<TaskHandle> handles = submitter().submitAll(List.of(request, request, request, request, request, request));

        for (TaskHandle handle : handles) {
            assertThat(handle.result().get(30, TimeUnit.SECONDS).succeeded()).isTrue();
        }
    }

    private Mesh submitter() {
        return mesh().connect("a", AgentSpec.named(mesh().name("submitter")));
    }

    private void worker(String capability, String node, TaskHandler handler) {
        mesh().connect(
                        node,
                        AgentSpec.named(mesh().name("worker"))
                                .capability(capability)
                                .taskSlots(2)
                                .onTask(handler));
    }

    private static Set<TaskState> watch(TaskHandle handle) {
        Set<TaskState> states = new ConcurrentSkipListSet<>();
        handle.watch((TaskStatus status) -> states.add(status.state()));
        return states;
    }
}
