package io.dray.router;

import io.dray.core.wire.MeshError;
import io.dray.router.dispatch.Dispatcher;
import io.dray.router.dispatch.NewTask;
import io.dray.router.dispatch.Submitted;
import io.dray.router.dispatch.Time;
import io.dray.router.tasks.Outcome;
import io.dray.router.tasks.TaskId;
import io.dray.router.v1.StreamedTask;
import io.dray.router.v1.SubmitStreamRequest;
import io.dray.router.v1.SubmitStreamResponse;
import io.dray.router.v1.TaskSpec;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One client's stream of submissions. A message is read when little enough is open, checked on a virtual thread and handed
 * to the dispatcher before the next one is asked for, so tasks keep their order; answers of one commit leave together.
 * Thread-safe.
 */
final class SubmitStreamCall implements StreamObserver<SubmitStreamRequest> {
    private static final int MAX_SPECS = 1_000;
    private static final int MAX_OPEN_TASKS = 4_096;
    private static final long MAX_OPEN_BYTES = 16L << 20;
    private static final int FRAME_TASKS = 1_000;

    private final ServerCallStreamObserver<SubmitStreamResponse> call;
    private final OutboundStream<SubmitStreamResponse> out;
    private final Dispatcher dispatcher;
    private final Calls calls;
    private final Time time;

    private final List<StreamedTask> answers = new ArrayList<>();
    private long nextIndex;
    private int openTasks;
    private long openBytes;
    private boolean isReading;
    private boolean halfClosed;

    SubmitStreamCall(
            ServerCallStreamObserver<SubmitStreamResponse> call, Dispatcher dispatcher, Calls calls, Time time) {
        this.call = call;
        this.out = new OutboundStream<>(call);
        this.dispatcher = dispatcher;
        this.calls = calls;
        this.time = time;
        call.disableAutoRequest();
        call.setOnCancelHandler(out::onGone);
    }

    /** Asks for the first message. */
    SubmitStreamCall start() {
        readMore();
        return this;
    }

    @Override
    public void onNext(SubmitStreamRequest request) {
        int count = request.getSpecsCount();
        if (count > MAX_SPECS) {
            out.end(MeshError.of(
                    Code.CODE_INVALID_REQUEST,
                    "The number of tasks in a message is not allowed.",
                    Integer.toString(count),
                    "at most " + MAX_SPECS));
            return;
        }
        long first;
        synchronized (this) {
            first = nextIndex;
            nextIndex += count;
            openTasks += count;
            openBytes += request.getSerializedSize();
        }
        calls.run(() -> take(request, first));
    }

    private void take(SubmitStreamRequest request, long firstIndex) {
        String tenant = TaskSpecs.orDefault(request.getTenant(), TaskChecks.DEFAULT);
        Optional<Error> badTenant = TaskChecks.tenant(tenant);
        long index = firstIndex;
        for (TaskSpec spec : request.getSpecsList()) {
            Outcome<NewTask> task = badTenant.isPresent()
                    ? Outcome.refused(badTenant.get())
                    : Intake.newTask(spec, tenant, request.getPrincipal(), time.nowMicros());
            submit(task, index, spec.getSerializedSize());
            index++;
        }
        synchronized (this) {
            isReading = false;
            openBytes -= request.getSerializedSize()
                    - request.getSpecsList().stream()
                            .mapToLong(TaskSpec::getSerializedSize)
                            .sum();
        }
        readMore();
        endIfDone();
    }

    private void submit(Outcome<NewTask> checked, long index, int bytes) {
        switch (checked) {
            case Outcome.Done<NewTask>(NewTask task) -> {
                var _ = dispatcher
                        .submit(List.of(task))
                        .whenComplete((outcome, failure) -> answer(
                                failure == null ? streamed(index, outcome) : refused(index, Calls.error(failure)),
                                bytes));
            }
            case Outcome.Refused<NewTask>(Error error) -> answer(refused(index, error), bytes);
        }
    }

    private static StreamedTask streamed(long index, Outcome<List<Submitted>> outcome) {
        return switch (outcome) {
            case Outcome.Done<List<Submitted>>(List<Submitted> submitted) ->
                StreamedTask.newBuilder()
                        .setIndex(index)
                        .setTaskId(TaskId.text(submitted.getFirst().task().id()))
                        .setExisted(submitted.getFirst().existed())
                        .build();
            case Outcome.Refused<List<Submitted>>(Error error) -> refused(index, error);
        };
    }

    private static StreamedTask refused(long index, Error error) {
        return StreamedTask.newBuilder().setIndex(index).setError(error).build();
    }

    /** Any thread, mostly the dispatcher's, which does not write itself: the next answers join the first one's frame. */
    private void answer(StreamedTask task, int bytes) {
        boolean isFirst;
        synchronized (this) {
            isFirst = answers.isEmpty();
            answers.add(task);
            openBytes -= bytes;
        }
        if (isFirst) {
            calls.run(this::writeAnswers);
        }
    }

    private void writeAnswers() {
        List<StreamedTask> ready;
        synchronized (this) {
            ready = List.copyOf(answers);
            answers.clear();
        }
        for (int from = 0; from < ready.size(); from += FRAME_TASKS) {
            out.send(SubmitStreamResponse.newBuilder()
                    .addAllTasks(ready.subList(from, Math.min(ready.size(), from + FRAME_TASKS)))
                    .build());
        }
        synchronized (this) {
            openTasks -= ready.size();
        }
        readMore();
        endIfDone();
    }

    private void readMore() {
        synchronized (this) {
            if (isReading || halfClosed || openTasks >= MAX_OPEN_TASKS || openBytes >= MAX_OPEN_BYTES) {
                return;
            }
            isReading = true;
        }
        call.request(1);
    }

    private void endIfDone() {
        synchronized (this) {
            if (!halfClosed || openTasks > 0) {
                return;
            }
        }
        out.end(null);
    }

    @Override
    public void onCompleted() {
        synchronized (this) {
            halfClosed = true;
        }
        endIfDone();
    }

    @Override
    public void onError(Throwable failure) {
        out.onGone();
    }
}
