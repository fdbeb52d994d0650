package io.dray.router;

import com.google.protobuf.ByteString;
import io.dray.router.store.StoredTask;
import io.dray.router.tasks.Attempts;
import io.dray.router.tasks.Hold;
import io.dray.router.tasks.Limit;
import io.dray.router.tasks.Progress;
import io.dray.router.tasks.Question;
import io.dray.router.tasks.StateName;
import io.dray.router.tasks.Submission;
import io.dray.router.tasks.TaskId;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.router.tasks.TaskState;
import io.dray.router.tasks.WaitingReason;
import io.dray.router.v1.StoreRecord;
import io.dray.router.v1.StoredLimit;
import io.dray.router.v1.TaskPart;
import io.dray.router.v1.TaskRecord;
import io.dray.router.v1.TaskSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tasks and limits as records of an exported store, and back. Stateless. */
final class StoreRecords {
    static final String MAGIC = "dray-store";
    static final int FORMAT = 1;
    /** Of payload and result in one record; beyond it they follow in parts. */
    static final int PART_BYTES = 1 << 20;

    private StoreRecords() {}

    static StoreRecord of(Limit limit) {
        return StoreRecord.newBuilder()
                .setLimit(StoredLimit.newBuilder()
                        .setScope(limit.scope().number())
                        .setName(limit.name())
                        .setMaxRunning(limit.maxRunning())
                        .setRatePerS(limit.ratePerSecond())
                        .setBurst(limit.burst())
                        .setStrict(limit.strict()))
                .build();
    }

    /** Throws IllegalArgumentException where the record is none of a limit. */
    static Limit limit(StoredLimit stored) {
        return new Limit(
                Limit.Scope.of(stored.getScope()),
                stored.getName(),
                stored.getMaxRunning(),
                stored.getRatePerS(),
                stored.getBurst(),
                stored.getStrict());
    }

    /** Returns the record of a task and those of its parts. */
    static List<StoreRecord> of(StoredTask stored) {
        TaskRecord.Builder task = record(stored.task());
        ByteString result =
                stored.task().state() instanceof TaskState.Succeeded succeeded ? succeeded.result() : ByteString.EMPTY;
        if (stored.payload().size() + result.size() <= PART_BYTES) {
            task.setPayload(stored.payload()).setResult(result);
            return List.of(StoreRecord.newBuilder().setTask(task).build());
        }
        List<TaskPart> parts = new ArrayList<>();
        pieces(stored.payload())
                .forEach(piece ->
                        parts.add(TaskPart.newBuilder().setPayload(piece).build()));
        pieces(result)
                .forEach(piece ->
                        parts.add(TaskPart.newBuilder().setResult(piece).build()));
        List<StoreRecord> records = new ArrayList<>();
        records.add(
                StoreRecord.newBuilder().setTask(task.setParts(parts.size())).build());
        parts.forEach(part -> records.add(StoreRecord.newBuilder().setPart(part).build()));
        return records;
    }

    private static List<ByteString> pieces(ByteString whole) {
        List<ByteString> pieces = new ArrayList<>();
        for (int from = 0; from < whole.size(); from += PART_BYTES) {
            pieces.add(whole.substring(from, Math.min(whole.size(), from + PART_BYTES)));
        }
        return pieces;
    }

    private static TaskRecord.Builder record(TaskSnapshot task) {
        Submission submission = task.submission();
        Attempts attempts = task.attempts();
        TaskRecord.Builder record = TaskRecord.newBuilder()
                .setId(submission.id())
                .setSpec(submission.spec())
                .setTenant(submission.tenant())
                .setPrincipal(submission.principal())
                .setFingerprint(submission.fingerprint())
                .setSubmittedMicros(submission.submittedMicros())
                .setStateValue(task.state().name().number())
                .setAttempts(attempts.count())
                .setToken(attempts.token())
                .setCancelRequested(task.cancelRequested())
                .setRevision(task.revision())
                .setCheckpoint(attempts.checkpoint())
                .setQuestionToken(attempts.question().token())
                .setQuestionNumber(attempts.question().number())
                .setQuestion(attempts.question().text());
        Hold last = attempts.last();
        if (last != null) {
            record.setNode(last.node()).setInstance(last.instance()).setAssignedMicros(last.assignedMicros());
        }
        if (attempts.error() != null) {
            record.setError(attempts.error());
        }
        ByteString answer = attempts.question().answer();
        if (answer != null) {
            record.setAnswer(answer);
        }
        if (task.state() instanceof TaskState.Waiting waiting) {
            record.setWaitingReasonValue(waiting.reason().number()).setWaitingUntilMicros(waiting.untilMicros());
        }
        if (task.state() instanceof TaskState.Ended ended) {
            record.setFinishedMicros(ended.finishedMicros());
        }
        return record;
    }

    /** Returns the task of a record with its whole payload and result; IllegalArgumentException where it is none. */
    static StoredTask task(TaskRecord record, ByteString payload, ByteString result) {
        if (record.getId() <= 0) {
            throw new IllegalArgumentException("id: " + record.getId() + " (expected: > 0)");
        }
        require(record, !record.getSpec().getCapability().isEmpty(), "has no capability");
        require(record, record.getSpec().getPayload().isEmpty(), "has its payload in its spec");
        require(record, !record.getTenant().isEmpty(), "has no tenant");
        TaskSpec spec = record.getSpec();
        Submission submission = new Submission(
                record.getId(),
                spec,
                record.getTenant(),
                record.getPrincipal(),
                record.getFingerprint(),
                record.getSubmittedMicros());
        Hold last = record.getNode().isEmpty()
                ? null
                : new Hold(record.getToken(), record.getNode(), record.getInstance(), record.getAssignedMicros());
        Question question = new Question(
                record.getQuestionToken(),
                record.getQuestionNumber(),
                record.getQuestion(),
                record.hasAnswer() ? record.getAnswer() : null);
        Attempts attempts = new Attempts(
                record.getAttempts(),
                record.getToken(),
                last,
                record.hasError() ? record.getError() : null,
                record.getCheckpoint(),
                question);
        TaskSnapshot task = new TaskSnapshot(
                submission,
                state(record, last, result),
                attempts,
                Progress.NONE,
                record.getCancelRequested(),
                record.getRevision());
        return new StoredTask(task, payload);
    }

    private static TaskState state(TaskRecord record, @Nullable Hold last, ByteString result) {
        StateName name = StateName.of(record.getStateValue());
        require(
                record,
                name.isEnded() == (record.getFinishedMicros() > 0),
                "is ended without a time, or not ended with one");
        return switch (name) {
            case WAITING ->
                new TaskState.Waiting(WaitingReason.of(record.getWaitingReasonValue()), record.getWaitingUntilMicros());
            case PENDING -> new TaskState.Pending();
            case ASSIGNED -> new TaskState.Assigned(held(record, last));
            case RUNNING -> new TaskState.Running(held(record, last));
            case PARKED -> new TaskState.Parked(held(record, last));
            case SUCCEEDED -> new TaskState.Succeeded(record.getFinishedMicros(), result);
            case FAILED -> new TaskState.Failed(record.getFinishedMicros());
            case CANCELLED -> new TaskState.Cancelled(record.getFinishedMicros());
            case EXPIRED -> new TaskState.Expired(record.getFinishedMicros());
        };
    }

    private static Hold held(TaskRecord record, @Nullable Hold last) {
        if (last == null) {
            throw new IllegalArgumentException("task " + TaskId.text(record.getId()) + " is held by nobody");
        }
        return last;
    }

    private static void require(TaskRecord record, boolean isSo, String otherwise) {
        if (!isSo) {
            throw new IllegalArgumentException("task " + TaskId.text(record.getId()) + " " + otherwise);
        }
    }
}
