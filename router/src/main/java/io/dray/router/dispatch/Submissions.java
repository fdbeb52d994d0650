package io.dray.router.dispatch;

import io.dray.core.wire.MeshError;
import io.dray.router.store.StoreThread;
import io.dray.router.tasks.Outcome;
import io.dray.router.tasks.Submission;
import io.dray.router.tasks.TaskEntry;
import io.dray.router.tasks.TaskId;
import io.dray.router.tasks.TaskKey;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.router.tasks.TaskState;
import io.dray.router.tasks.TaskState.Pending;
import io.dray.router.tasks.TaskState.Waiting;
import io.dray.router.tasks.WaitingReason;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Takes new tasks in, all of a call or none, and makes a repeated key the same task. Owned by the dispatcher's thread. */
final class Submissions {
    /*
     * A key is looked for among the live tasks, then in a filter of the keys of finished ones. Only when that says
     * perhaps is the store asked, and while it is asked every other submission with such a key waits behind: so no task
     * with that key can come to life meanwhile, and the answer is still true when it arrives.
     */
    private final Pool pool;
    private final Commits commits;
    private final StoreThread store;
    private final Executor dispatcher;
    private final Set<TaskKey> asked = new HashSet<>();
    private final Deque<Behind> behind = new ArrayDeque<>();
    private long readings;
    private KeyFilter finishedKeys = new KeyFilter();
    private long lastId;

    /** A submission that waits for the answer about a key of another one. */
    private record Behind(List<NewTask> tasks, CompletableFuture<Outcome<List<Submitted>>> reply) {}

    Submissions(Pool pool, Commits commits, StoreThread store, Executor dispatcher) {
        this.pool = pool;
        this.commits = commits;
        this.store = store;
        this.dispatcher = dispatcher;
    }

    /** Starts from what the store says. */
    void recover(KeyFilter keys, long storedLastId) {
        finishedKeys = keys;
        lastId = Math.max(lastId, storedLastId);
    }

    /** Notes the key of a task whose end is committed. */
    void onFinished(Submission submission) {
        if (submission.hasKey()) {
            finishedKeys.add(submission.key());
        }
    }

    /** Answers after the commit, in the order of the tasks. */
    void submit(List<NewTask> tasks, CompletableFuture<Outcome<List<Submitted>>> reply) {
        List<TaskKey> unknown = new ArrayList<>();
        for (NewTask task : tasks) {
            if (!task.hasKey()) {
                continue;
            }
            if (asked.contains(task.key())) {
                behind.add(new Behind(tasks, reply));
                return;
            }
            if (pool.tasks().find(task.key()) == null && finishedKeys.mayContain(task.key())) {
                unknown.add(task.key());
            }
        }
        if (unknown.isEmpty()) {
            admit(tasks, Map.of(), reply);
            return;
        }
        askStore(unknown, tasks, reply);
    }

    private void askStore(List<TaskKey> keys, List<NewTask> tasks, CompletableFuture<Outcome<List<Submitted>>> reply) {
        asked.addAll(keys);
        long reading = readings;
        var _ = store.run(open -> {
                    Map<TaskKey, TaskSnapshot> found = new HashMap<>();
                    for (TaskKey key : keys) {
                        TaskSnapshot task = open.find(key);
                        if (task != null) {
                            found.put(key, task);
                        }
                    }
                    return found;
                })
                .whenComplete((found, failure) -> dispatcher.execute(() -> {
                    if (failure != null || reading != readings) {
                        reply.complete(Outcome.refused(
                                MeshError.of(Code.CODE_STORE_FAILED, "The key could not be looked up; try again.")));
                    }
                    if (reading != readings) {
                        return;
                    }
                    keys.forEach(asked::remove);
                    if (failure == null) {
                        admit(tasks, found, reply);
                    }
                    runBehind();
                }));
    }

    private void runBehind() {
        List<Behind> ready = List.copyOf(behind);
        behind.clear();
        ready.forEach(next -> submit(next.tasks(), next.reply()));
    }

    private void admit(
            List<NewTask> tasks,
            Map<TaskKey, TaskSnapshot> finished,
            CompletableFuture<Outcome<List<Submitted>>> reply) {
        Map<TaskKey, NewTask> fresh = new LinkedHashMap<>();
        for (int i = 0; i < tasks.size(); i++) {
            Error refusal = refusal(tasks.get(i), finished, fresh);
            if (refusal != null) {
                String where = tasks.size() == 1 ? "" : "specs[" + i + "]: ";
                Error atItsPlace = refusal.toBuilder()
                        .setMessage(where + refusal.getMessage())
                        .build();
                // The first task of a key may still be on its way to the store, and its id must be good when it is
                // named.
                commits.then(
                        _ -> reply.complete(Outcome.refused(atItsPlace)),
                        error -> reply.complete(Outcome.refused(error)));
                return;
            }
        }
        int live = pool.tasks().size();
        if (live + tasks.size() > pool.settings().maxLiveTasks()) {
            reply.complete(Outcome.refused(MeshError.of(
                    Code.CODE_QUEUE_FULL,
                    "The pool has as many live tasks as it may have; try again later.",
                    Integer.toString(live),
                    "at most " + pool.settings().maxLiveTasks() + " live tasks (pool.max-live-tasks)")));
            return;
        }
        if (!store.whyFull().isEmpty()) {
            reply.complete(Outcome.refused(MeshError.of(
                    Code.CODE_STORE_FAILED,
                    "The store has no room for new tasks: " + store.whyFull() + ". Those that are in go on.",
                    "",
                    "a disk with room; try again later")));
            return;
        }
        take(tasks, finished, reply);
    }

    private @Nullable Error refusal(NewTask task, Map<TaskKey, TaskSnapshot> finished, Map<TaskKey, NewTask> fresh) {
        Error conflict = task.hasKey() ? conflict(task, finished, fresh) : null;
        boolean isNew = !task.hasKey() || known(task.key(), finished) == null;
        return conflict == null && isNew ? strictness(task) : conflict;
    }

    /** Returns why a strict queue does not take the task; null when it does, or when it is not strict. */
    private @Nullable Error strictness(NewTask task) {
        String capability = task.spec().getCapability();
        if (!pool.limits().isStrict(task.spec().getQueue()) || pool.fleet().knows(capability)) {
            return null;
        }
        return MeshError.of(
                Code.CODE_NO_SUCH_DESTINATION,
                "The queue " + task.spec().getQueue() + " is strict, and no known worker offers the capability.",
                capability,
                "a capability that an agent offers (`dray agents` lists them), or a queue that is not strict");
    }

    /** Returns why a key cannot be used for this task; null when it can, or names the same task. */
    private @Nullable Error conflict(NewTask task, Map<TaskKey, TaskSnapshot> finished, Map<TaskKey, NewTask> fresh) {
        TaskSnapshot known = known(task.key(), finished);
        if (known != null) {
            boolean same = known.submission().fingerprint().equals(task.fingerprint());
            return same ? null : conflict(TaskId.text(known.id()));
        }
        NewTask earlier = fresh.putIfAbsent(task.key(), task);
        boolean same = earlier == null || earlier.fingerprint().equals(task.fingerprint());
        return same ? null : conflict("of the same batch");
    }

    private static Error conflict(String first) {
        return MeshError.of(
                Code.CODE_KEY_CONFLICT,
                "The idempotency key was used before with another spec.",
                first,
                "a new key, or the spec of the first call");
    }

    private @Nullable TaskSnapshot known(TaskKey key, Map<TaskKey, TaskSnapshot> finished) {
        TaskEntry live = pool.tasks().find(key);
        return live == null ? finished.get(key) : live.current();
    }

    private void take(
            List<NewTask> tasks,
            Map<TaskKey, TaskSnapshot> finished,
            CompletableFuture<Outcome<List<Submitted>>> reply) {
        commits.keepTogether(tasks.size());
        List<Taken> taken = new ArrayList<>(tasks.size());
        for (NewTask task : tasks) {
            taken.add(take(task, finished));
        }
        commits.then(
                _ -> reply.complete(
                        Outcome.done(taken.stream().map(this::submitted).toList())),
                error -> reply.complete(Outcome.refused(error)));
    }

    /** A task that is in: live with its entry, or finished long ago. */
    private record Taken(@Nullable TaskEntry entry, TaskSnapshot task, boolean existed) {}

    private Submitted submitted(Taken taken) {
        TaskSnapshot committed = taken.entry() == null ? null : pool.view(taken.entry());
        return new Submitted(committed == null ? taken.task() : committed, taken.existed());
    }

    private Taken take(NewTask task, Map<TaskKey, TaskSnapshot> finished) {
        if (task.hasKey()) {
            TaskEntry live = pool.tasks().find(task.key());
            TaskSnapshot known = known(task.key(), finished);
            if (known != null) {
                return new Taken(live, known, true);
            }
        }
        long nowMicros = pool.time().nowMicros();
        lastId = Math.max(lastId + 1, nowMicros);
        Submission submission =
                new Submission(lastId, task.spec(), task.tenant(), task.principal(), task.fingerprint(), nowMicros);
        TaskState.Open first = submission.notBeforeMicros() > nowMicros
                ? new Waiting(WaitingReason.NOT_BEFORE, submission.notBeforeMicros())
                : new Pending();
        TaskEntry entry = new TaskEntry(TaskSnapshot.submitted(submission, first), task.payload());
        pool.add(entry);
        commits.change(entry);
        pool.meters().submitted();
        return new Taken(entry, entry.current(), false);
    }

    /** Refuses those who wait: everything is read again. */
    void clear(Error error) {
        readings++;
        asked.clear();
        behind.forEach(waiting -> waiting.reply().complete(Outcome.refused(error)));
        behind.clear();
    }
}
