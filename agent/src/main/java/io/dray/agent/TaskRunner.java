package io.dray.agent;

import com.google.protobuf.ByteString;
import io.dray.agent.v1.Answer;
import io.dray.agent.v1.Assignment;
import io.dray.agent.v1.AttachRequest;
import io.dray.agent.v1.Attempt;
import io.dray.agent.v1.AttemptUpdate;
import io.dray.core.wire.MeshError;
import io.dray.types.v1.Code;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Runs assigned attempts on virtual threads, as many at once as the agent has slots, and keeps their outcomes until the
 * router has them. Belongs to the loop, but for what running attempts call.
 */
final class TaskRunner implements FramePart {
    /** Outcomes of a Hello at most, in bytes; the rest is told as running there and as done in the next frames. */
    private static final int HELLO_BYTES = 512 * 1024;

    private static final int MAX_RESULT_BYTES = 4 * 1024 * 1024 - 64 * 1024;
    private static final long PROGRESS_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long MIN_LEASE_MICROS = 1_000_000;
    /** Long enough for the loop to read what lies behind an assignment. */
    private static final long LATE_MILLIS = 250;

    private final Loop loop;
    private final Timers timers;
    private final AgentSpec agent;
    private final Runnable requestDrain;
    private final Supplier<Mesh> mesh;
    private final Map<Attempt, RunningAttempt> attempts = new LinkedHashMap<>();
    /** The attempt of each task that has the largest token. */
    private final Map<String, RunningAttempt> newest = new HashMap<>();

    private final AtomicInteger slotsTaken = new AtomicInteger();
    private final Deque<RunningAttempt> changed = new ArrayDeque<>();
    private final Deque<AttemptUpdate> answers = new ArrayDeque<>();

    TaskRunner(Loop loop, Timers timers, AgentSpec agent, Runnable requestDrain, Supplier<Mesh> mesh) {
        this.loop = loop;
        this.timers = timers;
        this.agent = agent;
        this.requestDrain = requestDrain;
        this.mesh = mesh;
    }

    Mesh mesh() {
        return mesh.get();
    }

    /** Takes a task, or says that there is no room or no handler. One that is known already is no news. */
    void onAssignment(Assignment assignment) {
        if (attempts.containsKey(assignment.getAttempt())) {
            return;
        }
        long leftMicros = assignment.getLeaseUntilUnixMicros() - loop.unixMicros();
        long leaseMicros = Math.max(MIN_LEASE_MICROS, leftMicros);
        boolean hasRoom = slotsTaken.get() < agent.slots();
        var attempt = new RunningAttempt(this, assignment, TimeUnit.MICROSECONDS.toNanos(leaseMicros));
        attempts.put(attempt.attempt(), attempt);
        if (!fence(attempt)) {
            return;
        }
        var handler = agent.taskHandler(assignment.getType());
        if (!hasRoom) {
            attempt.finish(null, MeshError.of(Code.CODE_NO_ROOM, "All task slots of the agent are taken."));
            return;
        }
        if (handler.isEmpty()) {
            attempt.finish(null, Errors.noHandler("tasks", "type", assignment.getType(), agent.taskTypes()));
            return;
        }
        boolean isLate = leftMicros <= 0 && assignment.getLeaseUntilUnixMicros() != 0;
        start(attempt, handler.get(), isLate ? LATE_MILLIS : 0);
    }

    /**
     * What comes when its lease is over lay in the stream while this process stood still (or the host's clock was set):
     * the task may be another's by now. What cancels the attempt then lies behind it, and is read first.
     */
    private void start(RunningAttempt attempt, TaskHandler handler, long afterMillis) {
        Runnable start = () -> Thread.ofVirtual()
                .name("dray-task-" + attempt.attempt().getTaskId())
                .start(() -> run(attempt, handler));
        if (afterMillis == 0) {
            start.run();
        } else {
            var _ = loop.executor().schedule(start, afterMillis, TimeUnit.MILLISECONDS);
        }
    }

    /** Stops an attempt; of an unknown one it is said at once that it does not run. */
    void onCancel(Attempt wanted) {
        RunningAttempt attempt = attempts.get(wanted);
        if (attempt != null) {
            attempt.cancel(MeshError.of(Code.CODE_CANCELLED, "The attempt was cancelled."));
            return;
        }
        answers.add(AttemptUpdate.newBuilder()
                .setTaskId(wanted.getTaskId())
                .setToken(wanted.getToken())
                .setDone(true)
                .setError(MeshError.of(Code.CODE_CANCELLED, "The agent does not run this attempt."))
                .build());
        requestDrain.run();
    }

    /** Lets a parked attempt go on. */
    void onAnswer(Answer answer) {
        RunningAttempt attempt = attempts.get(answer.getAttempt());
        if (attempt != null) {
            attempt.onAnswer(answer.getNumber(), answer.getAnswer());
        }
    }

    /** Forgets an outcome that the router has stored or fenced. */
    void onFinished(Attempt stored) {
        RunningAttempt attempt = attempts.get(stored);
        if (attempt != null && attempt.isDone()) {
            attempts.remove(stored);
            newest.remove(stored.getTaskId(), attempt);
            timers.cancel(attempt);
        }
    }

    /** Returns what a Hello says of attempts. */
    List<AttemptUpdate> running() {
        List<AttemptUpdate> running = new ArrayList<>();
        int bytes = 0;
        for (RunningAttempt attempt : attempts.values()) {
            AttemptUpdate update = attempt.update(true);
            if (bytes + update.getSerializedSize() > HELLO_BYTES) {
                update = attempt.update(false);
                attempt.repeat();
            }
            bytes += update.getSerializedSize();
            running.add(update);
        }
        return running;
    }

    void onAttached() {
        attempts.values().forEach(timers::cancel);
        requestDrain.run();
    }

    /** Watches the leases, since nobody can renew them for a worker that is away. */
    void onDetached() {
        for (RunningAttempt attempt : attempts.values()) {
            if (!attempt.isDone()) {
                timers.start(attempt, attempt.leaseNanos());
            }
        }
    }

    void onLeaseLost(RunningAttempt attempt) {
        attempt.cancel(
                MeshError.of(Code.CODE_WORKER_LOST, "The sidecar was away for longer than the lease of the attempt."));
    }

    void cancelAll() {
        var reason = MeshError.of(Code.CODE_DRAINING, "The agent shuts down.");
        attempts.values().forEach(attempt -> attempt.cancel(reason));
    }

    /** Whether no attempt runs and the router has all outcomes. */
    boolean isIdle() {
        return attempts.isEmpty() && answers.isEmpty();
    }

    /** Has an update of an attempt sent. Any thread. */
    void queue(RunningAttempt attempt) {
        loop.run(() -> {
            changed.add(attempt);
            requestDrain.run();
        });
    }

    /** The same for progress, of which only the last within a while is sent. Any thread. */
    void queueLater(RunningAttempt attempt) {
        var _ = loop.executor().schedule(attempt::onDelayOver, PROGRESS_NANOS, TimeUnit.NANOSECONDS);
    }

    @Override
    public int moveTo(AttachRequest.Builder frame, int room) {
        int bytes = 0;
        for (AttemptUpdate answer = answers.poll(); answer != null; answer = answers.poll()) {
            frame.addAttempts(answer);
            bytes += answer.getSerializedSize();
        }
        while (!changed.isEmpty() && bytes < room) {
            RunningAttempt attempt = changed.remove();
            if (!attempt.leaveQueue()) {
                continue;
            }
            AttemptUpdate update = attempt.update(true);
            int size = update.getSerializedSize();
            boolean isAlone = bytes == 0 && room == Departures.CONTROL_BYTES;
            if (bytes + size > room && !isAlone) {
                attempt.repeat();
                break;
            }
            frame.addAttempts(update);
            bytes += size;
        }
        return bytes;
    }

    private void run(RunningAttempt attempt, TaskHandler handler) {
        if (!attempt.start()) {
            attempt.finish(null, null);
            return;
        }
        try {
            byte[] result = handler.handle(attempt.task(), attempt);
            if (result.length > MAX_RESULT_BYTES) {
                attempt.finish(
                        null, Errors.tooLarge(Code.CODE_TOO_LARGE, "The result", result.length, MAX_RESULT_BYTES));
                return;
            }
            attempt.finish(ByteString.copyFrom(result), null);
        } catch (Throwable failure) {
            attempt.finish(null, Errors.taskFailed(failure));
            if (failure instanceof VirtualMachineError fatal) {
                throw fatal;
            }
        }
    }

    /** Notes that an attempt takes a slot of the agent (1) or leaves it (-1). Any thread. */
    void takeSlot(int change) {
        slotsTaken.addAndGet(change);
    }

    /** Lets only the attempt of a task with the largest token run on; false when that is not this one. */
    private boolean fence(RunningAttempt attempt) {
        var reason = MeshError.of(Code.CODE_FENCED, "A newer attempt of the task was assigned.");
        RunningAttempt other = newest.get(attempt.attempt().getTaskId());
        if (other != null && other.attempt().getToken() > attempt.attempt().getToken()) {
            attempt.finish(null, reason);
            return false;
        }
        if (other != null) {
            other.cancel(reason);
        }
        newest.put(attempt.attempt().getTaskId(), attempt);
        return true;
    }
}
