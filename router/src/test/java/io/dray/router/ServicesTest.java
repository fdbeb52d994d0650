package io.dray.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import io.dray.core.testing.Await;
import io.dray.core.wire.MeshError;
import io.dray.router.v1.AdminServiceGrpc;
import io.dray.router.v1.Attempt;
import io.dray.router.v1.AttemptEvent;
import io.dray.router.v1.CancelTaskRequest;
import io.dray.router.v1.GetStatusRequest;
import io.dray.router.v1.GetTaskRequest;
import io.dray.router.v1.ListAgentsRequest;
import io.dray.router.v1.ListNodesRequest;
import io.dray.router.v1.ListTasksRequest;
import io.dray.router.v1.ListTasksResponse;
import io.dray.router.v1.Progress;
import io.dray.router.v1.Resources;
import io.dray.router.v1.RetryPolicy;
import io.dray.router.v1.SubmitTaskRequest;
import io.dray.router.v1.SubmitTaskResponse;
import io.dray.router.v1.SubmitTasksRequest;
import io.dray.router.v1.Task;
import io.dray.router.v1.TaskServiceGrpc;
import io.dray.router.v1.TaskSpec;
import io.dray.router.v1.TaskState;
import io.dray.router.v1.WatchTasksRequest;
import io.dray.router.v1.WorkRequest;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.dray.types.v1.Priority;
import io.dray.types.v1.ReceiptLevel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ServicesTest {
    @TempDir
    private Path folder = Path.of("");

    private RouterInProcess router;
    private TaskServiceGrpc.TaskServiceBlockingStub tasks;
    private AdminServiceGrpc.AdminServiceBlockingStub admin;

    @BeforeEach
    void start() throws Exception {
        router = new RouterInProcess(folder.resolve("router.db"), Map.of());
        tasks = router.tasks();
        admin = router.admin();
    }

    @AfterEach
    void stop() {
        router.close();
    }

    private static TaskSpec.Builder spec() {
        return TaskSpec.newBuilder().setCapability("digest").setPayload(ByteString.copyFromUtf8("payload"));
    }

    private SubmitTaskResponse submit(TaskSpec.Builder spec) {
        return tasks.submitTask(SubmitTaskRequest.newBuilder()
                .setSpec(spec)
                .setPrincipal("uid:7")
                .build());
    }

    private Task get(String id) {
        return tasks.getTask(GetTaskRequest.newBuilder().setTaskId(id).build()).getTask();
    }

    private static Error errorOf(Runnable call) {
        return MeshError.from(catchThrowable(call::run));
    }

    private PlayedSidecar joined(String node) {
        return new PlayedSidecar(router.channel()).say(PlayedSidecar.hello(node));
    }

    @Test
    void aTaskGoesThroughItsWholeLife() {
        PlayedSidecar sidecar = joined("n");
        Task submitted = submit(spec()).getTask();
        assertThat(submitted.getSpec().getPriority()).isEqualTo(Priority.PRIORITY_NORMAL);
        assertThat(submitted.getSpec().getQueue()).isEqualTo("default");
        assertThat(submitted.getSpec().getRetry().getMaxAttempts()).isEqualTo(3);
        assertThat(submitted.getSpec().getPayload()).isEqualTo(ByteString.EMPTY);
        assertThat(submitted.getPrincipal()).isEqualTo("uid:7");

        var assignment = sidecar.assignment(0);
        assertThat(assignment.getPayload().toStringUtf8()).isEqualTo("payload");
        assertThat(assignment.getPrincipal()).isEqualTo("uid:7");
        assertThat(assignment.getAttemptNumber()).isEqualTo(1);
        sidecar.say(
                AttemptEvent.newBuilder().setAttempt(assignment.getAttempt()).setStarted(true));
        sidecar.say(AttemptEvent.newBuilder()
                .setAttempt(assignment.getAttempt())
                .setSucceeded(ByteString.copyFromUtf8("42")));

        var states = new ArrayList<TaskState>();
        tasks.watchTasks(WatchTasksRequest.newBuilder()
                        .addTaskIds(submitted.getTaskId())
                        .build())
                .forEachRemaining(frame -> frame.getTasksList().forEach(task -> states.add(task.getState())));
        assertThat(states.getLast()).isEqualTo(TaskState.TASK_STATE_SUCCEEDED);
        Task ended = get(submitted.getTaskId());
        assertThat(ended.getResult().toStringUtf8()).isEqualTo("42");
        assertThat(ended.getSpec().getPayload().toStringUtf8()).isEqualTo("payload");
        assertThat(ended.getNode()).isEqualTo("n");
        Await.until("both receipts", () -> sidecar.receipts().size() == 2);
        assertThat(sidecar.receipts()).allMatch(receipt -> receipt.getLevel() == ReceiptLevel.RECEIPT_LEVEL_STORED);
        assertThat(admin.getStatus(GetStatusRequest.getDefaultInstance()).getTasksMap())
                .containsEntry("SUCCEEDED", 1L);
    }

    @Test
    void aTaskThatEndedSaysUntilWhenItsResultIsKept() {
        Task submitted = submit(spec().setResultTtl(Duration.newBuilder().setSeconds(60)))
                .getTask();
        assertThat(submitted.hasResultUntil()).isFalse();

        var _ = tasks.cancelTask(
                CancelTaskRequest.newBuilder().setTaskId(submitted.getTaskId()).build());

        Task ended = get(submitted.getTaskId());
        assertThat(ended.getResultUntil().getSeconds())
                .isEqualTo(ended.getFinishedAt().getSeconds() + 60);
    }

    @Test
    void aLargeResultIsNotLostBehindALargePayload() {
        PlayedSidecar sidecar = joined("n");
        ByteString large = ByteString.copyFrom(new byte[3_900_000]);
        String id = submit(spec().setPayload(large)).getTask().getTaskId();
        var attempt = sidecar.assignment(0).getAttempt();
        assertThat(get(id).getSpec().getPayload()).isEqualTo(large);

        sidecar.say(AttemptEvent.newBuilder().setAttempt(attempt).setSucceeded(large));

        Await.until("the end", () -> get(id).getState() == TaskState.TASK_STATE_SUCCEEDED);
        assertThat(get(id).getResult()).isEqualTo(large);
        assertThat(get(id).getSerializedSize()).isLessThan(4 * 1024 * 1024);
    }

    @Test
    void anAttemptWhoseTaskIdIsNoneIsCancelledByTheIdThatWasSaid() {
        PlayedSidecar sidecar = joined("n");
        var made = Attempt.newBuilder().setTaskId("no task at all").setToken(7).build();

        sidecar.say(WorkRequest.newBuilder().addRunning(made).build());

        Await.until("the cancel", () -> !sidecar.cancels().isEmpty());
        assertThat(sidecar.cancels()).containsExactly(made);
    }

    @Test
    void aCancelReachesTheWorker() {
        PlayedSidecar sidecar = joined("n");
        String id = submit(spec()).getTask().getTaskId();
        var attempt = sidecar.assignment(0).getAttempt();

        Task wanted = tasks.cancelTask(
                        CancelTaskRequest.newBuilder().setTaskId(id).build())
                .getTask();
        assertThat(wanted.getCancelRequested()).isTrue();
        Await.until("the cancel", () -> sidecar.cancels().contains(attempt));
        sidecar.say(AttemptEvent.newBuilder().setAttempt(attempt).setCancelled(true));

        Await.until("the end", () -> get(id).getState() == TaskState.TASK_STATE_CANCELLED);
        assertThat(errorOf(() -> tasks.cancelTask(
                                CancelTaskRequest.newBuilder().setTaskId(id).build()))
                        .getCode())
                .isEqualTo(Code.CODE_TASK_FINISHED);
    }

    @Test
    void tasksSurviveTheRouter() throws Exception {
        String id = submit(spec().setIdempotencyKey("k")).getTask().getTaskId();
        router.close();
        start();

        assertThat(get(id).getState()).isEqualTo(TaskState.TASK_STATE_PENDING);
        assertThat(submit(spec().setIdempotencyKey("k")))
                .returns(true, SubmitTaskResponse::getExisted)
                .returns(id, response -> response.getTask().getTaskId());
        PlayedSidecar sidecar = joined("n");
        assertThat(sidecar.assignment(0).getPayload().toStringUtf8()).isEqualTo("payload");
        assertThat(sidecar.frames().getFirst().getWelcome().getEpoch()).isEqualTo(2);
    }

    @Test
    void aListPagesOverLiveAndFinishedTasksNewestFirst() {
        PlayedSidecar sidecar = joined("n");
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            ids.addFirst(submit(spec()).getTask().getTaskId());
            var attempt = sidecar.assignment(i).getAttempt();
            sidecar.say(AttemptEvent.newBuilder().setAttempt(attempt).setSucceeded(ByteString.EMPTY));
            ids.addFirst(submit(spec().setCapability("nobody").putLabels("kind", "waiting"))
                    .getTask()
                    .getTaskId());
        }
        Await.until("all receipts", () -> sidecar.receipts().size() == 4);

        List<String> paged = new ArrayList<>();
        String token = "";
        do {
            ListTasksResponse page = tasks.listTasks(ListTasksRequest.newBuilder()
                    .setPageSize(3)
                    .setPageToken(token)
                    .build());
            page.getTasksList().forEach(task -> paged.add(task.getTaskId()));
            token = page.getNextPageToken();
        } while (!token.isEmpty());

        assertThat(paged).isEqualTo(ids);
        assertThat(list(ListTasksRequest.newBuilder().addStates(TaskState.TASK_STATE_SUCCEEDED)))
                .hasSize(4);
        assertThat(list(ListTasksRequest.newBuilder().putLabels("kind", "waiting")))
                .hasSize(4);
        assertThat(list(ListTasksRequest.newBuilder().setCapability("digest"))).hasSize(4);
        assertThat(list(ListTasksRequest.newBuilder().setTenant("other"))).isEmpty();
    }

    @Test
    void aPageEndsBeforeItIsTooLargeForAClientAndTheNextGoesOn() {
        TaskSpec.Builder wordy = spec();
        for (int i = 0; i < 64; i++) {
            wordy.putLabels("label-" + i, "x".repeat(200));
        }
        for (int batch = 0; batch < 2; batch++) {
            tasks.submitTasks(SubmitTasksRequest.newBuilder()
                    .addAllSpecs(Collections.nCopies(150, wordy.build()))
                    .build());
        }

        List<Task> listed = new ArrayList<>();
        int pages = 0;
        String token = "";
        do {
            ListTasksResponse page = tasks.listTasks(ListTasksRequest.newBuilder()
                    .setPageSize(1_000)
                    .setPageToken(token)
                    .build());
            assertThat(page.getSerializedSize()).isLessThan(4 * 1024 * 1024);
            listed.addAll(page.getTasksList());
            token = page.getNextPageToken();
            pages++;
        } while (!token.isEmpty());

        assertThat(pages).isGreaterThan(1);
        assertThat(listed).extracting(Task::getTaskId).hasSize(300).doesNotHaveDuplicates();
    }

    @Test
    void whatAWorkerSaysOfAnAttemptIsKeptShort() {
        PlayedSidecar sidecar = joined("n");
        String id = submit(spec().setRetry(RetryPolicy.newBuilder().setMaxAttempts(1)))
                .getTask()
                .getTaskId();
        var attempt = sidecar.assignment(0).getAttempt();
        sidecar.say(AttemptEvent.newBuilder()
                .setAttempt(attempt)
                .setProgress(Progress.newBuilder().setPercent(5).setMessage("\u20ac".repeat(100_000))));
        Await.until("the progress", () -> get(id).getPercent() == 5);
        assertThat(get(id).getMessage()).isEqualTo("\u20ac".repeat(1024 / 3));

        sidecar.say(AttemptEvent.newBuilder()
                .setAttempt(attempt)
                .setFailed(Error.newBuilder()
                        .setCode(Code.CODE_HANDLER_FAILED)
                        .setMessage("m".repeat(1_000_000))
                        .setValue("v".repeat(1_000_000))));

        Await.until("the end", () -> get(id).getState() == TaskState.TASK_STATE_FAILED);
        assertThat(get(id).getError().getCode()).isEqualTo(Code.CODE_HANDLER_FAILED);
        assertThat(get(id).getError().getMessage()).startsWith("mmm");
        assertThat(get(id).getError().getSerializedSize()).isLessThan(4 * 1024);
    }

    @Test
    void aCheckpointThatDoesNotFitBesideThePayloadStopsNoAssignment() {
        PlayedSidecar sidecar = joined("n");
        ByteString large = ByteString.copyFrom(new byte[3 * 1024 * 1024]);
        submit(spec().setPayload(large));
        var attempt = sidecar.assignment(0).getAttempt();
        sidecar.say(AttemptEvent.newBuilder()
                .setAttempt(attempt)
                .setProgress(Progress.newBuilder().setCheckpoint(large)));
        sidecar.say(AttemptEvent.newBuilder()
                .setAttempt(attempt)
                .setFailed(MeshError.of(Code.CODE_HANDLER_FAILED, "once more")));

        var second = sidecar.assignment(1);

        assertThat(second.getPayload()).isEqualTo(large);
        assertThat(second.getSerializedSize()).isLessThan(4 * 1024 * 1024);
    }

    private List<Task> list(ListTasksRequest.Builder request) {
        return tasks.listTasks(request.build()).getTasksList();
    }

    static Stream<Arguments> badSpecs() {
        return Stream.of(
                Arguments.of(spec().clearCapability(), Code.CODE_MISSING_FIELD),
                Arguments.of(spec().setCapability("Not A Name"), Code.CODE_BAD_NAME),
                Arguments.of(spec().setQueue("-"), Code.CODE_BAD_NAME),
                Arguments.of(spec().setPool("other"), Code.CODE_INVALID_REQUEST),
                Arguments.of(spec().setPriorityValue(9), Code.CODE_INVALID_REQUEST),
                Arguments.of(
                        spec().setPayload(ByteString.copyFrom(new byte[TaskChecks.MAX_PAYLOAD_BYTES + 1])),
                        Code.CODE_TOO_LARGE),
                Arguments.of(spec().setType("x".repeat(257)), Code.CODE_TOO_LARGE),
                Arguments.of(spec().putLabels("a", "x".repeat(40_000)), Code.CODE_HEADER_TOO_LARGE),
                Arguments.of(spec().setResources(Resources.newBuilder().setCpuMillis(-1)), Code.CODE_INVALID_REQUEST),
                Arguments.of(spec().setRetry(RetryPolicy.newBuilder().setMaxAttempts(101)), Code.CODE_INVALID_REQUEST),
                Arguments.of(spec().setDeadline(Timestamp.newBuilder().setSeconds(1)), Code.CODE_EXPIRED),
                Arguments.of(spec().setResultTtl(Duration.newBuilder().setSeconds(-1)), Code.CODE_INVALID_REQUEST),
                Arguments.of(
                        spec().setResultTtl(Duration.newBuilder().setSeconds(400_000_000)), Code.CODE_INVALID_REQUEST),
                Arguments.of(
                        spec().setDeadline(Timestamp.newBuilder().setSeconds(Long.MAX_VALUE)),
                        Code.CODE_INVALID_REQUEST));
    }

    @ParameterizedTest
    @MethodSource("badSpecs")
    void aBadSpecIsRefusedWithItsCodeAndExpectation(TaskSpec.Builder bad, Code code) {
        Error error = errorOf(() -> submit(bad));

        assertThat(error.getCode()).isEqualTo(code);
        assertThat(error.getExpected()).isNotEmpty();
        assertThat(list(ListTasksRequest.newBuilder())).isEmpty();
    }

    @Test
    void aBatchIsTakenWholeOrNamesTheBadIndex() {
        SubmitTasksRequest.Builder batch = SubmitTasksRequest.newBuilder();
        for (int i = 0; i < 1_000; i++) {
            batch.addSpecs(spec());
        }
        assertThat(tasks.submitTasks(batch.build()).getSubmittedList()).hasSize(1_000);

        SubmitTasksRequest bad =
                batch.clone().setSpecs(7, spec().clearCapability()).build();
        assertThat(errorOf(() -> tasks.submitTasks(bad)).getMessage()).startsWith("specs[7]: ");
        SubmitTasksRequest tooMany = batch.clone().addSpecs(spec()).build();
        assertThat(errorOf(() -> tasks.submitTasks(tooMany)).getCode()).isEqualTo(Code.CODE_INVALID_REQUEST);
        assertThat(errorOf(() -> tasks.submitTasks(SubmitTasksRequest.getDefaultInstance()))
                        .getCode())
                .isEqualTo(Code.CODE_INVALID_REQUEST);
        assertThat(admin.getStatus(GetStatusRequest.getDefaultInstance()).getTasksMap())
                .containsEntry("PENDING", 1_000L);
    }

    @Test
    void anUnknownTaskIsNamed() {
        for (String id : List.of("nonsense", "00000000000000ff")) {
            assertThat(errorOf(() -> get(id)))
                    .returns(Code.CODE_NO_SUCH_TASK, Error::getCode)
                    .returns(id, Error::getValue);
            var watch = WatchTasksRequest.newBuilder().addTaskIds(id).build();
            assertThat(errorOf(() -> tasks.watchTasks(watch).forEachRemaining(_ -> {}))
                            .getCode())
                    .isEqualTo(Code.CODE_NO_SUCH_TASK);
        }
    }

    @Test
    void aWorkStreamThatBreaksTheRulesIsEndedAlone() {
        PlayedSidecar good = joined("n");
        var noHello = new PlayedSidecar(router.channel()).say(WorkRequest.getDefaultInstance());
        assertThat(noHello.failure().getCode()).isEqualTo(Code.CODE_HELLO_EXPECTED);
        var badName = new PlayedSidecar(router.channel()).say(PlayedSidecar.hello("NOT A NAME"));
        assertThat(badName.failure().getCode()).isEqualTo(Code.CODE_BAD_NAME);
        var version = new PlayedSidecar(router.channel())
                .say(PlayedSidecar.hello("v")
                        .setVersion(PlayedSidecar.VERSION.toBuilder().setMajor(2)));
        assertThat(version.failure().getCode()).isEqualTo(Code.CODE_UNSUPPORTED_VERSION);
        var twice = joined("m").say(PlayedSidecar.hello("m"));
        assertThat(twice.failure().getCode()).isEqualTo(Code.CODE_HELLO_EXPECTED);

        submit(spec());

        assertThat(good.assignment(0).getInstance()).isEqualTo("w/1@n");
    }

    @Test
    void eachReportIsAnsweredAndAGoodbyeEndsTheStream() {
        PlayedSidecar sidecar = joined("n");
        sidecar.say(WorkRequest.newBuilder().setReport(PlayedSidecar.report(2)).build());
        Await.until("both reports", () -> sidecar.frames().stream().anyMatch(frame -> frame.getReportsThrough() == 2));

        sidecar.goodbye();

        Await.until("the end", sidecar::isCompleted);
    }

    @Test
    void peopleSeeNodesAgentsAndReports() {
        PlayedSidecar sidecar = joined("n");
        Await.until("the welcome", () -> !sidecar.frames().isEmpty());

        var nodes = admin.listNodes(ListNodesRequest.getDefaultInstance()).getNodesList();

        assertThat(nodes).singleElement().satisfies(node -> {
            assertThat(node.getNode()).isEqualTo("n");
            assertThat(node.getFreeCpuMillis()).isEqualTo(2_000);
            assertThat(node.getReport().getNumber()).isEqualTo(1);
            assertThat(node.getWorkers(0).getTotal()).isEqualTo(4);
        });
        assertThat(admin.listAgents(ListAgentsRequest.getDefaultInstance()).getAgentsList())
                .isEmpty();
    }
}
