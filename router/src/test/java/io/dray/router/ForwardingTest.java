package io.dray.router;

import static io.dray.router.PostgresRouters.isServed;
import static io.dray.router.PostgresRouters.owner;
import static io.dray.router.PostgresRouters.request;
import static io.dray.router.PostgresRouters.submit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.ByteString;
import io.dray.core.testing.Await;
import io.dray.core.wire.MeshError;
import io.dray.router.v1.Agent;
import io.dray.router.v1.AgentEntry;
import io.dray.router.v1.Assignment;
import io.dray.router.v1.AttemptEvent;
import io.dray.router.v1.CancelTaskRequest;
import io.dray.router.v1.CordonNodeRequest;
import io.dray.router.v1.DirectoryServiceGrpc;
import io.dray.router.v1.ExplainTaskRequest;
import io.dray.router.v1.GetTaskRequest;
import io.dray.router.v1.JoinRequest;
import io.dray.router.v1.JoinResponse;
import io.dray.router.v1.Limit;
import io.dray.router.v1.ListAgentsRequest;
import io.dray.router.v1.ListLimitsRequest;
import io.dray.router.v1.ListNodesRequest;
import io.dray.router.v1.ListTasksRequest;
import io.dray.router.v1.Node;
import io.dray.router.v1.NodeAnnouncement;
import io.dray.router.v1.PoolOwner;
import io.dray.router.v1.SetLimitRequest;
import io.dray.router.v1.SubmitTaskRequest;
import io.dray.router.v1.SubmitTaskResponse;
import io.dray.router.v1.SubmitTasksRequest;
import io.dray.router.v1.TaskServiceGrpc;
import io.dray.router.v1.TaskServiceGrpc.TaskServiceBlockingStub;
import io.dray.router.v1.TaskState;
import io.dray.router.v1.WatchTasksRequest;
import io.dray.router.v1.WatchTasksResponse;
import io.dray.router.v1.WorkResponse;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Routers on one PostgreSQL of which one owns the pool: whom sidecars and callers find behind the others. */
class ForwardingTest {
    private final PostgresRouters routers = new PostgresRouters();

    @AfterEach
    void close() throws Exception {
        routers.close();
    }

    /** An owner that hears calls and answers none. */
    private static final class SilentOwner extends TaskServiceGrpc.TaskServiceImplBase
            implements ServerInterceptor, AutoCloseable {
        private final AtomicBoolean cancelled = new AtomicBoolean();
        private final Server server;
        private volatile @Nullable Deadline deadline;
        private volatile String forwardedBy = "";
        private volatile boolean asked;

        SilentOwner() throws IOException {
            server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                    .addService(this)
                    .intercept(this)
                    .build()
                    .start();
        }

        String address() {
            return "127.0.0.1:" + server.getPort();
        }

        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
            forwardedBy = String.valueOf(headers.get(Forwarding.FORWARDED_BY));
            return next.startCall(call, headers);
        }

        @Override
        public void submitTask(SubmitTaskRequest request, StreamObserver<SubmitTaskResponse> responses) {
            ((ServerCallStreamObserver<SubmitTaskResponse>) responses).setOnCancelHandler(() -> cancelled.set(true));
            deadline = Context.current().getDeadline();
            asked = true;
        }

        @Override
        public void close() {
            server.shutdownNow();
        }
    }

    /** A caller who does not wait for the answer. */
    private static final class Caller implements ClientResponseObserver<SubmitTaskRequest, SubmitTaskResponse> {
        private volatile @Nullable ClientCallStreamObserver<SubmitTaskRequest> call;
        private volatile @Nullable Error failure;

        void cancel() {
            Objects.requireNonNull(call).cancel("enough", null);
        }

        Error failure() {
            Await.until("the end of the call", () -> failure != null);
            return Objects.requireNonNull(failure);
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<SubmitTaskRequest> started) {
            call = started;
        }

        @Override
        public void onNext(SubmitTaskResponse response) {}

        @Override
        public void onError(Throwable thrown) {
            failure = MeshError.from(thrown);
        }

        @Override
        public void onCompleted() {}
    }

    /** A sidecar's directory stream, which hears who owns the pool. */
    private static final class PlayedJoin implements StreamObserver<JoinResponse> {
        private final List<PoolOwner> owners = new CopyOnWriteArrayList<>();

        PlayedJoin(Channel channel, String node) {
            DirectoryServiceGrpc.newStub(channel)
                    .join(this)
                    .onNext(JoinRequest.newBuilder()
                            .setAnnouncement(NodeAnnouncement.newBuilder()
                                    .setVersion(PlayedSidecar.VERSION)
                                    .setNode(node)
                                    .setIncarnation(1)
                                    .setRevision(1)
                                    .addAgents(AgentEntry.newBuilder().setInstance("w/1@" + node)))
                            .build());
        }

        PoolOwner owner(int index) {
            Await.until("owner " + index, () -> owners.size() > index);
            return owners.get(index);
        }

        @Override
        public void onNext(JoinResponse frame) {
            if (frame.hasOwner()) {
                owners.add(frame.getOwner());
            }
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {}
    }

    @Test
    void aCallIsTheSameThroughEveryRouter() throws Exception {
        TaskServiceBlockingStub owner = routers.tasks(routers.start("a"));
        TaskServiceBlockingStub door = routers.tasks(routers.start("b"));

        String id = submit(door, "k");
        door.submitTasks(SubmitTasksRequest.newBuilder()
                .addSpecs(request("l").getSpec())
                .addSpecs(request("m").getSpec())
                .build());

        assertThat(submit(owner, "k")).isEqualTo(id);
        assertThat(door.listTasks(ListTasksRequest.getDefaultInstance()).getTasksList())
                .hasSize(3)
                .isEqualTo(
                        owner.listTasks(ListTasksRequest.getDefaultInstance()).getTasksList());
        assertThat(door.explainTask(
                                ExplainTaskRequest.newBuilder().setTaskId(id).build())
                        .getOwner()
                        .getRouter())
                .isEqualTo("a");
        assertThat(door.cancelTask(CancelTaskRequest.newBuilder().setTaskId(id).build())
                        .getTask()
                        .getState())
                .isEqualTo(TaskState.TASK_STATE_CANCELLED);
        Error error = MeshError.from(catchThrowable(() ->
                door.getTask(GetTaskRequest.newBuilder().setTaskId("nothing").build())));
        assertThat(error.getCode()).isEqualTo(Code.CODE_NO_SUCH_TASK);
        assertThat(error.getValue()).isEqualTo("nothing");
    }

    @Test
    void aWatchThroughAnotherRouterSeesTheTaskToItsEnd() throws Exception {
        Router owner = routers.start("a");
        TaskServiceBlockingStub door = routers.tasks(routers.start("b"));
        String id = submit(door, "k");
        Iterator<WatchTasksResponse> watch =
                door.watchTasks(WatchTasksRequest.newBuilder().addTaskIds(id).build());
        assertThat(watch.next().getTasks(0).getState()).isEqualTo(TaskState.TASK_STATE_PENDING);

        PlayedSidecar sidecar = new PlayedSidecar(routers.channel(owner)).say(PlayedSidecar.hello("n"));
        Assignment assignment = sidecar.assignment(0);
        sidecar.say(AttemptEvent.newBuilder()
                .setAttempt(assignment.getAttempt())
                .setSucceeded(ByteString.copyFromUtf8("42")));

        TaskState last = TaskState.TASK_STATE_UNSPECIFIED;
        while (watch.hasNext()) {
            last = watch.next().getTasksList().getLast().getState();
        }
        assertThat(last).isEqualTo(TaskState.TASK_STATE_SUCCEEDED);
    }

    @Test
    void operatorsMayAskEveryRouter() throws Exception {
        Router owner = routers.start("a");
        Router door = routers.start("b");
        new PlayedSidecar(routers.channel(owner)).say(PlayedSidecar.hello("n"));
        var admin = routers.admin(door);
        Await.until(
                "the node",
                () -> names(admin.listNodes(ListNodesRequest.getDefaultInstance())
                                .getNodesList())
                        .contains("n"));

        admin.cordonNode(
                CordonNodeRequest.newBuilder().setNode("n").setCordoned(true).build());
        admin.setLimit(SetLimitRequest.newBuilder()
                .setLimit(Limit.newBuilder().setQueue("q").setMaxRunning(1))
                .build());

        var atOwner = routers.admin(owner);
        assertThat(atOwner.listNodes(ListNodesRequest.getDefaultInstance()).getNodesList())
                .singleElement()
                .matches(Node::getCordoned);
        assertThat(atOwner.listLimits(ListLimitsRequest.getDefaultInstance()).getLimitsList())
                .extracting(Limit::getQueue)
                .containsExactly("q");
        assertThat(owner(admin).getRouter()).isEqualTo("a");
        assertThat(owner(admin).getAddress()).isEqualTo(PostgresRouters.listen(owner.readyJson()));
        assertThat(owner(admin).getLeaseMillis()).isBetween(1, 1_500);
    }

    private static List<String> names(List<Node> nodes) {
        return nodes.stream().map(Node::getNode).toList();
    }

    @Test
    void theDirectoryIsEachRoutersOwn() throws Exception {
        routers.start("a");
        Router door = routers.start("b");
        new PlayedJoin(routers.channel(door), "n").owner(0);

        routers.ownedBy("e", "");
        routers.awaitOwner(door, "e");

        assertThat(routers.admin(door)
                        .listAgents(ListAgentsRequest.getDefaultInstance())
                        .getAgentsList())
                .extracting(Agent::getInstance)
                .containsExactly("w/1@n");
    }

    @Test
    void deadlineAndCancellationReachTheOwner() throws Exception {
        Router door = routers.start("a");
        try (SilentOwner owner = new SilentOwner()) {
            routers.ownedBy("c", owner.address());
            routers.awaitOwner(door, "c");

            Caller caller = new Caller();
            TaskServiceGrpc.newStub(routers.channel(door))
                    .withDeadlineAfter(50, TimeUnit.SECONDS)
                    .submitTask(request("k"), caller);
            Await.until("the owner is asked", () -> owner.asked);

            assertThat(Objects.requireNonNull(owner.deadline).timeRemaining(TimeUnit.SECONDS))
                    .isBetween(1L, 50L);
            assertThat(owner.forwardedBy).isEqualTo("a");
            caller.cancel();
            Await.until("the call has ended at the owner", owner.cancelled::get);
        }
    }

    @Test
    void nobodyWaitsForAnOwnerThatHangsOnceAnotherHasThePool() throws Exception {
        Router door = routers.start("a");
        try (SilentOwner hanging = new SilentOwner();
                SilentOwner next = new SilentOwner()) {
            routers.ownedBy("c", hanging.address());
            routers.awaitOwner(door, "c");
            Caller caller = new Caller();
            TaskServiceGrpc.newStub(routers.channel(door)).submitTask(request("k"), caller);
            Await.until("the owner is asked", () -> hanging.asked);

            routers.ownedBy("d", next.address());

            Error error = caller.failure();
            assertThat(error.getCode()).isEqualTo(Code.CODE_ROUTER_UNAVAILABLE);
            assertThat(error.getMessage()).startsWith("Router c owns the pool and does not answer");
        }
    }

    @Test
    void anOwnerThatCannotBeReachedIsSaidAtOnceAndItsPoolIsTakenWhenItsLeaseEnds() throws Exception {
        Router door = routers.start("a");
        TaskServiceBlockingStub tasks = routers.tasks(door);
        String id = submit(tasks, "k");
        routers.ownedBy("c", "127.0.0.1:" + freePort());
        routers.awaitOwner(door, "c");

        Error error = MeshError.from(catchThrowable(() -> submit(tasks, "l")));

        assertThat(error.getCode()).isEqualTo(Code.CODE_ROUTER_UNAVAILABLE);
        assertThat(error.getMessage()).startsWith("Router c owns the pool and does not answer");
        assertThat(error.getRetryable()).isTrue();
        assertThat(error.getRetryAfterMillis()).isPositive();
        routers.database().expireLease();
        Await.until("it serves", () -> isServed(tasks, "k", id));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void anOwnerOfAnUnknownPlaceIsNamed() throws Exception {
        Router door = routers.start("a");
        routers.ownedBy("c", "");
        routers.awaitOwner(door, "c");

        Error error = MeshError.from(catchThrowable(() -> submit(routers.tasks(door), "k")));

        assertThat(error.getCode()).isEqualTo(Code.CODE_ROUTER_UNAVAILABLE);
        assertThat(error.getMessage()).startsWith("Router c owns the pool and does not say where it is");
    }

    @Test
    void aCallIsForwardedOnce() throws Exception {
        routers.start("a");
        Router door = routers.start("b");
        Metadata marked = new Metadata();
        marked.put(Forwarding.FORWARDED_BY, "x");
        TaskServiceBlockingStub tasks =
                routers.tasks(door).withInterceptors(MetadataUtils.newAttachHeadersInterceptor(marked));

        Error error = MeshError.from(catchThrowable(() -> submit(tasks, "k")));

        assertThat(error.getCode()).isEqualTo(Code.CODE_ROUTER_UNAVAILABLE);
        assertThat(error.getMessage()).contains("Router x forwarded the call to this one");
    }

    @Test
    void aSidecarThatAsksForWorkIsSentToTheOwner() throws Exception {
        Router owner = routers.start("a");
        Router door = routers.start("b");

        PlayedSidecar sidecar = new PlayedSidecar(routers.channel(door)).say(PlayedSidecar.hello("n"));

        Await.until("the end of the stream", sidecar::isCompleted);
        assertThat(sidecar.frames())
                .extracting(WorkResponse::getLeader)
                .containsExactly(PostgresRouters.listen(owner.readyJson()));
    }

    @Test
    void sidecarsAreToldOfANewOwnerOnTheirDirectoryStreams() throws Exception {
        Router first = routers.start("a");
        Router second = routers.start("b");
        PlayedJoin atFirst = new PlayedJoin(routers.channel(first), "n");
        PlayedJoin atSecond = new PlayedJoin(routers.channel(second), "n");
        assertThat(atFirst.owner(0).getAddress()).isEmpty();
        assertThat(atSecond.owner(0).getAddress()).isEqualTo(PostgresRouters.listen(first.readyJson()));

        first.close();

        assertThat(atSecond.owner(1).getRouter()).isEqualTo("b");
        assertThat(atSecond.owner(1).getAddress()).isEmpty();
        assertThat(atSecond.owner(1).getEpoch()).isEqualTo(atSecond.owner(0).getEpoch() + 1);
    }
}
