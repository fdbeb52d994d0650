package io.dray.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.ByteString;
import io.dray.core.testing.Await;
import io.dray.core.wire.MeshError;
import io.dray.router.v1.AdminServiceGrpc;
import io.dray.router.v1.AttemptEvent;
import io.dray.router.v1.CordonNodeRequest;
import io.dray.router.v1.ExplainTaskRequest;
import io.dray.router.v1.ExplainTaskResponse;
import io.dray.router.v1.ListNodesRequest;
import io.dray.router.v1.NodeVerdict;
import io.dray.router.v1.Placement;
import io.dray.router.v1.PlacementFilter;
import io.dray.router.v1.Resources;
import io.dray.router.v1.SubmitTaskRequest;
import io.dray.router.v1.Task;
import io.dray.router.v1.TaskServiceGrpc;
import io.dray.router.v1.TaskSpec;
import io.dray.router.v1.WorkResponse;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ExplainServiceTest {
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
        return TaskSpec.newBuilder().setCapability("digest");
    }

    private static TaskSpec.Builder placed(Consumer<Placement.Builder> wishes) {
        Placement.Builder placement = Placement.newBuilder();
        wishes.accept(placement);
        return spec().setPlacement(placement);
    }

    private Task submit(TaskSpec.Builder spec) {
        return tasks.submitTask(SubmitTaskRequest.newBuilder().setSpec(spec).build())
                .getTask();
    }

    private ExplainTaskResponse explain(String id) {
        return tasks.explainTask(ExplainTaskRequest.newBuilder().setTaskId(id).build());
    }

    private ExplainTaskResponse whatIf(TaskSpec.Builder spec) {
        return tasks.explainTask(ExplainTaskRequest.newBuilder().setSpec(spec).build());
    }

    private static Error errorOf(Runnable call) {
        return MeshError.from(catchThrowable(call::run));
    }

    private PlayedSidecar joined(String node, Map<String, String> labels) {
        PlayedSidecar sidecar = new PlayedSidecar(router.channel())
                .say(PlayedSidecar.hello(node).putAllLabels(labels));
        Await.until("welcome", () -> sidecar.frames().stream().anyMatch(WorkResponse::hasWelcome));
        return sidecar;
    }

    @Test
    void aTaskThatWaitsIsExplainedNodeByNode() {
        joined("a", Map.of("zone", "a"));
        Task task = submit(placed(wishes -> wishes.putRequiredLabels("zone", "b")));

        ExplainTaskResponse response = explain(task.getTaskId());

        assertThat(response.getTask().getTaskId()).isEqualTo(task.getTaskId());
        assertThat(response.getImpossible()).isTrue();
        NodeVerdict verdict = response.getNodes(0);
        assertThat(verdict.getFilter()).isEqualTo(PlacementFilter.PLACEMENT_FILTER_LABELS);
        assertThat(verdict.getValue()).isEqualTo("zone=a");
        assertThat(verdict.getExpected()).isEqualTo("zone=b");
        assertThat(verdict.getReportAgeMillis()).isPositive();
    }

    @Test
    void labelsOfTheHelloChooseTheNode() {
        joined("a", Map.of("zone", "a"));
        PlayedSidecar wanted = joined("b", Map.of("zone", "b"));

        Task task = submit(placed(wishes -> wishes.putRequiredLabels("zone", "b")));

        assertThat(wanted.assignment(0).getAttempt().getTaskId()).isEqualTo(task.getTaskId());
        assertThat(admin.listNodes(ListNodesRequest.getDefaultInstance()).getNodesList())
                .anySatisfy(node -> assertThat(node.getLabelsMap()).containsEntry("zone", "b"));
    }

    @Test
    void aTaskThatIsNotSubmittedIsExplainedAndNotSubmitted() {
        PlayedSidecar sidecar = joined("a", Map.of());

        ExplainTaskResponse response = whatIf(spec());

        assertThat(response.hasTask()).isFalse();
        assertThat(response.getNodes(0).getChosen()).isTrue();
        assertThat(response.getNodes(0).getFilter()).isEqualTo(PlacementFilter.PLACEMENT_FILTER_UNSPECIFIED);
        assertThat(response.getNodes(0).getTermsList()).isNotEmpty();
        assertThat(response.hasEstimatedAt()).isTrue();
        assertThat(sidecar.assignments()).isEmpty();
    }

    @Test
    void aTaskThatEndedSaysSo() {
        PlayedSidecar sidecar = joined("a", Map.of());
        Task task = submit(spec());
        sidecar.say(AttemptEvent.newBuilder()
                .setAttempt(sidecar.assignment(0).getAttempt())
                .setSucceeded(ByteString.EMPTY));
        Await.until("receipt", () -> !sidecar.receipts().isEmpty());

        ExplainTaskResponse response = explain(task.getTaskId());

        assertThat(response.getSummary()).startsWith("It has ended at ").endsWith(": SUCCEEDED.");
        assertThat(response.getNodesList()).isEmpty();
    }

    @Test
    void neededIsExactlyOneOfTaskAndSpec() {
        assertThat(errorOf(() -> explain("")).getCode()).isEqualTo(Code.CODE_INVALID_REQUEST);
        assertThat(errorOf(() -> tasks.explainTask(ExplainTaskRequest.newBuilder()
                                .setTaskId("1")
                                .setSpec(spec())
                                .build()))
                        .getValue())
                .isEqualTo("both");
        assertThat(errorOf(() -> explain("0000000000000001")).getCode()).isEqualTo(Code.CODE_NO_SUCH_TASK);
    }

    private static Map<String, String> many(int count) {
        Map<String, String> labels = new HashMap<>();
        for (int i = 0; i < count; i++) {
            labels.put("k" + i, "v");
        }
        return labels;
    }

    static Stream<Arguments> badPlacements() {
        return Stream.of(
                Arguments.of(placed(w -> w.putAllRequiredLabels(many(17))), Code.CODE_TOO_MANY),
                Arguments.of(placed(w -> w.putExcludedLabels("", "x")), Code.CODE_BAD_NAME),
                Arguments.of(placed(w -> w.putPreferredLabels("k", "v".repeat(257))), Code.CODE_TOO_LARGE),
                Arguments.of(
                        placed(w -> w.putRequiredLabels("k", "v").putExcludedLabels("k", "v")),
                        Code.CODE_INVALID_REQUEST),
                Arguments.of(placed(w -> w.setSpreadKey("k".repeat(257))), Code.CODE_TOO_LARGE),
                Arguments.of(placed(w -> w.setStickyKey("k".repeat(257))), Code.CODE_TOO_LARGE),
                Arguments.of(placed(w -> w.setNearNode("No Node")), Code.CODE_BAD_NAME),
                Arguments.of(spec().setResources(Resources.newBuilder().setCpuMillis(-1)), Code.CODE_INVALID_REQUEST));
    }

    @ParameterizedTest
    @MethodSource("badPlacements")
    void badPlacementsAreRefusedEverywhere(TaskSpec.Builder spec, Code code) {
        assertThat(errorOf(() -> submit(spec)).getCode()).isEqualTo(code);
        assertThat(errorOf(() -> whatIf(spec)).getCode()).isEqualTo(code);
    }

    @Test
    void aHelloWithTooManyLabelsIsRefused() {
        PlayedSidecar sidecar =
                new PlayedSidecar(router.channel()).say(PlayedSidecar.hello("a").putAllLabels(many(65)));

        assertThat(sidecar.failure().getCode()).isEqualTo(Code.CODE_TOO_MANY);
    }

    @Test
    void eachFrameToACordonedNodeSaysSo() {
        PlayedSidecar sidecar = joined("a", Map.of());
        Task task = submit(spec());
        var attempt = sidecar.assignment(0).getAttempt();

        int attempts = admin.cordonNode(CordonNodeRequest.newBuilder()
                        .setNode("a")
                        .setCordoned(true)
                        .setDrain(true)
                        .build())
                .getAttempts();

        assertThat(attempts).isEqualTo(1);
        Await.until("cancel", () -> sidecar.cancels().contains(attempt));
        assertThat(sidecar.frames().getLast().getCordoned()).isTrue();
        assertThat(explain(task.getTaskId()).getNodes(0).getFilter())
                .isEqualTo(PlacementFilter.PLACEMENT_FILTER_CORDONED);
        assertThat(admin.listNodes(ListNodesRequest.getDefaultInstance())
                        .getNodes(0)
                        .getCordoned())
                .isTrue();
    }

    @Test
    void theWelcomeOfACordonedNodeSaysSoAlready() {
        joined("a", Map.of());
        var _ = admin.cordonNode(
                CordonNodeRequest.newBuilder().setNode("a").setCordoned(true).build());

        PlayedSidecar again = joined("a", Map.of());

        assertThat(again.frames()).first().satisfies(frame -> {
            assertThat(frame.hasWelcome()).isTrue();
            assertThat(frame.getCordoned()).isTrue();
        });
    }

    @Test
    void onlyACordonedNodeIsDrainedAndOnlyAKnownOneCordoned() {
        joined("a", Map.of());
        var drain = CordonNodeRequest.newBuilder().setNode("a").setDrain(true).build();
        var unknown =
                CordonNodeRequest.newBuilder().setNode("b").setCordoned(true).build();

        assertThat(errorOf(() -> admin.cordonNode(drain)).getCode()).isEqualTo(Code.CODE_INVALID_REQUEST);
        assertThat(errorOf(() -> admin.cordonNode(unknown)).getCode()).isEqualTo(Code.CODE_NO_SUCH_DESTINATION);
    }
}
