package io.dray.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.dray.core.wire.MeshError;
import io.dray.router.v1.GetTaskRequest;
import io.dray.router.v1.GetTaskResponse;
import io.dray.router.v1.SubmitStreamRequest;
import io.dray.router.v1.SubmitStreamResponse;
import io.dray.router.v1.SubmitTaskRequest;
import io.dray.router.v1.SubmitTaskResponse;
import io.dray.router.v1.Task;
import io.dray.router.v1.TaskServiceGrpc;
import io.dray.router.v1.WatchTasksRequest;
import io.dray.router.v1.WatchTasksResponse;
import io.dray.sidecar.routers.Routers;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TaskDoorTest {
    private final String routerName = "router-" + UUID.randomUUID();
    private final PlayedRouter router = new PlayedRouter();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final Server routerServer = startRouter();
    private final ManagedChannel caller = door(List.of(routerName));

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable resource : open) {
            resource.close();
        }
    }

    @Test
    void relaysACallWithTheCallersPrincipalAndNoOther() {
        SubmitTaskRequest forged = SubmitTaskRequest.newBuilder()
                .setTenant("acme")
                .setPrincipal("uid:0")
                .build();

        SubmitTaskResponse response = TaskServiceGrpc.newBlockingStub(caller).submitTask(forged);

        assertThat(router.submitted.getPrincipal()).isEqualTo("uid:1000");
        assertThat(router.submitted.getTenant()).isEqualTo("acme");
        assertThat(response.getTask().getTaskId()).isEqualTo("t1");
    }

    @Test
    void passesTheDeadlineOn() {
        TaskServiceGrpc.newBlockingStub(caller)
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .submitTask(SubmitTaskRequest.getDefaultInstance());

        assertThat(Objects.requireNonNull(router.deadline).timeRemaining(TimeUnit.SECONDS))
                .isBetween(1L, 20L);
    }

    @Test
    void passesTheRoutersErrorThrough() {
        Throwable failure = catchThrowable(
                () -> TaskServiceGrpc.newBlockingStub(caller).getTask(GetTaskRequest.getDefaultInstance()));

        assertThat(MeshError.from(failure))
                .isEqualTo(MeshError.of(Code.CODE_NO_SUCH_TASK, "No such task.", "t9", "an id from submit"));
        assertThat(Status.fromThrowable(failure).getCode()).isEqualTo(Status.Code.NOT_FOUND);
    }

    @Test
    void saysThatNoRouterAnswersAndWhichWereAsked() {
        routerServer.shutdownNow();

        Error error = submitAndFail(caller);

        assertThat(error.getCode()).isEqualTo(Code.CODE_ROUTER_UNAVAILABLE);
        assertThat(error.getValue()).isEqualTo(routerName);
        assertThat(error.getRetryable()).isTrue();
    }

    @Test
    void saysThatNoRouterIsConfigured() {
        Error error = submitAndFail(door(List.of()));

        assertThat(error.getCode()).isEqualTo(Code.CODE_ROUTER_UNAVAILABLE);
        assertThat(error.getMessage()).contains("no router is configured");
    }

    @Test
    void takesNoMoreOfAWatchThanTheCallerReads() {
        WatchCaller watch = new WatchCaller();
        watch.call.request(1);
        router.sendWhileReady();
        int sentToASlowCaller = router.watchSent;

        watch.call.request(1_000);
        router.sendWhileReady();

        assertThat(sentToASlowCaller).isLessThan(10);
        assertThat(watch.received).hasSize(router.watchSent).hasSizeGreaterThan(100);
        assertThat(watch.received.get(50).getTasks(0).getTaskId()).isEqualTo("t50");
    }

    @Test
    void takesNoMoreOfAStreamThanTheRouterReads() {
        var requests = (ClientCallStreamObserver<SubmitStreamRequest>)
                TaskServiceGrpc.newStub(caller).submitStream(new Ignoring<>());
        int sentToASlowRouter = sendWhileReady(requests);

        router.stream().request(1_000);
        int sent = sentToASlowRouter + sendWhileReady(requests);

        assertThat(sentToASlowRouter).isLessThan(10);
        assertThat(sent).isGreaterThan(100);
        assertThat(router.streamed)
                .hasSize(sent)
                .allMatch(request -> request.getPrincipal().equals("uid:1000"));
    }

    private static int sendWhileReady(ClientCallStreamObserver<SubmitStreamRequest> requests) {
        int sent = 0;
        for (; requests.isReady() && sent < 500; sent++) {
            requests.onNext(
                    SubmitStreamRequest.newBuilder().setPrincipal("uid:0").build());
        }
        return sent;
    }

    /** Hears nothing. */
    private static class Ignoring<T> implements StreamObserver<T> {
        @Override
        public void onNext(T message) {}

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {}
    }

    @Test
    void aCallerThatGoesAwayEndsTheWatchAtTheRouter() {
        WatchCaller watch = new WatchCaller();
        watch.call.request(1);
        assertThat(router.watch().isCancelled()).isFalse();

        watch.call.cancel("enough", null);

        assertThat(router.watch().isCancelled()).isTrue();
    }

    private Error submitAndFail(ManagedChannel channel) {
        return MeshError.from(catchThrowable(
                () -> TaskServiceGrpc.newBlockingStub(channel).submitTask(SubmitTaskRequest.getDefaultInstance())));
    }

    private Server startRouter() {
        return start(InProcessServerBuilder.forName(routerName)
                .directExecutor()
                .addService(router)
                .build());
    }

    private ManagedChannel door(List<String> routerNames) {
        Routers routers = new Routers(
                routerNames,
                name -> InProcessChannelBuilder.forName(name).directExecutor().build());
        String name = "door-" + UUID.randomUUID();
        start(InProcessServerBuilder.forName(name)
                .directExecutor()
                .addService(new TaskDoor(routers, _ -> "uid:1000"))
                .build());
        ManagedChannel channel =
                InProcessChannelBuilder.forName(name).directExecutor().build();
        open.addFirst(routers);
        open.addFirst(channel::shutdownNow);
        return channel;
    }

    private Server start(Server server) {
        try {
            open.add(server::shutdownNow);
            return server.start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Watches with a hand on the flow. */
    private final class WatchCaller extends ClientCall.Listener<WatchTasksResponse> {
        final List<WatchTasksResponse> received = new ArrayList<>();
        final ClientCall<WatchTasksRequest, WatchTasksResponse> call =
                caller.newCall(TaskServiceGrpc.getWatchTasksMethod(), CallOptions.DEFAULT);

        WatchCaller() {
            call.start(this, new Metadata());
            call.sendMessage(WatchTasksRequest.getDefaultInstance());
            call.halfClose();
        }

        @Override
        public void onMessage(WatchTasksResponse response) {
            received.add(response);
        }
    }

    /** Answers at once; its watch sends as much as it may. */
    private static final class PlayedRouter extends TaskServiceGrpc.TaskServiceImplBase {
        SubmitTaskRequest submitted = SubmitTaskRequest.getDefaultInstance();

        @Nullable
        Deadline deadline;

        private @Nullable ServerCallStreamObserver<WatchTasksResponse> watch;
        int watchSent;
        private @Nullable ServerCallStreamObserver<SubmitStreamResponse> stream;
        final List<SubmitStreamRequest> streamed = new ArrayList<>();

        @Override
        public void submitTask(SubmitTaskRequest request, StreamObserver<SubmitTaskResponse> answer) {
            submitted = request;
            deadline = Context.current().getDeadline();
            answer.onNext(SubmitTaskResponse.newBuilder()
                    .setTask(Task.newBuilder().setTaskId("t1"))
                    .build());
            answer.onCompleted();
        }

        @Override
        public void getTask(GetTaskRequest request, StreamObserver<GetTaskResponse> answer) {
            answer.onError(MeshError.toStatus(
                    MeshError.of(Code.CODE_NO_SUCH_TASK, "No such task.", "t9", "an id from submit")));
        }

        @Override
        public void watchTasks(WatchTasksRequest request, StreamObserver<WatchTasksResponse> answer) {
            var observer = (ServerCallStreamObserver<WatchTasksResponse>) answer;
            observer.setOnCancelHandler(() -> {});
            watch = observer;
        }

        @Override
        public StreamObserver<SubmitStreamRequest> submitStream(StreamObserver<SubmitStreamResponse> answer) {
            var observer = (ServerCallStreamObserver<SubmitStreamResponse>) answer;
            observer.disableAutoRequest();
            stream = observer;
            return new Ignoring<>() {
                @Override
                public void onNext(SubmitStreamRequest request) {
                    streamed.add(request);
                }
            };
        }

        ServerCallStreamObserver<SubmitStreamResponse> stream() {
            return Objects.requireNonNull(stream);
        }

        ServerCallStreamObserver<WatchTasksResponse> watch() {
            return Objects.requireNonNull(watch);
        }

        void sendWhileReady() {
            while (watch().isReady() && watchSent < 500) {
                watch().onNext(WatchTasksResponse.newBuilder()
                        .addTasks(Task.newBuilder().setTaskId("t" + watchSent))
                        .build());
                watchSent++;
            }
        }
    }
}
