package io.dray.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.net.EventLoops;
import io.dray.core.net.Transport;
import io.dray.core.testing.LoopbackServer;
import io.dray.core.wire.MeshError;
import io.dray.router.v1.StreamedTask;
import io.dray.router.v1.SubmitStreamRequest;
import io.dray.router.v1.SubmitStreamResponse;
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
import org.junit.jupiter.params.provider.ValueSource;

class TaskStreamTest {
    private final EventLoops loops = EventLoops.start(Transport.auto(), 1, "played-stream");
    private final PlayedTasks tasks = new PlayedTasks();
    private Server server;

    @BeforeEach
    void serve() throws IOException {
        server = LoopbackServer.start(loops, tasks);
    }

    @AfterEach
    void stop() {
        server.shutdownNow();
        loops.close();
    }

    private Outcome submit(String input, String... words) {
        List<String> all = new ArrayList<>(List.of("task", "submit"));
        all.addAll(List.of(words));
        all.addAll(List.of("--stream", "-", "--sidecar", "127.0.0.1:" + server.getPort()));
        return Outcome.withInput(input, all.toArray(String[]::new));
    }

    @Test
    void eachLineBecomesATaskWithWhatTheOptionsSay() {
        Outcome outcome = submit("""
            {"capability": "digest", "idempotencyKey": "7", "payload": {"order": 7}}

            {"payload_text": "good morning", "queue": "own"}
            {"payload": "aGVsbG8="}
            """, "translate", "--queue", "nightly");

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out().lines()).containsExactly("1 id-0", "3 id-1", "4 id-2");
        assertThat(outcome.err()).contains("submitted 3, known before 0, refused 0");
        assertThat(tasks.specs).extracting(TaskSpec::getCapability).containsExactly("digest", "translate", "translate");
        assertThat(tasks.specs).extracting(TaskSpec::getQueue).containsExactly("nightly", "own", "nightly");
        assertThat(tasks.specs)
                .extracting(spec -> spec.getPayload().toStringUtf8())
                .containsExactly("{\"order\":7}", "good morning", "hello");
    }

    @Test
    void aRefusedLineIsToldAndTheOthersGoOn() {
        Outcome outcome = submit("{\"type\": \"bad\"}\n{\"type\": \"known\"}\n{}\n", "digest");

        assertThat(outcome.exitCode()).isEqualTo(4);
        assertThat(outcome.out().lines()).containsExactly("2 id-1 existed", "3 id-2");
        assertThat(outcome.err())
                .contains("dray: line 1: BAD_NAME: Refused.")
                .contains("submitted 1, known before 1, refused 1");
    }

    @Test
    void linesOfJsonTellTheSame() {
        Outcome outcome = submit("{\"type\": \"bad\"}\n{}\n", "digest", "--json");

        assertThat(outcome.out().lines())
                .containsExactly(
                        "{\"line\":1,\"error\":{\"code\":\"BAD_NAME\",\"message\":\"Refused.\"}}",
                        "{\"line\":2,\"task_id\":\"id-1\",\"existed\":false}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1]", "{\"capabilty\": \"x\"}", "{\"capability\":", "{}"})
    void aLineThatIsNoTaskIsToldWithItsNumber(String bad) {
        Outcome outcome = submit("{\"capability\": \"digest\"}\n" + bad + "\n{\"capability\": \"digest\"}\n");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("dray: line 2 ", "expected: a TaskSpec in JSON");
        assertThat(outcome.out().lines()).containsExactly("1 id-0", "3 id-1");
    }

    @Test
    void aBrokenStreamEndsWithItsError() {
        tasks.breaks = true;

        Outcome outcome = submit("{}\n", "digest");

        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.err()).contains("DRAINING: Stopping.");
    }

    @Test
    void wordsThatDoNotGoTogetherAreRefused() {
        assertThat(submit("", "digest", "a payload").exitCode()).isEqualTo(2);
        assertThat(submit("", "digest", "--wait").exitCode()).isEqualTo(2);
        Outcome missing = Outcome.of("task", "submit", "--sidecar", "127.0.0.1:" + server.getPort());
        assertThat(missing.exitCode()).isEqualTo(2);
        assertThat(missing.err()).contains("CAPABILITY is missing");
    }

    /** Knows the tasks of type known and refuses those of type bad. */
    private static final class PlayedTasks extends TaskServiceGrpc.TaskServiceImplBase {
        private final List<TaskSpec> specs = new ArrayList<>();
        private boolean breaks;

        @Override
        public StreamObserver<SubmitStreamRequest> submitStream(StreamObserver<SubmitStreamResponse> responses) {
            return new StreamObserver<>() {
                @Override
                public void onNext(SubmitStreamRequest request) {
                    if (breaks) {
                        responses.onError(MeshError.toStatus(MeshError.of(Code.CODE_DRAINING, "Stopping.")));
                        return;
                    }
                    var frame = SubmitStreamResponse.newBuilder();
                    request.getSpecsList().forEach(spec -> frame.addTasks(answer(spec)));
                    responses.onNext(frame.build());
                }

                @Override
                public void onError(Throwable failure) {}

                @Override
                public void onCompleted() {
                    if (!breaks) {
                        responses.onCompleted();
                    }
                }
            };
        }

        private StreamedTask.Builder answer(TaskSpec spec) {
            StreamedTask.Builder task = StreamedTask.newBuilder().setIndex(specs.size());
            specs.add(spec);
            return spec.getType().equals("bad")
                    ? task.setError(MeshError.of(Code.CODE_BAD_NAME, "Refused."))
                    : task.setTaskId("id-" + task.getIndex())
                            .setExisted(spec.getType().equals("known"));
        }
    }
}
