package io.dray.router;

import com.google.protobuf.ByteString;
import io.dray.core.wire.MeshError;
import io.dray.router.fleet.NodeFigures;
import io.dray.router.fleet.WorkFrame;
import io.dray.router.fleet.Worker;
import io.dray.router.tasks.AttemptEvent;
import io.dray.router.tasks.AttemptKey;
import io.dray.router.tasks.Progress;
import io.dray.router.tasks.TaskId;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.router.v1.Answer;
import io.dray.router.v1.Assignment;
import io.dray.router.v1.Attempt;
import io.dray.router.v1.NodeHello;
import io.dray.router.v1.NodeReport;
import io.dray.router.v1.Question;
import io.dray.router.v1.TaskSpec;
import io.dray.router.v1.WorkRequest;
import io.dray.router.v1.WorkerSlots;
import io.dray.types.v1.Code;
import java.time.Duration;
import java.util.List;

/** The contract's messages of work streams to and from our own. Stateless. */
final class WorkMessages {
    private static final int MAX_PERCENT = 100;
    private static final int MAX_MESSAGE_BYTES = 1024;
    /** Of a question and of its answer: they stand in the row of a live task. */
    static final int MAX_QUESTION_BYTES = 64 * 1024;
    /** No task has it: an event that names no task is fenced like any other unknown attempt. */
    private static final long NO_TASK = 0;

    private WorkMessages() {}

    static io.dray.router.fleet.NodeHello hello(NodeHello hello) {
        return new io.dray.router.fleet.NodeHello(
                hello.getNode(),
                hello.getIncarnation(),
                workers(hello.getSlotsList()),
                attempts(hello.getRunningList()),
                hello.getLabelsMap(),
                hello.hasReport() ? figures(hello.getReport()) : null);
    }

    static WorkFrame frame(WorkRequest frame) {
        return new WorkFrame(
                workers(frame.getSlotsList()),
                frame.getSlotsComplete(),
                frame.hasReport() ? figures(frame.getReport()) : null,
                attempts(frame.getRunningList()),
                frame.getEventsList().stream().map(WorkMessages::event).toList());
    }

    private static List<Worker> workers(List<WorkerSlots> slots) {
        return slots.stream()
                .map(worker -> new Worker(
                        worker.getInstance(),
                        worker.getCapabilitiesList(),
                        Math.clamp(Integer.toUnsignedLong(worker.getTotal()), 0, WorkChecks.MAX_SLOTS)))
                .toList();
    }

    private static NodeFigures figures(NodeReport report) {
        return new NodeFigures(
                report.getNumber(),
                atLeastZero(report.getFreeCpuMillis()),
                Math.max(0, report.getFreeMemoryBytes()),
                atLeastZero(report.getTotalCpuMillis()),
                Math.max(0, report.getTotalMemoryBytes()),
                report.getAssignmentsCountedThrough());
    }

    private static int atLeastZero(int unsigned) {
        return unsigned < 0 ? Integer.MAX_VALUE : unsigned;
    }

    /** Those whose task id is none: no dispatcher knows them. */
    static List<Attempt> nameless(List<Attempt> attempts) {
        return attempts.stream()
                .filter(attempt -> TaskId.parse(attempt.getTaskId()).isEmpty())
                .toList();
    }

    private static List<AttemptKey> attempts(List<Attempt> attempts) {
        return attempts.stream()
                .filter(attempt -> TaskId.parse(attempt.getTaskId()).isPresent())
                .map(WorkMessages::attempt)
                .toList();
    }

    private static AttemptKey attempt(Attempt attempt) {
        return new AttemptKey(TaskId.parse(attempt.getTaskId()).orElse(NO_TASK), attempt.getToken());
    }

    static Attempt attempt(AttemptKey attempt) {
        return Attempt.newBuilder()
                .setTaskId(TaskId.text(attempt.taskId()))
                .setToken(attempt.token())
                .build();
    }

    private static AttemptEvent event(io.dray.router.v1.AttemptEvent event) {
        AttemptEvent.What what = switch (event.getEventCase()) {
            case ACCEPTED, EVENT_NOT_SET -> new AttemptEvent.Accepted();
            case REJECTED -> new AttemptEvent.Rejected(event.getRejected());
            case STARTED -> new AttemptEvent.Started();
            case PROGRESS -> progressed(event.getProgress());
            case SUCCEEDED -> new AttemptEvent.Succeeded(event.getSucceeded());
            case FAILED -> new AttemptEvent.Failed(MeshError.bounded(event.getFailed()));
            case CANCELLED -> new AttemptEvent.Cancelled();
            case PARKED -> parked(event.getParked());
        };
        return new AttemptEvent(event.getNumber(), attempt(event.getAttempt()), what);
    }

    private static AttemptEvent.What parked(Question question) {
        if (question.getQuestion().isEmpty() || question.getQuestion().size() > MAX_QUESTION_BYTES) {
            return new AttemptEvent.Failed(MeshError.of(
                    Code.CODE_INVALID_REQUEST,
                    "The question of the task has a size that is not allowed.",
                    question.getQuestion().size() + " bytes",
                    "1-" + MAX_QUESTION_BYTES));
        }
        return new AttemptEvent.Parked(question.getNumber(), question.getQuestion());
    }

    static Answer answer(io.dray.router.fleet.Answer answer) {
        return Answer.newBuilder()
                .setAttempt(attempt(answer.attempt()))
                .setNumber(answer.number())
                .setAnswer(answer.text())
                .build();
    }

    private static AttemptEvent.Progressed progressed(io.dray.router.v1.Progress progress) {
        String shortened = MeshError.shorten(progress.getMessage(), MAX_MESSAGE_BYTES);
        int percent = Math.clamp(Integer.toUnsignedLong(progress.getPercent()), 0, MAX_PERCENT);
        return new AttemptEvent.Progressed(new Progress(percent, shortened), progress.getCheckpoint());
    }

    static Assignment assignment(io.dray.router.fleet.Assignment assignment, Duration lease) {
        TaskSnapshot task = assignment.task();
        TaskSpec spec = task.submission().spec();
        ByteString checkpoint = task.attempts().checkpoint();
        boolean fits = checkpoint.size() + assignment.payload().size() <= TaskMessages.MAX_BODY_BYTES;
        Assignment.Builder builder = Assignment.newBuilder()
                .setNumber(assignment.number())
                .setAttempt(attempt(new AttemptKey(task.id(), task.attempts().token())))
                .setInstance(assignment.instance())
                .setLeaseMillis((int) lease.toMillis())
                .setCapability(spec.getCapability())
                .setCpuMillis(spec.getResources().getCpuMillis())
                .setMemoryBytes(spec.getResources().getMemoryBytes())
                .setType(spec.getType())
                .setContentType(spec.getContentType())
                .setAttemptNumber(task.attempts().count())
                .setCheckpoint(fits ? checkpoint : ByteString.EMPTY)
                .setTenant(task.submission().tenant())
                .setQueue(spec.getQueue())
                .setPrincipal(task.submission().principal())
                .setPayload(assignment.payload());
        if (spec.hasDeadline()) {
            builder.setDeadlineUnixMicros(task.submission().deadlineMicros());
        }
        return builder.build();
    }
}
