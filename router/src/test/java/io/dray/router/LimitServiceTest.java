package io.dray.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.dray.core.wire.MeshError;
import io.dray.router.v1.AdminServiceGrpc;
import io.dray.router.v1.GetTaskRequest;
import io.dray.router.v1.Limit;
import io.dray.router.v1.ListLimitsRequest;
import io.dray.router.v1.SetLimitRequest;
import io.dray.router.v1.SubmitTaskRequest;
import io.dray.router.v1.Task;
import io.dray.router.v1.TaskServiceGrpc;
import io.dray.router.v1.TaskSpec;
import io.dray.router.v1.TaskState;
import io.dray.router.v1.WaitingReason;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.nio.file.Path;
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

class LimitServiceTest {
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

    private Limit set(Limit.Builder limit) {
        return admin.setLimit(SetLimitRequest.newBuilder().setLimit(limit).build())
                .getLimit();
    }

    private List<Limit> list() {
        return admin.listLimits(ListLimitsRequest.getDefaultInstance()).getLimitsList();
    }

    private Task submit(String queue) {
        var spec = TaskSpec.newBuilder().setCapability("digest").setQueue(queue);
        return tasks.submitTask(SubmitTaskRequest.newBuilder().setSpec(spec).build())
                .getTask();
    }

    @Test
    void limitsAreListedWithWhatTheyCountAndSurviveTheRouter() throws Exception {
        new PlayedSidecar(router.channel()).say(PlayedSidecar.hello("n"));
        set(Limit.newBuilder().setCapability("index").setRatePerS(0.5).setBurst(3));
        set(Limit.newBuilder().setQueue("nightly").setMaxRunning(1).setRunning(7));
        submit("nightly");
        Task held = submit("nightly");
        submit("default");

        assertThat(list())
                .containsExactly(
                        Limit.newBuilder()
                                .setCapability("index")
                                .setRatePerS(0.5)
                                .setBurst(3)
                                .build(),
                        Limit.newBuilder().setQueue("default").setRunning(1).build(),
                        Limit.newBuilder()
                                .setQueue("nightly")
                                .setMaxRunning(1)
                                .setRunning(1)
                                .setHeldBack(1)
                                .build());
        router.close();
        start();

        assertThat(list()).hasSize(3);
        Task still = tasks.getTask(
                        GetTaskRequest.newBuilder().setTaskId(held.getTaskId()).build())
                .getTask();
        assertThat(List.of(held, still))
                .allMatch(task -> task.getState() == TaskState.TASK_STATE_WAITING
                        && task.getWaitingReason() == WaitingReason.WAITING_REASON_QUEUE_LIMIT
                        && !task.hasNotBefore());
    }

    @Test
    void aStrictQueueNamesTheCapabilityThatNobodyOffers() {
        set(Limit.newBuilder().setQueue("checked").setStrict(true));

        Error error = MeshError.from(catchThrowable(() -> submit("checked")));

        assertThat(error.getCode()).isEqualTo(Code.CODE_NO_SUCH_DESTINATION);
        assertThat(error.getValue()).isEqualTo("digest");
        assertThat(submit("default").getState()).isEqualTo(TaskState.TASK_STATE_PENDING);
    }

    static Stream<Arguments> badLimits() {
        return Stream.of(
                Arguments.of(Limit.newBuilder().setMaxRunning(1), "neither"),
                Arguments.of(Limit.newBuilder().setQueue("a").setCapability("b"), "queue a, capability b"),
                Arguments.of(Limit.newBuilder().setQueue("Not A Name"), "Not A Name"),
                Arguments.of(Limit.newBuilder().setCapability("-"), "-"),
                Arguments.of(Limit.newBuilder().setQueue("a").setMaxRunning(-1), "4294967295"),
                Arguments.of(Limit.newBuilder().setQueue("a").setRatePerS(-1), "-1.0"),
                Arguments.of(Limit.newBuilder().setQueue("a").setRatePerS(Double.NaN), "NaN"),
                Arguments.of(Limit.newBuilder().setQueue("a").setRatePerS(Double.POSITIVE_INFINITY), "Infinity"),
                Arguments.of(Limit.newBuilder().setQueue("a").setRatePerS(1).setBurst(-1), "4294967295"),
                Arguments.of(Limit.newBuilder().setQueue("a").setBurst(5), "5"),
                Arguments.of(Limit.newBuilder().setCapability("a").setStrict(true), "capability a"));
    }

    @ParameterizedTest
    @MethodSource("badLimits")
    void aBadLimitIsRefusedWithItsValueAndExpectation(Limit.Builder bad, String value) {
        Error error = MeshError.from(catchThrowable(() -> set(bad)));

        assertThat(error.getCode()).isIn(Code.CODE_INVALID_REQUEST, Code.CODE_BAD_NAME);
        assertThat(error.getValue()).isEqualTo(value);
        assertThat(error.getExpected()).isNotEmpty();
        assertThat(list()).isEmpty();
    }
}
