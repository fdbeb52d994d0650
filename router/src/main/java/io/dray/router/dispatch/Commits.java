package io.dray.router.dispatch;

import com.google.protobuf.ByteString;
import io.dray.core.wire.MeshError;
import io.dray.router.store.Change;
import io.dray.router.store.StoreException;
import io.dray.router.store.StoreThread;
import io.dray.router.tasks.Outcome;
import io.dray.router.tasks.TaskEntry;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Group commit: changed tasks and those who wait for them gather in a group while the group before commits on the
 * store's thread. A task stands in at most one waiting group, and is written as it is when that group is sealed, so
 * several moves become one write. Owned by the dispatcher's thread.
 */
final class Commits {
    private static final int MAX_CHANGES = 1_024;

    /** Who is told what a commit did. Called on the dispatcher's thread, before those who wait for the commit. */
    interface Listener {
        void onCommitted(TaskEntry entry, TaskSnapshot task);

        /**
         * Nothing of this group or of those behind it was acknowledged; all who waited have been told.
         *
         * @param isOurs false: another router has the store, so what was committed before is out of date as well
         */
        void onStoreFailed(Error error, boolean isOurs);
    }

    /** Tasks to write in one transaction and what to do afterwards. */
    private static final class Group {
        private final Set<TaskEntry> changed = new LinkedHashSet<>();
        private final Set<Long> payloadsWanted = new HashSet<>();
        private final List<Consumer<Map<Long, ByteString>>> committed = new ArrayList<>();
        private final List<Consumer<Error>> failed = new ArrayList<>();

        boolean isEmpty() {
            return changed.isEmpty() && committed.isEmpty();
        }
    }

    private final StoreThread store;
    private final Executor dispatcher;
    private final LongSupplier nanoTime;
    private final DispatchMeters meters;
    private final Listener listener;
    private final Deque<Group> waiting = new ArrayDeque<>();
    private final Set<TaskEntry> dirty = new HashSet<>();
    private @Nullable Group inFlight;

    Commits(StoreThread store, Executor dispatcher, LongSupplier nanoTime, DispatchMeters meters, Listener listener) {
        this.store = store;
        this.dispatcher = dispatcher;
        this.nanoTime = nanoTime;
        this.meters = meters;
        this.listener = listener;
    }

    /** Makes sure that so many changes that follow fit into one group, so that they are committed together. */
    void keepTogether(int changes) {
        if (filling().changed.size() + changes > MAX_CHANGES) {
            waiting.addLast(new Group());
        }
    }

    /** Has the task written as it will be when its group is sealed. */
    void change(TaskEntry entry) {
        if (dirty.add(entry)) {
            entry.beginCommit();
            keepTogether(1);
            filling().changed.add(entry);
        }
    }

    /** Has the payload of a stored task read after the commit. */
    void wantPayload(long taskId) {
        filling().payloadsWanted.add(taskId);
    }

    /** Calls back after everything that was changed so far is committed. */
    void then(Consumer<Map<Long, ByteString>> committed, Consumer<Error> failed) {
        Group group = filling();
        group.committed.add(committed);
        group.failed.add(failed);
    }

    /** Calls back after the commit; a failure needs no word. */
    void then(Runnable committed) {
        then(_ -> committed.run(), _ -> {});
    }

    /** Returns the task as it is now, once that is committed, or why it is not. */
    CompletableFuture<Outcome<TaskSnapshot>> after(TaskEntry entry) {
        CompletableFuture<Outcome<TaskSnapshot>> reply = new CompletableFuture<>();
        TaskSnapshot task = entry.current();
        then(_ -> reply.complete(Outcome.done(task)), error -> reply.complete(Outcome.refused(error)));
        return reply;
    }

    /** Returns a refusal, once all is committed that it may rest on. */
    <R> CompletableFuture<Outcome<R>> refused(Error refusal) {
        CompletableFuture<Outcome<R>> reply = new CompletableFuture<>();
        then(_ -> reply.complete(Outcome.refused(refusal)), error -> reply.complete(Outcome.refused(error)));
        return reply;
    }

    private Group filling() {
        if (waiting.isEmpty()) {
            waiting.addLast(new Group());
        }
        return waiting.getLast();
    }

    /** Sends the next group off unless one is under way. */
    void seal() {
        while (inFlight == null && !waiting.isEmpty() && !waiting.getFirst().isEmpty()) {
            Group group = waiting.removeFirst();
            if (group.changed.isEmpty() && group.payloadsWanted.isEmpty()) {
                group.committed.forEach(waiter -> waiter.accept(Map.of()));
                continue;
            }
            send(group);
        }
    }

    private void send(Group group) {
        Map<TaskEntry, TaskSnapshot> written = new LinkedHashMap<>();
        List<Change> changes = new ArrayList<>(group.changed.size());
        for (TaskEntry entry : group.changed) {
            dirty.remove(entry);
            written.put(entry, entry.current());
            changes.add(changeOf(entry));
            entry.markStored();
        }
        inFlight = group;
        long startNanos = nanoTime.getAsLong();
        var _ = store.commit(changes, group.payloadsWanted)
                .whenComplete((payloads, failure) -> dispatcher.execute(() -> {
                    if (failure != null) {
                        fail(failure);
                        return;
                    }
                    meters.committed(changes.size(), nanoTime.getAsLong() - startNanos);
                    onCommitted(group, written, payloads);
                }));
    }

    private static Change changeOf(TaskEntry entry) {
        TaskSnapshot task = entry.current();
        if (!entry.isStored()) {
            ByteString payload = entry.payload();
            return new Change.Insert(task, payload == null ? ByteString.EMPTY : payload);
        }
        return task.isEnded() ? new Change.Finish(task) : new Change.Update(task);
    }

    private void onCommitted(Group group, Map<TaskEntry, TaskSnapshot> written, Map<Long, ByteString> payloads) {
        inFlight = null;
        written.forEach((entry, task) -> {
            entry.endCommit();
            listener.onCommitted(entry, entry.isCommitted() ? entry.current() : task);
        });
        group.committed.forEach(waiter -> waiter.accept(payloads));
        seal();
    }

    /** Another router has the store: what waits will never be stored. A commit under way finds that out by itself. */
    void onStoreLost() {
        if (inFlight == null) {
            fail(StoreException.fenced("another router has taken the pool (expected: this one)"));
        }
    }

    private void fail(Throwable failure) {
        String cause = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        Error error = MeshError.of(
                Code.CODE_STORE_FAILED, cause, "", "a store that can write; nothing was acknowledged, try again");
        abandon(error);
        boolean isOurs = !(failure instanceof StoreException refused && refused.kind() == StoreException.Kind.FENCED);
        listener.onStoreFailed(error, isOurs);
    }

    /** Tells all who wait that nothing will be committed, and forgets everything. */
    void abandon(Error error) {
        List<Group> all = new ArrayList<>(waiting);
        if (inFlight != null) {
            all.addFirst(inFlight);
        }
        inFlight = null;
        waiting.clear();
        dirty.clear();
        all.forEach(group -> group.failed.forEach(waiter -> waiter.accept(error)));
    }
}
