package io.dray.agent;

import com.google.protobuf.ByteString;
import io.dray.agent.v1.Assignment;
import io.dray.agent.v1.Attempt;
import io.dray.agent.v1.AttemptUpdate;
import io.dray.types.v1.Error;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One attempt in this process, from its assignment until the router has its outcome. Guarded by itself; its timer, for
 * the lease while detached, belongs to the loop.
 *
 * <pre>
 *   running --handler ends--> done --finished--> forgotten
 *   running <--park, answer--> parked
 *      +--cancel--> cancelled --handler ends--> done
 * </pre>
 */
final class RunningAttempt extends Timers.Timer implements TaskContext {
    private static final int MAX_MESSAGE_BYTES = 1_024;
    private static final int MAX_QUESTION_BYTES = 64 * 1_024;

    private final TaskRunner runner;
    private final Assignment assignment;
    private final long leaseNanos;
    private AttemptUpdate.Builder update;
    private boolean isChanged;
    private boolean isQueued;
    private boolean isDelayed;
    private boolean isDone;
    /** Whether it takes one of the agent's slots: a parked one does not. */
    private boolean takesSlot;

    private @Nullable Error cancelled;
    private @Nullable Thread thread;
    private long lastQuestion;
    private @Nullable CompletableFuture<ByteString> answer;

    RunningAttempt(TaskRunner runner, Assignment assignment, long leaseNanos) {
        this.runner = runner;
        this.assignment = assignment;
        this.leaseNanos = leaseNanos;
        this.update = AttemptUpdate.newBuilder()
                .setTaskId(attempt().getTaskId())
                .setToken(attempt().getToken());
        countSlot();
    }

    Attempt attempt() {
        return assignment.getAttempt();
    }

    long leaseNanos() {
        return leaseNanos;
    }

    /** Returns the task as the handler sees it. */
    Task task() {
        return Task.of(assignment);
    }

    /** Notes that the handler starts on this thread; false when the attempt was cancelled before. */
    synchronized boolean start() {
        if (cancelled != null) {
            return false;
        }
        thread = Thread.currentThread();
        update.setStarted(true);
        changed();
        return true;
    }

    /** Notes the outcome; of a cancelled attempt the cancellation is the outcome. */
    synchronized void finish(@Nullable ByteString result, @Nullable Error error) {
        thread = null;
        isDone = true;
        countSlot();
        Error reason = cancelled != null ? cancelled : error;
        update.setStarted(true).setDone(true);
        if (reason != null) {
            update.setError(reason);
        } else if (result != null) {
            update.setResult(result);
        }
        changed();
    }

    synchronized void cancel(Error reason) {
        if (isDone || cancelled != null) {
            return;
        }
        cancelled = reason;
        if (thread != null) {
            thread.interrupt();
        }
    }

    synchronized boolean isDone() {
        return isDone;
    }

    /** Whether there is something to send; it counts as taken from the queue. */
    synchronized boolean leaveQueue() {
        isQueued = false;
        return isChanged;
    }

    /** Returns all that is known, which replaces what was said before; {@code whole} says the outcome too. */
    synchronized AttemptUpdate update(boolean whole) {
        if (isDone && !whole) {
            return update.clone().setDone(false).clearResult().clearError().build();
        }
        isChanged = false;
        return update.build();
    }

    /** Has everything said once more. */
    synchronized void repeat() {
        changed();
    }

    /** Called by the runner once a delay of progress is over. */
    synchronized void onDelayOver() {
        isDelayed = false;
        if (isChanged && !isQueued) {
            isQueued = true;
            runner.queue(this);
        }
    }

    @Override
    public Mesh mesh() {
        return runner.mesh();
    }

    @Override
    public synchronized void progress(int percent, String message) {
        if (isDone) {
            return;
        }
        update.setPercent(Math.clamp(percent, 0, 100)).setMessage(cut(message));
        isChanged = true;
        if (!isQueued && !isDelayed) {
            isDelayed = true;
            runner.queueLater(this);
        }
    }

    @Override
    public synchronized void checkpoint(byte[] state) {
        if (!isDone) {
            update.setCheckpoint(ByteString.copyFrom(state));
            changed();
        }
    }

    @Override
    public byte[] park(byte[] question) throws InterruptedException {
        if (question.length == 0 || question.length > MAX_QUESTION_BYTES) {
            throw new IllegalArgumentException(
                    "question: " + question.length + " bytes (expected: 1-" + MAX_QUESTION_BYTES + ")");
        }
        CompletableFuture<ByteString> coming = ask(ByteString.copyFrom(question));
        try {
            return coming.get().toByteArray();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        } finally {
            goOn();
        }
    }

    private synchronized CompletableFuture<ByteString> ask(ByteString question) throws InterruptedException {
        if (cancelled != null || isDone) {
            throw new InterruptedException("the attempt was cancelled");
        }
        if (answer != null) {
            throw new IllegalStateException("the task is parked already (expected: one question at a time)");
        }
        answer = new CompletableFuture<>();
        countSlot();
        lastQuestion++;
        update.setQuestionNumber(lastQuestion).setQuestion(question);
        changed();
        return answer;
    }

    private synchronized void goOn() {
        answer = null;
        countSlot();
        update.clearQuestionNumber().clearQuestion();
        changed();
    }

    /** Takes an answer; one to another question than the present one is old. */
    synchronized void onAnswer(long number, ByteString text) {
        if (answer != null && number == lastQuestion) {
            answer.complete(text);
        }
    }

    private void countSlot() {
        boolean takes = !isDone && answer == null;
        if (takes != takesSlot) {
            takesSlot = takes;
            runner.takeSlot(takes ? 1 : -1);
        }
    }

    @Override
    public synchronized boolean isCancelled() {
        return cancelled != null;
    }

    @Override
    void onDue() {
        runner.onLeaseLost(this);
    }

    private void changed() {
        isChanged = true;
        if (!isQueued) {
            isQueued = true;
            runner.queue(this);
        }
    }

    private static String cut(String message) {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= MAX_MESSAGE_BYTES) {
            return message;
        }
        int end = MAX_MESSAGE_BYTES;
        while ((bytes[end] & 0xC0) == 0x80) {
            end--;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }
}
