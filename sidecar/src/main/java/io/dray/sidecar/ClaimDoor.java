package io.dray.sidecar;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import io.dray.agent.v1.Assignment;
import io.dray.agent.v1.Attempt;
import io.dray.agent.v1.AttemptUpdate;
import io.dray.agent.v1.ClaimTaskRequest;
import io.dray.agent.v1.ClaimTaskResponse;
import io.dray.agent.v1.CompleteTaskRequest;
import io.dray.agent.v1.CompleteTaskResponse;
import io.dray.agent.v1.ProgressTaskRequest;
import io.dray.agent.v1.ProgressTaskResponse;
import io.dray.agent.v1.WorkerServiceGrpc.WorkerServiceImplBase;
import io.dray.core.wire.MeshError;
import io.dray.core.wire.Names;
import io.dray.sidecar.tasks.ClaimDesk;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The door for workers that do not attach: checks, and passes on to the {@link ClaimDesk}. Thread-safe; never blocks. */
final class ClaimDoor extends WorkerServiceImplBase {
    private static final int MAX_CAPABILITIES = 256;
    private static final int MAX_RESULT_BYTES = 4 * 1024 * 1024 - 64 * 1024;
    private static final long MAX_SECONDS = TimeUnit.DAYS.toSeconds(1);
    private static final long TIMEOUT_SECONDS = 30;
    private static final long HOLD_SECONDS = 60;

    private final ClaimDesk desk;

    ClaimDoor(ClaimDesk desk) {
        this.desk = desk;
    }

    @Override
    public void claimTask(ClaimTaskRequest request, StreamObserver<ClaimTaskResponse> observer) {
        Optional<Error> refusal = check(request);
        if (refusal.isPresent()) {
            observer.onError(MeshError.toStatus(refusal.get()));
            return;
        }
        var hold = request.hasHold() ? java(request.getHold()) : java.time.Duration.ofSeconds(HOLD_SECONDS);
        var call = (ServerCallStreamObserver<ClaimTaskResponse>) observer;
        CompletableFuture<Optional<Assignment>> found =
                desk.claim(request.getCapabilitiesList(), timeout(request), hold);
        call.setOnCancelHandler(() -> desk.giveUp(found));
        var _ = found.whenComplete((assignment, failure) -> {
            if (failure != null) {
                call.onError(failure);
                return;
            }
            if (call.isCancelled()) {
                assignment.ifPresent(task -> desk.drop(task.getAttempt()));
                return;
            }
            ClaimTaskResponse.Builder response = ClaimTaskResponse.newBuilder();
            assignment.ifPresent(response::setAssignment);
            call.onNext(response.build());
            call.onCompleted();
        });
    }

    private static Optional<Error> check(ClaimTaskRequest request) {
        int count = request.getCapabilitiesCount();
        if (count < 1 || count > MAX_CAPABILITIES) {
            return Optional.of(MeshError.of(
                    count == 0 ? Code.CODE_MISSING_FIELD : Code.CODE_TOO_MANY,
                    "A claim names what the caller can do.",
                    count + " capabilities",
                    "1-" + MAX_CAPABILITIES));
        }
        for (String capability : request.getCapabilitiesList()) {
            if (!Names.isName(capability)) {
                return Optional.of(
                        MeshError.of(Code.CODE_BAD_NAME, "A capability has a bad name.", capability, Names.NAME_FORM));
            }
        }
        return time("timeout", request.hasTimeout(), request.getTimeout(), 0)
                .or(() -> time("hold", request.hasHold(), request.getHold(), 1));
    }

    private static Optional<Error> time(String field, boolean given, Duration time, long leastSeconds) {
        boolean isTime = time.getNanos() >= 0 && time.getNanos() < 1_000_000_000;
        boolean isGood = isTime && time.getSeconds() >= leastSeconds && time.getSeconds() <= MAX_SECONDS;
        return !given || isGood
                ? Optional.empty()
                : Optional.of(MeshError.of(
                        Code.CODE_INVALID_REQUEST,
                        field + " is not allowed.",
                        time.getSeconds() + " s " + time.getNanos() + " ns",
                        leastSeconds + " s to " + MAX_SECONDS + " s"));
    }

    private static java.time.Duration timeout(ClaimTaskRequest request) {
        if (request.hasTimeout()) {
            return java(request.getTimeout());
        }
        @Nullable Deadline deadline = Context.current().getDeadline();
        return deadline == null
                ? java.time.Duration.ofSeconds(TIMEOUT_SECONDS)
                : java.time.Duration.ofMillis(Math.max(0, deadline.timeRemaining(TimeUnit.MILLISECONDS)));
    }

    private static java.time.Duration java(Duration time) {
        return java.time.Duration.ofSeconds(time.getSeconds(), time.getNanos());
    }

    @Override
    public void progressTask(ProgressTaskRequest request, StreamObserver<ProgressTaskResponse> observer) {
        Attempt attempt = request.getAttempt();
        AttemptUpdate update = AttemptUpdate.newBuilder()
                .setTaskId(attempt.getTaskId())
                .setToken(attempt.getToken())
                .setPercent(request.getPercent())
                .setMessage(request.getMessage())
                .setCheckpoint(request.getCheckpoint())
                .build();
        var _ = desk.progress(update).thenAccept(standing -> {
            if (standing.isEmpty()) {
                observer.onError(MeshError.toStatus(ClaimDesk.fenced(attempt)));
                return;
            }
            long micros = standing.get().heldUntilMicros();
            observer.onNext(ProgressTaskResponse.newBuilder()
                    .setCancelled(standing.get().cancelled())
                    .setHeldUntil(Timestamp.newBuilder()
                            .setSeconds(micros / 1_000_000)
                            .setNanos((int) (micros % 1_000_000) * 1_000))
                    .build());
            observer.onCompleted();
        });
    }

    @Override
    public void completeTask(CompleteTaskRequest request, StreamObserver<CompleteTaskResponse> observer) {
        int size = request.getResult().size();
        if (size > MAX_RESULT_BYTES) {
            observer.onError(MeshError.toStatus(MeshError.of(
                    Code.CODE_TOO_LARGE, "The result is too large.", size + " bytes", "at most " + MAX_RESULT_BYTES)));
            return;
        }
        @Nullable Error error = request.hasError() ? failure(request.getError()) : null;
        var _ = desk.complete(request.getAttempt(), request.getResult(), error).thenAccept(refusal -> {
            if (refusal.isPresent()) {
                observer.onError(MeshError.toStatus(refusal.get()));
                return;
            }
            observer.onNext(CompleteTaskResponse.getDefaultInstance());
            observer.onCompleted();
        });
    }

    private static Error failure(Error given) {
        return given.getCode() == Code.CODE_UNSPECIFIED
                ? MeshError.bounded(given.toBuilder()
                        .setCode(Code.CODE_HANDLER_FAILED)
                        .setRetryable(true)
                        .build())
                : MeshError.bounded(given);
    }
}
