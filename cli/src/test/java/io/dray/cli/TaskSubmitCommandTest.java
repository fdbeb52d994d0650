package io.dray.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.core.net.EventLoops;
import io.dray.core.net.Transport;
import io.dray.core.testing.LoopbackServer;
import io.dray.core.wire.MeshError;
import io.dray.router.v1.GetTaskRequest;
import io.dray.router.v1.GetTaskResponse;
import io.dray.router.v1.SubmitTaskRequest;
import io.dray.router.v1.SubmitTaskResponse;
import io.dray.router.v1.Task;
import io.dray.router.v1.TaskServiceGrpc;
import io.dray.router.v1.TaskState;
import io.dray.router.v1.WatchTasksRequest;
import io.dray.router.v1.WatchTasksResponse;
import io.dray.types.v1.Code;
import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskSubmitCommandTest {
    private final EventLoops loops = EventLoops.start(Transport.auto(), 1, "played-tasks");
    private Server server;

    /** Its tasks end in the state that their capability names. */
    private static final class PlayedTasks extends TaskServiceGrpc.TaskServiceImplBase {
        @Override
        public void submitTask(SubmitTaskRequest request, StreamObserver<SubmitTaskResponse> observer) {
            Task task = Task.newBuilder()
                    .setTaskId(request.getSpec().getCapability())
                    .setSpec(request.getSpec())
                    .build();
            observer.onNext(SubmitTaskResponse.newBuilder().setTask(task).build());
            observer.onCompleted();
        }

        @Override
        public void watchTasks(WatchTasksRequest request, StreamObserver<WatchTasksResponse> observer) {
            observer.onCompleted();
        }

        @Override
        public void getTask(GetTaskRequest request, StreamObserver<GetTaskResponse> observer) {
            String id = request.getTaskId();
            Task.Builder task = Task.newBuilder()
                    .setTaskId(id)
                    .setState(TaskState.valueOf("TASK_STATE_" + id.toUpperCase(Locale.ROOT)));
            switch (task.getState()) {
                case TASK_STATE_SUCCEEDED -> task.setResult(ByteString.copyFromUtf8("bonjour"));
                case TASK_STATE_FAILED ->
                    task.setError(MeshError.of(Code.CODE_HANDLER_FAILED, "The handler threw.", "", ""));
                default -> task.clearError();
            }
            observer.onNext(GetTaskResponse.newBuilder().setTask(task).build());
            observer.onCompleted();
        }
    }

    @BeforeEach
    void serve() throws IOException {
        server = LoopbackServer.start(loops, new PlayedTasks());
    }

    @AfterEach
    void stop() {
        server.shutdownNow();
        loops.close();
    }

    @ParameterizedTest
    @CsvSource({"expired, 5", "failed, 1", "cancelled, 1"})
    void ofATaskThatDidNotSucceedNothingGoesIntoAPipe(String end, int exitCode) {
        Outcome outcome = submit(end);

        assertThat(outcome.exitCode()).isEqualTo(exitCode);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).contains(end.toUpperCase(Locale.ROOT));
        assertThat(outcome.err().lines()).hasSize(2).first().isEqualTo("task " + end);
    }

    @Test
    void ofATaskThatSucceededOnlyTheResultGoesIntoAPipe() {
        assertThat(submit("succeeded")).isEqualTo(new Outcome(0, "bonjour\n", "task succeeded\n"));
    }

    private Outcome submit(String end) {
        return Outcome.of("task", "submit", end, "hello", "--wait", "--sidecar", "127.0.0.1:" + server.getPort());
    }
}
