package io.dray.router.model;

import com.google.protobuf.ByteString;
import io.dray.core.testing.SettableClock;
import io.dray.router.dispatch.NewTask;
import io.dray.router.dispatch.Submitted;
import io.dray.router.fleet.Assignment;
import io.dray.router.tasks.AttemptEvent;
import io.dray.router.tasks.AttemptEvent.Accepted;
import io.dray.router.tasks.AttemptEvent.Cancelled;
import io.dray.router.tasks.AttemptEvent.Failed;
import io.dray.router.tasks.AttemptEvent.Parked;
import io.dray.router.tasks.AttemptEvent.Progressed;
import io.dray.router.tasks.AttemptEvent.Rejected;
import io.dray.router.tasks.AttemptEvent.Started;
import io.dray.router.tasks.AttemptEvent.Succeeded;
import io.dray.router.tasks.AttemptKey;
import io.dray.router.tasks.Limit;
import io.dray.router.tasks.Limit.Scope;
import io.dray.router.tasks.Outcome;
import io.dray.router.tasks.TaskId;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.router.tasks.TaskState;
import io.dray.router.tasks.TaskState.Held;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What routers tell callers and hosts, held against what is committed at that moment. */
final class Promises {
    private static final double NANOS_PER_SECOND = 1e9;

    /** The starts under a rate since it was set or the pool was taken. */
    private static final class Starts {
        private final Limit limit;
        private final long epoch;
        private final long sinceNanos;
        private int count;

        Starts(Limit limit, long epoch, long sinceNanos) {
            this.limit = limit;
            this.epoch = epoch;
            this.sinceNanos = sinceNanos;
        }

        boolean isOf(Limit now, long nowEpoch) {
            return limit.equals(now) && epoch == nowEpoch;
        }
    }

    private final SettableClock clock;
    private final Database database;
    private final Reference reference;
    private final Ledger ledger;
    private final Set<AttemptKey> assigned = new HashSet<>();
    private final List<TaskSnapshot> newlyAssigned = new ArrayList<>();
    private final Set<Long> acknowledged = new HashSet<>();
    private final Map<String, AttemptEvent> said = new HashMap<>();
    private final Map<String, Starts> starts = new HashMap<>();

    Promises(SettableClock clock, Database database, Reference reference, Ledger ledger) {
        this.clock = clock;
        this.database = database;
        this.reference = reference;
        this.ledger = ledger;
    }

    // -- to hosts --

    void onAssigned(PlayedRouter router, PlayedHost host, Assignment assignment) {
        TaskSnapshot task = assignment.task();
        AttemptKey attempt = new AttemptKey(task.id(), task.attempts().token());
        ledger.trace(() -> "assigned " + attempt + " to " + host.name());
        ledger.mix(attempt.taskId() + attempt.token());
        newlyAssigned.add(task);
        ledger.check(reference.wasHeld(attempt), "an assignment leaves after its commit", task.id());
        ledger.check(assigned.add(attempt), "a token is given to one worker", task.id());
        ledger.check(
                assignment.payload().equals(database.payload(task.id())),
                "a worker gets the task's payload",
                task.id());
        if (!router.store().isOwner()) {
            return;
        }
        reference.onHeard(attempt);
        TaskSnapshot committed = database.find(task.id());
        boolean holds = committed != null
                && committed.state() instanceof Held held
                && held.hold().token() == attempt.token()
                && held.hold().node().equals(host.name());
        ledger.check(holds, "only who holds a task is given it", task.id());
        countStart(Scope.QUEUE, task);
        countStart(Scope.CAPABILITY, task);
    }

    /** Returns, once, what was assigned since the last call, in the order of the placements. */
    List<TaskSnapshot> takeAssigned() {
        List<TaskSnapshot> taken = List.copyOf(newlyAssigned);
        newlyAssigned.clear();
        return taken;
    }

    /** A bucket gives at most its burst and what ran in since; what came back from workers is counted by them. */
    private void countStart(Scope scope, TaskSnapshot task) {
        String name = scope.nameOf(task.submission());
        Limit limit = database.limit(scope, name);
        if (limit == null || limit.ratePerSecond() == 0) {
            return;
        }
        Starts counted = starts.get(scope + "/" + name);
        if (counted == null || !counted.isOf(limit, database.epoch())) {
            counted = new Starts(limit, database.epoch(), clock.nanoTime() - Database.LEASE.toNanos());
            starts.put(scope + "/" + name, counted);
        }
        counted.count++;
        double most = limit.burstStarts()
                + limit.ratePerSecond() * (clock.nanoTime() - counted.sinceNanos) / NANOS_PER_SECOND;
        ledger.check(counted.count <= most + 1e-6, "a rate of starts holds", task.id());
    }

    /** A worker did not take what it was given, or was made to give it back: its start does not count. */
    void onGivenBack(TaskSnapshot task) {
        for (Scope scope : Scope.values()) {
            Starts counted = starts.get(scope + "/" + scope.nameOf(task.submission()));
            if (counted != null) {
                counted.count--;
            }
        }
    }

    void onSaid(PlayedHost host, AttemptEvent event) {
        said.put(host.name() + event.number(), event);
        if (event.what() instanceof Rejected || event.what() instanceof Cancelled) {
            TaskSnapshot task = database.find(event.attempt().taskId());
            if (task != null) {
                onGivenBack(task);
            }
        }
    }

    void onReceipt(PlayedRouter router, PlayedHost host, long number, @Nullable Error refusal) {
        AttemptEvent event = said.get(host.name() + number);
        if (event == null) {
            return;
        }
        ledger.trace(() -> host.name() + " gets " + (refusal == null ? "STORED" : refusal.getCode()) + " for "
                + event.what().getClass().getSimpleName() + " of " + event.attempt());
        TaskSnapshot task = database.find(event.attempt().taskId());
        if (refusal == null) {
            ledger.check(
                    task != null && isStored(task, event),
                    "what is said to be stored is stored",
                    event.attempt().taskId());
            ledger.count("receipts");
            return;
        }
        ledger.count("fenced events");
        if (router.store().isOwner() && task != null) {
            ledger.check(!isOpenFor(task, host, event), "what holds a task is not fenced", task.id());
        }
    }

    private static boolean isStored(TaskSnapshot task, AttemptEvent event) {
        long token = event.attempt().token();
        boolean isNewest = task.attempts().token() == token;
        return switch (event.what()) {
            case Succeeded(ByteString result) ->
                isNewest
                        && task.state() instanceof TaskState.Succeeded succeeded
                        && succeeded.result().equals(result);
            case Failed _, Rejected _, Cancelled _ -> !(isNewest && task.state() instanceof Held);
            case Parked parked ->
                !isNewest
                        || task.isEnded()
                        || (task.attempts().question().token() == token
                                && task.attempts().question().number() >= parked.number());
            case Progressed progressed ->
                !isNewest
                        || task.isEnded()
                        || progressed.checkpoint().isEmpty()
                        || isSavedThrough(task.attempts().checkpoint(), progressed.checkpoint());
            case Accepted _, Started _ -> true;
        };
    }

    /** Checkpoints are {@code token/number}. */
    private static boolean isSavedThrough(ByteString stored, ByteString said) {
        return !stored.isEmpty() && number(stored) >= number(said);
    }

    private static long number(ByteString checkpoint) {
        String text = checkpoint.toStringUtf8();
        int slash = text.indexOf('/');
        return Long.parseLong(text, 0, slash, 10) * 1_000 + Long.parseLong(text, slash + 1, text.length(), 10);
    }

    private static boolean isOpenFor(TaskSnapshot task, PlayedHost host, AttemptEvent event) {
        return task.state() instanceof Held held
                && held.hold().token() == event.attempt().token()
                && held.hold().node().equals(host.name());
    }

    // -- to callers --

    void onSubmitted(List<NewTask> tasks, Outcome<List<Submitted>> outcome) {
        switch (outcome) {
            case Outcome.Done<List<Submitted>>(List<Submitted> submitted) -> {
                ledger.check(
                        submitted.size() == tasks.size(), "each task of a call is answered", () -> "" + tasks.size());
                for (int i = 0; i < tasks.size(); i++) {
                    onAccepted(tasks.get(i), submitted.get(i));
                }
            }
            case Outcome.Refused<List<Submitted>>(Error error) -> onRefused(tasks, error);
        }
    }

    private void onAccepted(NewTask asked, Submitted submitted) {
        long id = submitted.task().id();
        TaskSnapshot task = database.find(id);
        acknowledged.add(id);
        ledger.count(submitted.existed() ? "repeated submissions" : "submissions");
        ledger.check(task != null, "what is acknowledged is committed", id);
        if (task != null) {
            ledger.check(
                    task.submission().fingerprint().equals(asked.fingerprint())
                            && task.submission()
                                    .spec()
                                    .getIdempotencyKey()
                                    .equals(asked.spec().getIdempotencyKey()),
                    "a key is the task of its first call, with the same payload",
                    id);
        }
    }

    private void onRefused(List<NewTask> tasks, Error error) {
        ledger.count("refused " + error.getCode());
        if (error.getCode() != Code.CODE_KEY_CONFLICT) {
            return;
        }
        boolean named = tasks.stream().anyMatch(asked -> isConflict(asked, error.getValue()))
                || error.getValue().equals("of the same batch");
        ledger.check(named, "a key conflict names the first task", error::getValue);
    }

    private boolean isConflict(NewTask asked, String first) {
        TaskSnapshot task = database.tasks().stream()
                .filter(other ->
                        other.submission().hasKey() && TaskId.text(other.id()).equals(first))
                .findFirst()
                .orElse(null);
        return task != null
                && task.submission()
                        .spec()
                        .getIdempotencyKey()
                        .equals(asked.spec().getIdempotencyKey())
                && !task.submission().fingerprint().equals(asked.fingerprint());
    }

    void onCancelled(PlayedRouter router, long id, Outcome<Optional<TaskSnapshot>> outcome) {
        TaskSnapshot task = Objects.requireNonNull(database.find(id), "task");
        switch (outcome) {
            case Outcome.Done<Optional<TaskSnapshot>>(Optional<TaskSnapshot> done) -> {
                boolean isKept = task.cancelRequested() || task.isEnded();
                if (done.isPresent()) {
                    ledger.check(isKept, "a cancel that was acknowledged is committed", id);
                    ledger.count("cancels");
                } else {
                    ledger.check(task.isEnded() || !router.store().isOwner(), "a live task is found by its id", id);
                }
            }
            case Outcome.Refused<Optional<TaskSnapshot>>(Error error) ->
                ledger.check(
                        error.getCode() != Code.CODE_TASK_FINISHED || task.isEnded(),
                        "a task that is said to have ended has ended",
                        id);
        }
    }

    void onAnswered(long id, ByteString answer, Outcome<Optional<TaskSnapshot>> outcome) {
        if (outcome instanceof Outcome.Done<Optional<TaskSnapshot>>(Optional<TaskSnapshot> done) && done.isPresent()) {
            TaskSnapshot task = Objects.requireNonNull(database.find(id), "task");
            ledger.count("answers");
            ledger.check(
                    task.isEnded()
                            || done.get().attempts().question().token()
                                    != task.attempts().question().token()
                            || done.get().attempts().question().number()
                                    < task.attempts().question().number()
                            || answer.equals(task.attempts().question().answer()),
                    "an answer that was acknowledged is committed",
                    id);
        }
    }

    /** A reader sees nothing that may still be lost. */
    void onFound(Outcome<Optional<TaskSnapshot>> outcome) {
        if (outcome instanceof Outcome.Done<Optional<TaskSnapshot>>(Optional<TaskSnapshot> done) && done.isPresent()) {
            TaskSnapshot shown = done.get();
            TaskSnapshot task = database.find(shown.id());
            ledger.check(
                    task != null
                            && task.attempts().token() >= shown.attempts().token()
                            && (!shown.isEnded() || task.isEnded())
                            && (!shown.cancelRequested() || task.cancelRequested() || task.isEnded()),
                    "a reader sees what is committed",
                    shown.id());
        }
    }

    /** After all faults are over. */
    void onFinished() {
        for (TaskSnapshot task : database.tasks()) {
            ledger.check(task.isEnded(), "every task ends: " + task.state(), task.id());
        }
        for (long id : acknowledged) {
            ledger.check(database.find(id) != null, "nothing acknowledged vanishes", id);
        }
    }
}
