package io.dray.router.dispatch;

import io.dray.core.wire.MeshError;
import io.dray.router.fleet.Node;
import io.dray.router.fleet.NodeStream;
import io.dray.router.store.StoreThread;
import io.dray.router.tasks.AttemptKey;
import io.dray.router.tasks.Outcome;
import io.dray.router.tasks.TaskEntry;
import io.dray.router.tasks.TaskState.Held;
import io.dray.types.v1.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Nodes that people give nothing new, and attempts that are moved away from them. Owned by the dispatcher's thread. */
final class Drains {
    private final Pool pool;
    private final Commits commits;
    private final StoreThread store;
    private final Executor dispatcher;

    Drains(Pool pool, Commits commits, StoreThread store, Executor dispatcher) {
        this.pool = pool;
        this.commits = commits;
        this.store = store;
        this.dispatcher = dispatcher;
    }

    /** Cordons a node or lifts it, on wish moves its attempts; answers with how many it holds, once it is stored. */
    void cordon(String name, boolean cordoned, boolean drain, CompletableFuture<Outcome<Integer>> reply) {
        if (pool.fleet().find(name) == null) {
            reply.complete(Outcome.refused(MeshError.of(
                    Code.CODE_NO_SUCH_DESTINATION,
                    "No node of that name is known here.",
                    name,
                    "a node of `dray nodes`")));
            return;
        }
        long now = pool.time().nowMicros();
        var _ = store.run(open -> {
                    open.cordon(name, cordoned, now);
                    return name;
                })
                .whenComplete((_, failure) -> dispatcher.execute(() -> {
                    if (failure != null) {
                        reply.completeExceptionally(failure);
                        return;
                    }
                    reply.complete(Outcome.done(apply(name, cordoned, drain)));
                }));
    }

    private int apply(String name, boolean cordoned, boolean drain) {
        Node node = pool.fleet().cordon(name, cordoned);
        NodeStream stream = node.stream();
        if (stream != null) {
            stream.cordoned(cordoned);
        }
        if (drain) {
            List<AttemptKey> attempts = attempts(node);
            pool.moving().addAll(attempts);
            if (stream != null && !attempts.isEmpty()) {
                stream.cancel(attempts);
            }
        }
        return node.attempts();
    }

    private List<AttemptKey> attempts(Node node) {
        List<AttemptKey> attempts = new ArrayList<>();
        for (TaskEntry entry : pool.held()) {
            if (entry.state() instanceof Held held && held.hold().node().equals(node.name())) {
                attempts.add(key(entry, held));
            }
        }
        return attempts;
    }

    private static AttemptKey key(TaskEntry entry, Held held) {
        return new AttemptKey(entry.id(), held.hold().token());
    }

    /** Returns the attempts of a node that are being moved: one that is back may not have heard of it. */
    List<AttemptKey> moving(Node node) {
        return pool.moving().isEmpty()
                ? List.of()
                : attempts(node).stream().filter(pool.moving()::contains).toList();
    }

    /** An attempt did not succeed: one that is being moved is queued again with its age, and does not count. */
    boolean move(TaskEntry entry, Held held) {
        if (!pool.moving().contains(key(entry, held)) || entry.current().cancelRequested()) {
            return false;
        }
        pool.move(entry, entry.current().rejected(held));
        commits.change(entry);
        return true;
    }
}
