package io.dray.router;

import com.google.protobuf.ByteString;
import io.dray.core.wire.MeshError;
import io.dray.router.dispatch.Dispatcher;
import io.dray.router.dispatch.Explanation;
import io.dray.router.dispatch.NewTask;
import io.dray.router.dispatch.Submitted;
import io.dray.router.dispatch.Time;
import io.dray.router.tasks.Outcome;
import io.dray.router.tasks.TaskId;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.router.v1.AnswerTaskRequest;
import io.dray.router.v1.AnswerTaskResponse;
import io.dray.router.v1.CancelTaskRequest;
import io.dray.router.v1.CancelTaskResponse;
import io.dray.router.v1.ExplainTaskRequest;
import io.dray.router.v1.ExplainTaskResponse;
import io.dray.router.v1.GetTaskRequest;
import io.dray.router.v1.GetTaskResponse;
import io.dray.router.v1.ListTasksRequest;
import io.dray.router.v1.ListTasksResponse;
import io.dray.router.v1.PoolOwner;
import io.dray.router.v1.SubmitStreamRequest;
import io.dray.router.v1.SubmitStreamResponse;
import io.dray.router.v1.SubmitTaskRequest;
import io.dray.router.v1.SubmitTaskResponse;
import io.dray.router.v1.SubmitTasksRequest;
import io.dray.router.v1.SubmitTasksResponse;
import io.dray.router.v1.TaskServiceGrpc;
import io.dray.router.v1.TaskSpec;
import io.dray.router.v1.WatchTasksRequest;
import io.dray.router.v1.WatchTasksResponse;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/** The door for those who submit tasks: checks and maps; each call waits on a virtual thread of its own. */
final class TaskService extends TaskServiceGrpc.TaskServiceImplBase {
    private static final int MAX_BATCH = 1_000;

    private final Dispatcher dispatcher;
    private final TaskReads reads;
    private final Calls calls;
    private final Time time;
    private final Supplier<Optional<PoolOwner>> owner;

    TaskService(Dispatcher dispatcher, TaskReads reads, Calls calls, Time time, Supplier<Optional<PoolOwner>> owner) {
        this.dispatcher = dispatcher;
        this.reads = reads;
        this.calls = calls;
        this.time = time;
        this.owner = owner;
    }

    @Override
    public void submitTask(SubmitTaskRequest request, StreamObserver<SubmitTaskResponse> responses) {
        calls.answer(responses, () -> {
            Outcome<List<Submitted>> outcome =
                    submit(List.of(request.getSpec()), request.getTenant(), request.getPrincipal(), false);
            return switch (outcome) {
                case Outcome.Done<List<Submitted>>(List<Submitted> submitted) ->
                    Outcome.done(response(submitted.getFirst()));
                case Outcome.Refused<List<Submitted>>(Error error) -> Outcome.refused(error);
            };
        });
    }

    @Override
    public void submitTasks(SubmitTasksRequest request, StreamObserver<SubmitTasksResponse> responses) {
        calls.answer(responses, () -> {
            int count = request.getSpecsCount();
            if (count < 1 || count > MAX_BATCH) {
                return Outcome.refused(MeshError.of(
                        Code.CODE_INVALID_REQUEST,
                        "The number of tasks in a batch is not allowed.",
                        Integer.toString(count),
                        "1-" + MAX_BATCH));
            }
            return switch (submit(request.getSpecsList(), request.getTenant(), request.getPrincipal(), true)) {
                case Outcome.Done<List<Submitted>>(List<Submitted> submitted) ->
                    Outcome.done(SubmitTasksResponse.newBuilder()
                            .addAllSubmitted(submitted.stream()
                                    .map(TaskService::response)
                                    .toList())
                            .build());
                case Outcome.Refused<List<Submitted>>(Error error) -> Outcome.refused(error);
            };
        });
    }

    private Outcome<List<Submitted>> submit(List<TaskSpec> specs, String tenantWanted, String principal, boolean batch)
            throws Exception {
        String tenant = TaskSpecs.orDefault(tenantWanted, TaskChecks.DEFAULT);
        Optional<Error> badTenant = TaskChecks.tenant(tenant);
        if (badTenant.isPresent()) {
            return Outcome.refused(badTenant.get());
        }
        List<NewTask> tasks = new ArrayList<>(specs.size());
        for (int i = 0; i < specs.size(); i++) {
            switch (Intake.newTask(specs.get(i), tenant, principal, time.nowMicros())) {
                case Outcome.Done<NewTask>(NewTask task) -> tasks.add(task);
                case Outcome.Refused<NewTask>(Error error) -> {
                    String where = batch ? "specs[" + i + "]: " : "";
                    return Outcome.refused(error.toBuilder()
                            .setMessage(where + error.getMessage())
                            .build());
                }
            }
        }
        return Calls.await(dispatcher.submit(tasks));
    }

    @Override
    public StreamObserver<SubmitStreamRequest> submitStream(StreamObserver<SubmitStreamResponse> responses) {
        var call = (ServerCallStreamObserver<SubmitStreamResponse>) responses;
        return new SubmitStreamCall(call, dispatcher, calls, time).start();
    }

    private static SubmitTaskResponse response(Submitted submitted) {
        return SubmitTaskResponse.newBuilder()
                .setTask(TaskMessages.bare(submitted.task()))
                .setExisted(submitted.existed())
                .build();
    }

    @Override
    public void getTask(GetTaskRequest request, StreamObserver<GetTaskResponse> responses) {
        String tenant = TaskSpecs.orDefault(request.getTenant(), TaskChecks.DEFAULT);
        calls.answer(responses, () -> reads.get(request.getTaskId(), tenant));
    }

    @Override
    public void listTasks(ListTasksRequest request, StreamObserver<ListTasksResponse> responses) {
        calls.answer(responses, () -> reads.list(request));
    }

    @Override
    public void watchTasks(WatchTasksRequest request, StreamObserver<WatchTasksResponse> responses) {
        var call = (ServerCallStreamObserver<WatchTasksResponse>) responses;
        WatchCall watching = new WatchCall(dispatcher, reads, call);
        call.setOnReadyHandler(watching::onReady);
        call.setOnCancelHandler(watching::onGone);
        calls.run(() -> watching.run(request));
    }

    @Override
    public void cancelTask(CancelTaskRequest request, StreamObserver<CancelTaskResponse> responses) {
        String tenant = TaskSpecs.orDefault(request.getTenant(), TaskChecks.DEFAULT);
        calls.answer(
                responses,
                () -> change(request.getTaskId(), tenant, id -> dispatcher.cancel(id, tenant), TaskService::cancelled));
    }

    @Override
    public void answerTask(AnswerTaskRequest request, StreamObserver<AnswerTaskResponse> responses) {
        String tenant = TaskSpecs.orDefault(request.getTenant(), TaskChecks.DEFAULT);
        ByteString answer = request.getAnswer();
        calls.answer(responses, () -> {
            if (answer.size() > WorkMessages.MAX_QUESTION_BYTES) {
                return Outcome.refused(MeshError.of(
                        Code.CODE_TOO_LARGE,
                        "The answer is too large.",
                        answer.size() + " bytes",
                        "at most " + WorkMessages.MAX_QUESTION_BYTES));
            }
            return change(
                    request.getTaskId(), tenant, id -> dispatcher.answer(id, tenant, answer), TaskService::answered);
        });
    }

    @Override
    public void explainTask(ExplainTaskRequest request, StreamObserver<ExplainTaskResponse> responses) {
        calls.answer(responses, () -> {
            if (request.getTaskId().isEmpty() != request.hasSpec()) {
                return Outcome.refused(MeshError.of(
                        Code.CODE_INVALID_REQUEST,
                        "Exactly one of task_id and spec is needed.",
                        request.hasSpec() ? "both" : "none",
                        "the id of a task, or a spec"));
            }
            String tenant = TaskSpecs.orDefault(request.getTenant(), TaskChecks.DEFAULT);
            return signed(request.hasSpec() ? whatIf(request.getSpec()) : explain(request.getTaskId(), tenant));
        });
    }

    /** Says who explains. */
    private Outcome<ExplainTaskResponse> signed(Outcome<ExplainTaskResponse> outcome) {
        if (!(outcome instanceof Outcome.Done<ExplainTaskResponse>(ExplainTaskResponse response))) {
            return outcome;
        }
        ExplainTaskResponse.Builder signed = response.toBuilder();
        owner.get().ifPresent(signed::setOwner);
        return Outcome.done(signed.build());
    }

    private Outcome<ExplainTaskResponse> whatIf(TaskSpec given) throws Exception {
        TaskSpec spec = TaskSpecs.complete(given);
        Optional<Error> refusal = TaskChecks.check(spec, given.getPayload(), time.nowMicros());
        return refusal.isPresent()
                ? Outcome.refused(refusal.get())
                : ExplainMessages.response(Calls.await(dispatcher.explain(spec)));
    }

    private Outcome<ExplainTaskResponse> explain(String text, String tenant) throws Exception {
        OptionalLong id = TaskId.parse(text);
        if (id.isEmpty()) {
            return Outcome.refused(TaskReads.noSuchTask(text));
        }
        return switch (Calls.await(dispatcher.explain(id.getAsLong(), tenant))) {
            case Outcome.Done<Optional<Explanation>>(Optional<Explanation> live) -> {
                if (live.isPresent()) {
                    yield ExplainMessages.response(Outcome.done(live.get()));
                }
                yield reads.stored(id.getAsLong(), tenant)
                        .map(stored -> ExplainMessages.ended(stored.task()))
                        .orElseGet(() -> Outcome.refused(TaskReads.noSuchTask(text)));
            }
            case Outcome.Refused<Optional<Explanation>>(Error error) -> Outcome.refused(error);
        };
    }

    private <R> Outcome<R> change(
            String taskId,
            String tenant,
            LongFunction<CompletableFuture<Outcome<Optional<TaskSnapshot>>>> change,
            Function<TaskSnapshot, R> response)
            throws Exception {
        OptionalLong id = TaskId.parse(taskId);
        if (id.isEmpty()) {
            return Outcome.refused(TaskReads.noSuchTask(taskId));
        }
        return switch (Calls.await(change.apply(id.getAsLong()))) {
            case Outcome.Done<Optional<TaskSnapshot>>(Optional<TaskSnapshot> task) ->
                task.isPresent() ? Outcome.done(response.apply(task.get())) : reads.whyNotLive(taskId, tenant);
            case Outcome.Refused<Optional<TaskSnapshot>>(Error error) -> Outcome.refused(error);
        };
    }

    private static CancelTaskResponse cancelled(TaskSnapshot task) {
        return CancelTaskResponse.newBuilder().setTask(TaskMessages.bare(task)).build();
    }

    private static AnswerTaskResponse answered(TaskSnapshot task) {
        return AnswerTaskResponse.newBuilder().setTask(TaskMessages.bare(task)).build();
    }
}
