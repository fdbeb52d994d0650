package io.dray.router;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.core.testing.Await;
import io.dray.core.wire.MeshError;
import io.dray.router.v1.ListTasksRequest;
import io.dray.router.v1.StreamedTask;
import io.dray.router.v1.SubmitStreamRequest;
import io.dray.router.v1.SubmitStreamResponse;
import io.dray.router.v1.Task;
import io.dray.router.v1.TaskServiceGrpc;
import io.dray.router.v1.TaskSpec;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubmitStreamTest {
    @TempDir
    private Path folder = Path.of("");

    private RouterInProcess router;
    private final Answers answers = new Answers();

    @BeforeEach
    void start() throws Exception {
        router = new RouterInProcess(folder.resolve("router.db"), Map.of());
    }

    @AfterEach
    void stop() {
        router.close();
    }

    private StreamObserver<SubmitStreamRequest> open() {
        return TaskServiceGrpc.newStub(router.channel()).submitStream(answers);
    }

    private static TaskSpec spec(String key) {
        return TaskSpec.newBuilder()
                .setCapability("digest")
                .setIdempotencyKey(key)
                .setPayload(ByteString.copyFromUtf8("payload"))
                .build();
    }

    private static SubmitStreamRequest message(TaskSpec... specs) {
        return SubmitStreamRequest.newBuilder()
                .addAllSpecs(List.of(specs))
                .setPrincipal("uid:7")
                .build();
    }

    private List<Task> list() {
        return TaskServiceGrpc.newBlockingStub(router.channel())
                .listTasks(ListTasksRequest.newBuilder().setPageSize(1_000).build())
                .getTasksList();
    }

    @Test
    void eachTaskIsAnsweredByItsIndexWhileTheStreamGoesOn() {
        var requests = open();

        requests.onNext(message(spec("a"), spec("b")));
        Await.until("two answers", () -> answers.tasks.size() == 2);
        requests.onNext(message(
                spec("a"), spec("c").toBuilder().setCapability("No Name").build(), spec("d")));
        Await.until("five answers", () -> answers.tasks.size() == 5);

        assertThat(answers.ended).isFalse();
        assertThat(answers.at(2).getTaskId())
                .isEqualTo(answers.at(0).getTaskId())
                .isNotEmpty();
        assertThat(answers.at(2).getExisted()).isTrue();
        assertThat(answers.at(3).getError().getCode()).isEqualTo(Code.CODE_BAD_NAME);
        assertThat(answers.at(3).getTaskId()).isEmpty();
        assertThat(answers.at(4).getTaskId()).isNotEmpty();
        requests.onCompleted();
        Await.until("the end", () -> answers.ended);
        assertThat(answers.failure).isNull();
        assertThat(list()).hasSize(3).allMatch(task -> task.getPrincipal().equals("uid:7"));
    }

    @Test
    void tasksOfAStreamKeepTheirOrder() {
        var requests = open();
        for (int i = 0; i < 30; i++) {
            int first = i * 100;
            requests.onNext(message(IntStream.range(first, first + 100)
                    .mapToObj(number -> spec("k" + number))
                    .toArray(TaskSpec[]::new)));
        }
        requests.onCompleted();
        Await.until("the end", () -> answers.ended);

        assertThat(answers.tasks).hasSize(3_000);
        List<String> ids = IntStream.range(0, 3_000)
                .mapToObj(index -> answers.at(index).getTaskId())
                .toList();
        assertThat(ids).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aMessageWithTooManyTasksEndsTheStream() {
        var requests = open();

        requests.onNext(message(
                IntStream.range(0, 1_001).mapToObj(number -> spec("k" + number)).toArray(TaskSpec[]::new)));

        Await.until("the end", () -> answers.failure != null);
        assertThat(Objects.requireNonNull(answers.failure).getCode()).isEqualTo(Code.CODE_INVALID_REQUEST);
        assertThat(list()).isEmpty();
    }

    @Test
    void anEmptyStreamEndsAtOnce() {
        open().onCompleted();

        Await.until("the end", () -> answers.ended);
        assertThat(answers.failure).isNull();
    }

    /** What came back. */
    private static final class Answers implements StreamObserver<SubmitStreamResponse> {
        private final List<StreamedTask> tasks = new CopyOnWriteArrayList<>();
        private volatile boolean ended;
        private volatile @Nullable Error failure;

        StreamedTask at(int index) {
            return tasks.stream()
                    .filter(task -> task.getIndex() == index)
                    .findFirst()
                    .orElseThrow();
        }

        @Override
        public void onNext(SubmitStreamResponse response) {
            tasks.addAll(response.getTasksList());
        }

        @Override
        public void onError(Throwable thrown) {
            failure = MeshError.from(thrown);
            ended = true;
        }

        @Override
        public void onCompleted() {
            ended = true;
        }
    }
}
