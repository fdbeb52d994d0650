package io.dray.sidecar.tasks;

import io.dray.agent.v1.Answer;
import io.dray.agent.v1.AttemptUpdate;
import io.dray.core.wire.MeshError;
import io.dray.router.v1.AttemptEvent;
import io.dray.router.v1.Progress;
import io.dray.router.v1.Question;
import io.dray.router.v1.WorkerSlots;
import io.dray.sidecar.routers.ControlLoop;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.dray.types.v1.Receipt;
import io.dray.types.v1.ReceiptLevel;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The attempts that this node answers for: what workers say of them, what the router says of them, and what time
 * says. Each attempt gets exactly one outcome event; what cannot be renewed is cancelled here before the router gives
 * it to another. Control loop only.
 */
final class Assignments {
    private static final long HEARD_NANOS = TimeUnit.SECONDS.toNanos(3);
    /** How long an agent that vanished without goodbye may take to come back with its attempts. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    /** What agents claim to hold is bounded, since without a router nothing of it ends. */
    private static final int MAX_ATTEMPTS = 10_000;

    private static final int MAX_MESSAGE_BYTES = 1024;

    private final WorkerPort port;
    private final EventLog events;
    private final ControlLoop control;
    private final Outbound outbound;
    private final Workers workers = new Workers();
    private final Map<AttemptKey, HeldAttempt> attempts = new HashMap<>();
    private boolean draining;
    private long leaseNanos = TimeUnit.SECONDS.toNanos(5);

    /** Hears that something waits to be sent. */
    interface Outbound {
        void onEvents();

        void onSlots();

        void onLeaseLost();
    }

    Assignments(WorkerPort port, EventLog events, ControlLoop control, Outbound outbound) {
        this.port = port;
        this.events = events;
        this.control = control;
        this.outbound = outbound;
    }

    /** Offers no slots from now on. */
    void drain() {
        draining = true;
        outbound.onSlots();
    }

    void setLease(long millis) {
        leaseNanos = TimeUnit.MILLISECONDS.toNanos(millis);
    }

    // What workers say.

    void attach(WorkerInfo info, List<AttemptUpdate> running) {
        workers.attach(info);
        Set<AttemptKey> alive = new HashSet<>();
        running.forEach(update -> alive.add(keyOf(update)));
        for (HeldAttempt held : of(info.instance())) {
            if (!alive.contains(held.key)) {
                onStopped(held);
            }
        }
        for (AttemptUpdate update : running) {
            HeldAttempt held = attempts.get(keyOf(update));
            if (held == null) {
                adopt(info.instance(), keyOf(update));
            } else if (!update.getDone() && (held.phase != HeldAttempt.Phase.RUNNING || held.cancelWanted)) {
                held.stopped = false;
                port.cancel(info.instance(), held.key.toAgent());
            }
            update(info.instance(), update);
        }
        outbound.onSlots();
    }

    void leave(String instance) {
        Workers.Worker worker = workers.get(instance);
        if (worker != null) {
            worker.leaving = true;
            outbound.onSlots();
        }
    }

    void detach(String instance, boolean goodbye) {
        Workers.Worker worker = workers.get(instance);
        if (worker == null || worker.detached) {
            return;
        }
        worker.detached = true;
        outbound.onSlots();
        if (goodbye) {
            lose(worker);
            return;
        }
        control.later(GRACE, () -> lose(worker));
    }

    void update(String instance, AttemptUpdate update) {
        HeldAttempt held = attempts.get(keyOf(update));
        if (held == null && update.getDone()) {
            held = adopt(instance, keyOf(update));
        }
        if (held == null || isOfAnother(held, instance)) {
            return;
        }
        held.instance = instance;
        if (held.phase == HeldAttempt.Phase.RUNNING) {
            if (update.getStarted() && !held.started) {
                held.started = true;
                add(held, AttemptEvent.newBuilder().setStarted(true));
            }
            progress(held, update);
            question(held, update);
        }
        if (update.getDone()) {
            onDone(held, update);
        }
    }

    // What the router says.

    /** Holds an attempt that was accepted; false when its worker just left. */
    boolean accept(AttemptKey key, String instance, long memoryBytes, io.dray.agent.v1.Assignment assignment) {
        // The router counts from its commit, which was earlier: until the first renewal this node counts less.
        HeldAttempt held = new HeldAttempt(key, instance, memoryBytes, control.nanos() + leaseNanos / 10 * 9);
        if (!port.assign(instance, assignment)) {
            return false;
        }
        attempts.put(key, held);
        add(held, AttemptEvent.newBuilder().setAccepted(true));
        outbound.onSlots();
        return true;
    }

    void reject(AttemptKey key, Error why) {
        events.add(key, AttemptEvent.newBuilder().setRejected(why));
        outbound.onEvents();
    }

    /** Says again that an attempt was accepted, to a router that assigned it again. */
    void acceptAgain(HeldAttempt held) {
        if (held.phase == HeldAttempt.Phase.RUNNING) {
            add(held, AttemptEvent.newBuilder().setAccepted(true));
        }
    }

    void cancel(AttemptKey key) {
        HeldAttempt held = attempts.get(key);
        if (held == null) {
            events.add(key, AttemptEvent.newBuilder().setCancelled(true));
            outbound.onEvents();
            return;
        }
        if (held.phase == HeldAttempt.Phase.RUNNING) {
            held.cancelWanted = true;
            port.cancel(held.instance, key.toAgent());
        }
    }

    void answer(io.dray.router.v1.Answer answer) {
        HeldAttempt held = attempts.get(AttemptKey.of(answer.getAttempt()));
        if (held != null && held.phase == HeldAttempt.Phase.RUNNING) {
            held.answer = Answer.newBuilder()
                    .setAttempt(held.key.toAgent())
                    .setNumber(answer.getNumber())
                    .setAnswer(answer.getAnswer())
                    .build();
            port.answer(held.instance, held.answer);
        }
    }

    /** The router has done with an attempt that its worker may still run. */
    void fence(HeldAttempt held) {
        if (held.stopped) {
            forget(held);
            return;
        }
        held.phase = HeldAttempt.Phase.FENCED;
        events.dropProgress(held.key);
        port.cancel(held.instance, held.key.toAgent());
    }

    void onReceipt(Receipt receipt) {
        boolean refused = receipt.getLevel() == ReceiptLevel.RECEIPT_LEVEL_REFUSED;
        for (AttemptEvent event : events.receipted(receipt.getFirst(), Math.max(1, receipt.getCount()))) {
            HeldAttempt held = attempts.get(AttemptKey.of(event.getAttempt()));
            boolean outcome = held != null && held.outcomeNumber == event.getNumber();
            if (held != null && (outcome || (refused && held.phase == HeldAttempt.Phase.RUNNING))) {
                held.refusal = refused ? receipt.getError() : null;
                fence(held);
            }
        }
    }

    // What time says.

    void renew(AttemptKey key, long sentNanos) {
        HeldAttempt held = attempts.get(key);
        if (held != null) {
            held.leaseUntilNanos = Math.max(held.leaseUntilNanos, sentNanos + leaseNanos);
        }
    }

    /** Cancels what will not be renewed before a moment. */
    void lapse(long beforeNanos) {
        for (HeldAttempt held : List.copyOf(attempts.values())) {
            if (held.phase == HeldAttempt.Phase.RUNNING && held.leaseUntilNanos - beforeNanos <= 0) {
                port.cancel(held.instance, held.key.toAgent());
                end(held, lost(held, "The lease ran out: the router or the worker was not heard in time."));
                outbound.onLeaseLost();
            }
        }
    }

    // What is told to the router.

    /** Returns the attempts whose worker was heard a moment ago. */
    Set<AttemptKey> running() {
        Map<String, Boolean> heard = new HashMap<>();
        Set<AttemptKey> running = new HashSet<>();
        for (HeldAttempt held : attempts.values()) {
            if (held.phase == HeldAttempt.Phase.RUNNING
                    && heard.computeIfAbsent(
                            held.instance, instance -> port.nanosSinceHeard(instance) <= HEARD_NANOS)) {
                running.add(held.key);
            }
        }
        return running;
    }

    List<WorkerSlots> slots() {
        return draining ? List.of() : workers.slots(this::used);
    }

    int used(String instance) {
        return (int) of(instance).stream().filter(HeldAttempt::takesSlot).count();
    }

    long declaredMemoryBytes() {
        return attempts.values().stream()
                .filter(held -> !held.stopped)
                .mapToLong(held -> held.memoryBytes)
                .sum();
    }

    @Nullable
    HeldAttempt get(AttemptKey key) {
        return attempts.get(key);
    }

    /** Returns an attempt at the same task with another token. */
    @Nullable
    HeldAttempt otherAttempt(AttemptKey key) {
        return attempts.values().stream()
                .filter(held -> held.key.taskId().equals(key.taskId()) && held.key.token() != key.token())
                .filter(held -> held.phase == HeldAttempt.Phase.RUNNING)
                .findFirst()
                .orElse(null);
    }

    Workers workers() {
        return workers;
    }

    int count() {
        return attempts.size();
    }

    private void onDone(HeldAttempt held, AttemptUpdate update) {
        held.stopped = true;
        AttemptEvent.Builder outcome = outcome(update);
        switch (held.phase) {
            case RUNNING -> end(held, outcome);
            // Real work beats a lease that ran out, as long as nobody was told of it.
            case ENDED -> {
                boolean better = outcome.getEventCase() == AttemptEvent.EventCase.SUCCEEDED;
                if (better) {
                    events.replaceUnsent(held.outcomeNumber, held.key, outcome);
                }
            }
            case FENCED -> forget(held);
        }
        outbound.onSlots();
    }

    /** The worker is back without the attempt, or will not come back. */
    private void onStopped(HeldAttempt held) {
        held.stopped = true;
        switch (held.phase) {
            case RUNNING ->
                end(
                        held,
                        held.cancelWanted
                                ? AttemptEvent.newBuilder().setCancelled(true)
                                : lost(held, "The worker went away while it held the attempt."));
            case ENDED -> {}
            case FENCED -> forget(held);
        }
    }

    private void lose(Workers.Worker worker) {
        String instance = worker.info.instance();
        if (workers.get(instance) != worker) {
            return;
        }
        workers.remove(worker);
        of(instance).forEach(this::onStopped);
        outbound.onSlots();
    }

    private void end(HeldAttempt held, AttemptEvent.Builder outcome) {
        held.phase = HeldAttempt.Phase.ENDED;
        events.dropProgress(held.key);
        held.outcomeNumber = events.add(held.key, outcome);
        outbound.onEvents();
    }

    private void forget(HeldAttempt held) {
        attempts.remove(held.key);
        port.finished(held.instance, held.key.toAgent(), held.refusal);
        outbound.onSlots();
    }

    /** Holds what a worker brought from an earlier sidecar; the router says whether it still counts. */
    private @Nullable HeldAttempt adopt(String instance, AttemptKey key) {
        if (attempts.size() >= MAX_ATTEMPTS) {
            return null;
        }
        HeldAttempt held = new HeldAttempt(key, instance, 0, control.nanos() + leaseNanos);
        attempts.put(key, held);
        return held;
    }

    /** Nobody speaks for an attempt while the worker that holds it is attached. */
    private boolean isOfAnother(HeldAttempt held, String instance) {
        return !held.instance.equals(instance) && workers.isAttached(held.instance);
    }

    private void add(HeldAttempt held, AttemptEvent.Builder event) {
        events.add(held.key, event);
        outbound.onEvents();
    }

    private void progress(HeldAttempt held, AttemptUpdate update) {
        Progress progress = Progress.newBuilder()
                .setPercent(update.getPercent())
                .setMessage(MeshError.shorten(update.getMessage(), MAX_MESSAGE_BYTES))
                .setCheckpoint(update.getCheckpoint())
                .build();
        if (!progress.getCheckpoint().isEmpty()) {
            add(held, AttemptEvent.newBuilder().setProgress(progress));
        } else if (progress.getPercent() > 0 || !progress.getMessage().isEmpty()) {
            events.progress(held.key, progress);
            outbound.onEvents();
        }
    }

    /** A handler parks, or goes on. */
    private void question(HeldAttempt held, AttemptUpdate update) {
        long number = update.getQuestionNumber();
        Answer answer = held.answer;
        if (number != 0 && answer != null && answer.getNumber() == number) {
            port.answer(held.instance, answer);
        }
        if (number == held.questionNumber) {
            return;
        }
        held.questionNumber = number;
        if (number != 0) {
            Question question = Question.newBuilder()
                    .setNumber(number)
                    .setQuestion(update.getQuestion())
                    .build();
            add(held, AttemptEvent.newBuilder().setParked(question));
        }
        outbound.onSlots();
    }

    private List<HeldAttempt> of(String instance) {
        return attempts.values().stream()
                .filter(held -> held.instance.equals(instance))
                .toList();
    }

    private static AttemptEvent.Builder outcome(AttemptUpdate update) {
        AttemptEvent.Builder event = AttemptEvent.newBuilder();
        if (!update.hasError()) {
            return event.setSucceeded(update.getResult());
        }
        if (update.getError().getCode() == Code.CODE_CANCELLED) {
            return event.setCancelled(true);
        }
        return event.setFailed(MeshError.bounded(update.getError()));
    }

    private static AttemptEvent.Builder lost(HeldAttempt held, String message) {
        return AttemptEvent.newBuilder()
                .setFailed(MeshError.of(Code.CODE_WORKER_LOST, message, held.instance, "a worker that stays"));
    }

    private static AttemptKey keyOf(AttemptUpdate update) {
        return new AttemptKey(update.getTaskId(), update.getToken());
    }
}
