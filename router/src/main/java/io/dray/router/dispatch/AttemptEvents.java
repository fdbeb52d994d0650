package io.dray.router.dispatch;

import com.google.protobuf.ByteString;
import io.dray.core.wire.MeshError;
import io.dray.router.fleet.Node;
import io.dray.router.fleet.NodeStream;
import io.dray.router.store.StoreThread;
import io.dray.router.store.StoredTask;
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
import io.dray.router.tasks.StateName;
import io.dray.router.tasks.TaskEntry;
import io.dray.router.tasks.TaskId;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.router.tasks.TaskState.Assigned;
import io.dray.router.tasks.TaskState.Held;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;

/**
 * Applies what sidecars say of attempts, under the token alone that is the newest, and receipts it after the commit.
 * Owned by the dispatcher's thread.
 */
final class AttemptEvents {
    /** How long a worker that rejected an assignment gets no other: long enough for its next figures. */
    private static final Duration REST = Duration.ofMillis(200);

    private final Pool pool;
    private final Commits commits;
    private final Leases leases;
    private final Endings endings;
    private final Questions questions;
    private final StoreThread store;
    private final Executor dispatcher;

    AttemptEvents(
            Pool pool,
            Commits commits,
            Leases leases,
            Endings endings,
            Questions questions,
            StoreThread store,
            Executor dispatcher) {
        this.pool = pool;
        this.commits = commits;
        this.leases = leases;
        this.endings = endings;
        this.questions = questions;
        this.store = store;
        this.dispatcher = dispatcher;
    }

    /** Applies an event; {@code unread} ends the stream when the store cannot say what to answer. */
    void on(Node node, NodeStream stream, AttemptEvent event, BiConsumer<NodeStream, Error> unread) {
        TaskEntry entry = leases.held(node, event.attempt());
        if (entry == null || !(entry.state() instanceof Held held)) {
            onNotHeld(stream, event, unread);
            return;
        }
        apply(node, stream, entry, held, event);
        if (event.number() != 0) {
            commits.then(() -> stream.receipt(event.number(), null));
        }
    }

    private void apply(Node node, NodeStream stream, TaskEntry entry, Held held, AttemptEvent event) {
        switch (event.what()) {
            case Accepted _ -> {}
            case Started _ -> onStarted(entry, held);
            case Progressed progressed -> onProgress(entry, progressed);
            case Rejected _ -> onRejected(node, entry, held);
            case Succeeded succeeded -> endings.succeeded(entry, held, succeeded.result());
            case Failed failed -> endings.failed(entry, held, failed.error());
            case Cancelled _ -> onCancelled(entry, held);
            case Parked parked -> questions.asked(stream, entry, held, parked);
        }
    }

    private void onStarted(TaskEntry entry, Held held) {
        if (held instanceof Assigned assigned) {
            pool.note(entry, entry.current().started(assigned));
        }
    }

    private void onProgress(TaskEntry entry, Progressed progressed) {
        pool.note(entry, entry.current().progressed(progressed.progress()));
        ByteString checkpoint = progressed.checkpoint();
        if (!checkpoint.isEmpty()) {
            entry.become(entry.current().checkpointed(checkpoint));
            commits.change(entry);
        }
    }

    private void onRejected(Node node, TaskEntry entry, Held held) {
        pool.meters().rejected();
        pool.fleet().rest(node, held.hold().instance(), pool.time().nowNanos() + REST.toNanos());
        if (entry.current().cancelRequested()) {
            endings.cancelled(entry, held);
            return;
        }
        pool.move(entry, entry.current().rejected(held));
        commits.change(entry);
    }

    private void onCancelled(TaskEntry entry, Held held) {
        if (entry.current().cancelRequested()) {
            endings.cancelled(entry, held);
            return;
        }
        endings.failed(
                entry,
                held,
                MeshError.of(
                        Code.CODE_WORKER_LOST,
                        "The worker stopped the attempt though nobody cancelled the task.",
                        held.hold().instance(),
                        "an outcome"));
    }

    /** A resent event that was stored already is said to be stored; all others are fenced. */
    private void onNotHeld(NodeStream stream, AttemptEvent event, BiConsumer<NodeStream, Error> unread) {
        if (event.number() == 0) {
            return;
        }
        TaskEntry entry = pool.tasks().find(event.attempt().taskId());
        if (entry != null) {
            TaskSnapshot task = entry.current();
            commits.then(() -> answer(stream, event, Optional.of(task)));
            return;
        }
        var _ = store.run(open ->
                        Optional.ofNullable(open.find(event.attempt().taskId())).map(StoredTask::task))
                .whenComplete((task, failure) -> dispatcher.execute(() -> {
                    if (failure == null) {
                        answer(stream, event, task);
                        return;
                    }
                    // A node sends again on a new stream only, and would wait for this receipt for ever.
                    unread.accept(
                            stream,
                            MeshError.of(Code.CODE_STORE_FAILED, "The task could not be looked up; connect again."));
                }));
    }

    private void answer(NodeStream stream, AttemptEvent event, Optional<TaskSnapshot> task) {
        if (task.isPresent() && wasStored(task.get(), event)) {
            stream.receipt(event.number(), null);
            return;
        }
        pool.meters().fenced();
        stream.receipt(event.number(), fenced(event.attempt(), task));
    }

    private static boolean wasStored(TaskSnapshot task, AttemptEvent event) {
        if (task.attempts().token() != event.attempt().token()) {
            return false;
        }
        StateName state = task.state().name();
        return switch (event.what()) {
            case Succeeded _ -> state == StateName.SUCCEEDED;
            case Failed _ -> state == StateName.WAITING || state == StateName.PENDING || state.isEnded();
            case Rejected _, Cancelled _ -> state == StateName.PENDING || state == StateName.CANCELLED;
            case Accepted _, Started _, Progressed _, Parked _ -> state.isEnded();
        };
    }

    private static Error fenced(AttemptKey attempt, Optional<TaskSnapshot> task) {
        String newest = task.map(known ->
                        "token " + Long.toUnsignedString(known.attempts().token()) + " in state "
                                + known.state().name())
                .orElse("no such task");
        return MeshError.of(
                Code.CODE_FENCED,
                "The attempt does not hold the task.",
                TaskId.text(attempt.taskId()) + " token " + Long.toUnsignedString(attempt.token()),
                newest);
    }
}
