package io.dray.router.dispatch;

import io.dray.core.wire.MeshError;
import io.dray.router.fleet.Node;
import io.dray.router.fleet.NodeStream;
import io.dray.router.tasks.AttemptKey;
import io.dray.router.tasks.TaskEntry;
import io.dray.router.tasks.TaskState.Assigned;
import io.dray.router.tasks.TaskState.Held;
import io.dray.types.v1.Code;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Renews and ends the leases of attempts. Owned by the dispatcher's thread. */
final class Leases {
    private final Pool pool;
    private final Endings endings;

    Leases(Pool pool, Endings endings) {
        this.pool = pool;
        this.endings = endings;
    }

    /** Renews exactly these attempts of a node; returns those among them that it should stop. */
    List<AttemptKey> renew(Node node, List<AttemptKey> running) {
        List<AttemptKey> stale = new ArrayList<>();
        for (AttemptKey attempt : running) {
            TaskEntry entry = held(node, attempt);
            if (entry == null) {
                stale.add(attempt);
                continue;
            }
            entry.leaseUntil(pool.leaseEndNanos());
            if (entry.isRecovered() && entry.state() instanceof Assigned assigned) {
                // Its start was told to the router before this one, which stores no starts.
                pool.note(entry, entry.current().started(assigned));
            }
        }
        return stale;
    }

    /** Returns the task that the node holds under that very token; null when it does not. */
    @Nullable
    TaskEntry held(Node node, AttemptKey attempt) {
        TaskEntry entry = pool.tasks().find(attempt.taskId());
        boolean holds = entry != null
                && entry.state() instanceof Held held
                && held.hold().token() == attempt.token()
                && held.hold().node().equals(node.name());
        return holds ? entry : null;
    }

    /** Returns the attempts of a node that somebody wants cancelled. */
    List<AttemptKey> cancelsFor(Node node) {
        List<AttemptKey> wanted = new ArrayList<>();
        for (TaskEntry entry : pool.held()) {
            if (entry.current().cancelRequested()
                    && entry.state() instanceof Held held
                    && held.hold().node().equals(node.name())) {
                wanted.add(new AttemptKey(entry.id(), held.hold().token()));
            }
        }
        return wanted;
    }

    /** Ends the attempts whose lease ran out. */
    void lapse() {
        for (TaskEntry entry : pool.held()) {
            if (entry.leaseUntilNanos() <= pool.leaseClockNanos() && entry.state() instanceof Held held) {
                lapse(entry, held);
            }
        }
    }

    private void lapse(TaskEntry entry, Held held) {
        pool.meters().lapsed();
        NodeStream stream = pool.streamOf(held.hold());
        if (stream != null) {
            stream.cancel(List.of(new AttemptKey(entry.id(), held.hold().token())));
        }
        endings.failed(
                entry,
                held,
                MeshError.of(
                        Code.CODE_WORKER_LOST,
                        "The lease ran out: the worker or its node was not heard.",
                        held.hold().instance(),
                        "a report that lists the attempt within "
                                + pool.settings().lease().toMillis() + " ms"));
    }
}
