package io.dray.router.model;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.dray.core.testing.SettableClock;
import io.dray.router.store.Change;
import io.dray.router.tasks.AttemptKey;
import io.dray.router.tasks.Attempts;
import io.dray.router.tasks.Limit;
import io.dray.router.tasks.Limit.Scope;
import io.dray.router.tasks.Micros;
import io.dray.router.tasks.TaskKey;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.router.tasks.TaskState.Cancelled;
import io.dray.router.tasks.TaskState.Ended;
import io.dray.router.tasks.TaskState.Expired;
import io.dray.router.tasks.TaskState.Failed;
import io.dray.router.tasks.TaskState.Held;
import io.dray.router.tasks.TaskState.Parked;
import io.dray.router.tasks.TaskState.Succeeded;
import io.dray.router.tasks.TaskState.Waiting;
import io.dray.router.v1.RetryPolicy;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The small reference: what workers and callers did, and from that the laws that every commit must keep, whoever writes
 * it. It knows nothing of how the dispatcher comes to its commits.
 */
final class Reference {
    /** By how much the clock of the leases may lag when a lease is renewed: the longest step that it takes. */
    private static final Duration LAG = Duration.ofMillis(600);

    private final SettableClock clock;
    private final Duration lease;
    private final Ledger ledger;
    private final Map<String, Integer> slots = new HashMap<>();
    private final Map<TaskKey, Long> idsByKey = new HashMap<>();
    private final Set<AttemptKey> held = new HashSet<>();
    private final List<TaskSnapshot> newlyHeld = new ArrayList<>();
    private final List<TaskSnapshot> inserted = new ArrayList<>();
    private final Set<AttemptKey> everParked = new HashSet<>();
    private final Set<AttemptKey> moved = new HashSet<>();
    private final Set<AttemptKey> returned = new HashSet<>();
    private final Set<Long> cancelAsked = new HashSet<>();
    private final Map<AttemptKey, Long> heardNanos = new HashMap<>();
    private final Map<Long, Set<Long>> begun = new HashMap<>();
    private long takenNanos;
    private long maxWallMicros;

    Reference(SettableClock clock, Duration lease, Ledger ledger) {
        this.clock = clock;
        this.lease = lease;
        this.ledger = ledger;
    }

    // -- what happened --

    void worker(String instance, int slotsOfIt) {
        slots.put(instance, slotsOfIt);
    }

    /** A router reads the store anew and serves. */
    void onTaken() {
        takenNanos = clock.nanoTime();
    }

    void sawWall(long micros) {
        maxWallMicros = Math.max(maxWallMicros, micros);
    }

    void onCancelAsked(long id) {
        cancelAsked.add(id);
    }

    /** A router has taken a report that lists the attempt, or has just let its assignment go. */
    void onHeard(AttemptKey attempt) {
        heardNanos.put(attempt, clock.nanoTime());
    }

    /** A handler returned. */
    void onReturned(AttemptKey attempt) {
        returned.add(attempt);
    }

    /** A handler asks: if its worker is lost while it waits, the attempt does not count. */
    void onAsked(AttemptKey attempt) {
        everParked.add(attempt);
    }

    /** Somebody drains the node: the attempt does not count. */
    void onMoved(AttemptKey attempt) {
        moved.add(attempt);
    }

    /** A handler begins. */
    void onBegun(TaskSnapshot task, AttemptKey attempt) {
        Set<Long> tokens = begun.computeIfAbsent(task.id(), _ -> new HashSet<>());
        tokens.add(attempt.token());
        long counted = tokens.stream()
                .map(token -> new AttemptKey(task.id(), token))
                .filter(key -> !everParked.contains(key) && !moved.contains(key))
                .count();
        ledger.check(
                counted <= policy(task).getMaxAttempts(), "no more attempts begin than the policy says", task.id());
    }

    /** Returns whether the attempt was committed: only then may it leave. */
    boolean wasHeld(AttemptKey attempt) {
        return held.contains(attempt);
    }

    static ByteString resultOf(AttemptKey attempt) {
        return ByteString.copyFromUtf8(attempt.taskId() + "/" + attempt.token());
    }

    // -- what a commit must keep --

    void onCommit(Database before, List<Change> changes) {
        newlyHeld.clear();
        for (Change change : changes) {
            TaskSnapshot old = before.find(change.task().id());
            checkShape(change, old);
            if (old != null) {
                checkSuccession(old, change.task());
                checkLapse(old, change.task());
            }
            checkAttempt(old, change.task());
            checkState(change.task());
            ledger.mix(change.task().id() + change.task().revision());
        }
    }

    private void checkShape(Change change, @Nullable TaskSnapshot old) {
        TaskSnapshot task = change.task();
        boolean wasLive = old != null && !old.isEnded();
        switch (change) {
            case Change.Insert _ -> {
                ledger.check(old == null, "an id is given once", task.id());
                if (task.submission().hasKey()) {
                    Long first = idsByKey.putIfAbsent(task.submission().key(), task.id());
                    ledger.check(first == null || first == task.id(), "a key makes one task", task.id());
                }
                inserted.add(task);
                ledger.count("tasks");
            }
            case Change.Update _ -> ledger.check(wasLive && !task.isEnded(), "only live tasks are updated", task.id());
            case Change.Finish _ -> ledger.check(wasLive && task.isEnded(), "a task ends once", task.id());
        }
    }

    private void checkSuccession(TaskSnapshot old, TaskSnapshot task) {
        ledger.check(task.revision() > old.revision(), "a revision only grows", task.id());
        ledger.check(task.attempts().token() >= old.attempts().token(), "a token only grows", task.id());
        if (old.cancelRequested()) {
            ledger.check(
                    task.cancelRequested()
                            && task.attempts().token() == old.attempts().token(),
                    "a cancelled task gets no other attempt",
                    task.id());
        }
    }

    private void checkLapse(TaskSnapshot old, TaskSnapshot task) {
        Error error = task.attempts().error();
        if (!(old.state() instanceof Held holder)
                || error == null
                || error.equals(old.attempts().error())) {
            return;
        }
        if (!error.getMessage().startsWith("The lease ran out")) {
            return;
        }
        ledger.count("lapses");
        long now = clock.nanoTime();
        ledger.check(now - takenNanos >= lease.toNanos(), "nothing lapses for one lease after a takeover", task.id());
        long heard = heardNanos.getOrDefault(key(task.id(), holder.hold().token()), Long.MIN_VALUE / 2);
        ledger.check(now - heard >= lease.minus(LAG).toNanos(), "a renewed lease does not lapse", task.id());
    }

    private void checkAttempt(@Nullable TaskSnapshot old, TaskSnapshot task) {
        Attempts attempts = task.attempts();
        long oldToken = old == null ? 0 : old.attempts().token();
        ledger.check(
                attempts.count() >= 0 && attempts.count() <= policy(task).getMaxAttempts(),
                "attempts are counted up to the policy's number",
                task.id());
        if (!(task.state() instanceof Held holder)) {
            return;
        }
        ledger.check(holder.hold().token() == attempts.token(), "the holder has the newest token", task.id());
        if (attempts.token() == oldToken) {
            ledger.check(
                    old != null && old.state() instanceof Held, "an attempt that is over never holds again", task.id());
        } else {
            held.add(key(task.id(), attempts.token()));
            newlyHeld.add(task);
            checkTime(old, task);
        }
        if (holder instanceof Parked) {
            ledger.count("parks");
        }
    }

    private void checkTime(@Nullable TaskSnapshot old, TaskSnapshot task) {
        ledger.check(
                task.submission().notBeforeMicros() <= maxWallMicros, "no task is placed before not_before", task.id());
        if (old != null && old.state() instanceof Waiting waiting) {
            ledger.check(
                    waiting.untilMicros() <= maxWallMicros, "no task is placed before its pause is over", task.id());
        }
    }

    private void checkState(TaskSnapshot task) {
        Error error = task.attempts().error();
        boolean isRetryable = error != null && isRetryable(task, error);
        if (!(task.state() instanceof Ended ended)) {
            ledger.check(error == null || isRetryable, "a failure that must not be retried ends the task", task.id());
            return;
        }
        ledger.count(ended.name().name());
        switch (ended) {
            case Succeeded succeeded -> {
                AttemptKey newest = key(task.id(), task.attempts().token());
                ledger.check(
                        returned.contains(newest) && succeeded.result().equals(resultOf(newest)),
                        "a result is that of the newest attempt",
                        task.id());
            }
            case Failed _ ->
                ledger.check(
                        error != null
                                && (!isRetryable
                                        || task.attempts().count()
                                                >= policy(task).getMaxAttempts()),
                        "a task fails for good only where the policy says so",
                        task.id());
            case Cancelled _ ->
                ledger.check(cancelAsked.contains(task.id()), "only what somebody cancelled is cancelled", task.id());
            case Expired _ ->
                ledger.check(
                        task.submission().deadlineMicros() <= maxWallMicros
                                || task.submission().queueUntilMicros() <= maxWallMicros,
                        "no task expires before its time",
                        task.id());
        }
    }

    static boolean isRetryable(TaskSnapshot task, Error error) {
        return (error.getRetryable() || error.getCode() == Code.CODE_HANDLER_FAILED)
                && !policy(task).getNeverRetryList().contains(error.getCode());
    }

    /** Returns, once, the tasks that came since the last call. */
    List<TaskSnapshot> takeInserted() {
        List<TaskSnapshot> taken = List.copyOf(inserted);
        inserted.clear();
        return taken;
    }

    /** Limits and slots, by all that is held after the commit; what was there before a limit stays. */
    void afterCommit(Database after) {
        for (TaskSnapshot task : newlyHeld) {
            checkLimit(after, Scope.QUEUE, task);
            checkLimit(after, Scope.CAPABILITY, task);
            checkSlots(after, task);
        }
    }

    private void checkLimit(Database after, Scope scope, TaskSnapshot task) {
        String name = scope.nameOf(task.submission());
        Limit limit = after.limit(scope, name);
        if (limit == null || limit.maxRunning() == 0) {
            return;
        }
        long running = after.tasks().stream()
                .filter(other -> other.state() instanceof Held
                        && scope.nameOf(other.submission()).equals(name))
                .count();
        ledger.check(running <= limit.maxRunning(), "a limit of attempts at once holds", task.id());
    }

    /** A parked attempt that goes on takes its slot again, also where that is more than there are. */
    private void checkSlots(Database after, TaskSnapshot task) {
        String instance = Objects.requireNonNull(task.attempts().last()).instance();
        long running = after.tasks().stream()
                .filter(other -> other.state() instanceof Held its
                        && its.hold().instance().equals(instance)
                        && !everParked.contains(key(other.id(), its.hold().token())))
                .count();
        int most = Objects.requireNonNull(slots.get(instance), "slots");
        ledger.check(running <= most, "a worker has no more attempts than slots", task.id());
    }

    private static AttemptKey key(long id, long token) {
        return new AttemptKey(id, token);
    }

    private static RetryPolicy policy(TaskSnapshot task) {
        return task.submission().spec().getRetry();
    }

    /** Returns a moment of the wall clock some time from now, as callers give it. */
    Timestamp in(Duration time) {
        Instant now = clock.instant().plus(time);
        return Micros.timestamp(now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000);
    }
}
