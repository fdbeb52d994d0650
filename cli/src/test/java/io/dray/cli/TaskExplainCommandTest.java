package io.dray.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.net.EventLoops;
import io.dray.core.net.Transport;
import io.dray.core.testing.LoopbackServer;
import io.dray.core.wire.MeshError;
import io.dray.router.v1.AdminServiceGrpc;
import io.dray.router.v1.CordonNodeRequest;
import io.dray.router.v1.CordonNodeResponse;
import io.dray.router.v1.ExplainTaskRequest;
import io.dray.router.v1.ExplainTaskResponse;
import io.dray.router.v1.ListNodesRequest;
import io.dray.router.v1.ListNodesResponse;
import io.dray.router.v1.Node;
import io.dray.router.v1.NodeVerdict;
import io.dray.router.v1.PlacementFilter;
import io.dray.router.v1.PoolOwner;
import io.dray.router.v1.ScoreTerm;
import io.dray.router.v1.SubmitTaskRequest;
import io.dray.router.v1.SubmitTaskResponse;
import io.dray.router.v1.Task;
import io.dray.router.v1.TaskServiceGrpc;
import io.dray.router.v1.TaskSpec;
import io.dray.types.v1.Code;
import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaskExplainCommandTest {
    private final EventLoops loops = EventLoops.start(Transport.auto(), 1, "played-router");
    private final PlayedTasks tasks = new PlayedTasks();
    private final PlayedAdmin admin = new PlayedAdmin();
    private Server server;
    private Server router;

    private static final class PlayedTasks extends TaskServiceGrpc.TaskServiceImplBase {
        private TaskSpec asked = TaskSpec.getDefaultInstance();
        private boolean impossible;

        @Override
        public void submitTask(SubmitTaskRequest request, StreamObserver<SubmitTaskResponse> observer) {
            asked = request.getSpec();
            observer.onNext(SubmitTaskResponse.newBuilder()
                    .setTask(Task.newBuilder().setTaskId("7"))
                    .build());
            observer.onCompleted();
        }

        @Override
        public void explainTask(ExplainTaskRequest request, StreamObserver<ExplainTaskResponse> observer) {
            if (request.hasSpec()) {
                asked = request.getSpec();
            }
            observer.onNext(ExplainTaskResponse.newBuilder()
                    .setSummary("A summary.")
                    .setAhead(3)
                    .setImpossible(impossible)
                    .setOwner(PoolOwner.newBuilder()
                            .setRouter("r")
                            .setAddress("10.0.0.1:7400")
                            .setEpoch(3)
                            .setLeaseMillis(1_200))
                    .addNodes(NodeVerdict.newBuilder()
                            .setNode("a")
                            .setChosen(true)
                            .setReportAgeMillis(400)
                            .addTerms(ScoreTerm.newBuilder().setName("spread").setValue(-2)))
                    .addNodes(NodeVerdict.newBuilder()
                            .setNode("b")
                            .setFilter(PlacementFilter.PLACEMENT_FILTER_NO_SLOT)
                            .setValue("0 of 4 slots free")
                            .setExpected("a free slot"))
                    .build());
            observer.onCompleted();
        }
    }

    private static final class PlayedAdmin extends AdminServiceGrpc.AdminServiceImplBase {
        private final List<CordonNodeRequest> asked = new ArrayList<>();
        private int attempts = 2;
        private boolean stuck;

        @Override
        public void cordonNode(CordonNodeRequest request, StreamObserver<CordonNodeResponse> observer) {
            if (request.getNode().equals("unknown")) {
                observer.onError(MeshError.toStatus(MeshError.of(Code.CODE_NO_SUCH_DESTINATION, "No such node.")));
                return;
            }
            asked.add(request);
            observer.onNext(
                    CordonNodeResponse.newBuilder().setAttempts(attempts).build());
            observer.onCompleted();
        }

        @Override
        public void listNodes(ListNodesRequest request, StreamObserver<ListNodesResponse> observer) {
            attempts -= stuck ? 0 : 1;
            observer.onNext(ListNodesResponse.newBuilder()
                    .addNodes(Node.newBuilder().setNode("a").setAttempts(attempts))
                    .addNodes(Node.newBuilder().setNode("b").setAttempts(9))
                    .build());
            observer.onCompleted();
        }
    }

    @BeforeEach
    void serve() throws IOException {
        server = LoopbackServer.start(loops, tasks);
        router = LoopbackServer.start(loops, admin);
    }

    @AfterEach
    void stop() {
        server.shutdownNow();
        router.shutdownNow();
        loops.close();
    }

    private Outcome task(String input, String... words) {
        return Outcome.withInput(input, with(words, "task", "--sidecar", server));
    }

    private Outcome node(String... words) {
        return Outcome.of(with(words, "node", "--router", router));
    }

    private static String[] with(String[] words, String verb, String option, Server at) {
        List<String> all = new ArrayList<>(List.of(verb));
        all.addAll(List.of(words));
        all.addAll(List.of(option, "127.0.0.1:" + at.getPort()));
        return all.toArray(String[]::new);
    }

    @Test
    void anExplanationIsATable() {
        Outcome outcome = task("", "explain", "7");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out().lines())
                .containsExactly(
                        "A summary.",
                        "says router r at 10.0.0.1:7400, epoch 3, lease for 1.2 s more",
                        "",
                        "NODE  VERDICT  HAS                EXPECTED     TERMS      REPORT",
                        "a     chosen                                   spread=-2  0.4 s",
                        "b     no-slot  0 of 4 slots free  a free slot             none");
    }

    @Test
    void asJsonItHasAllFigures() {
        assertThat(task("", "explain", "7", "--json").out())
                .contains("\"lease_millis\" : 1200", "\"filter\" : \"no-slot\"", "\"ahead\" : 3", "\"spread\" : -2.0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"capability\": \"digest\", \"resources\": {\"cpuMillis\": 2000}}",
                "capability: digest\nresources:\n  cpu_millis: 2000\n"
            })
    void aTaskOfAFileIsJsonOrYaml(String file) {
        assertThat(task(file, "what-if", "-").exitCode()).isZero();

        assertThat(tasks.asked.getCapability()).isEqualTo("digest");
        assertThat(tasks.asked.getResources().getCpuMillis()).isEqualTo(2_000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"capabilty: x | capabilty", "[1] | holds no keys", "a: b: c | is no YAML", "'' | holds no keys"})
    void whatIsNoTaskIsSaidInOneLine(String file, String word) {
        Outcome outcome = task(file, "what-if", "-");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err().lines()).singleElement().asString().contains(word, "expected: a TaskSpec");
    }

    @Test
    void submitSaysAtOnceThatNoNodeCouldMeetTheNeeds() {
        tasks.impossible = true;

        Outcome outcome = task("", "submit", "digest", "hello", "--cpu", "64", "--require", "zone=b", "--spread", "k");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).isEqualTo("7\n");
        assertThat(outcome.err()).startsWith("warning: A summary.").contains("dray task explain 7");
        assertThat(tasks.asked.getResources().getCpuMillis()).isEqualTo(64_000);
        assertThat(tasks.asked.getPlacement().getRequiredLabelsMap()).containsEntry("zone", "b");
        assertThat(tasks.asked.getPlacement().getSpreadKey()).isEqualTo("k");
    }

    @Test
    void submitIsSilentOfWhatFits() {
        assertThat(task("", "submit", "digest", "hello").err()).isEmpty();
        assertThat(tasks.asked.hasPlacement()).isFalse();
        assertThat(tasks.asked.hasResources()).isFalse();
    }

    @Test
    void drainWaitsUntilNothingIsLeft() {
        Outcome outcome = node("drain", "a", "--wait");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).isEqualTo("a is drained\n");
        assertThat(outcome.err()).contains("drained 0/2", "drained 2/2");
        assertThat(admin.asked.getFirst().getDrain()).isTrue();
    }

    @Test
    void aDrainThatDoesNotEndInTimeSaysHowMuchIsLeft() {
        admin.stuck = true;

        Outcome outcome = node("drain", "a", "--wait", "--timeout", "1ms");

        assertThat(outcome.exitCode()).isEqualTo(5);
        assertThat(outcome.err()).contains("a still holds 2 attempts");
    }

    @Test
    void cordonAndUncordonSayWhatTheyDid() {
        assertThat(node("cordon", "a").out()).isEqualTo("a gets nothing new; it holds 2 attempts\n");
        assertThat(node("uncordon", "a").out()).isEqualTo("a gets tasks again\n");

        assertThat(admin.asked).extracting(CordonNodeRequest::getCordoned).containsExactly(true, false);
        assertThat(node("cordon", "unknown").exitCode()).isEqualTo(4);
    }
}
