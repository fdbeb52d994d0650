package io.dray.router.dispatch;

import io.dray.router.tasks.Limit;
import io.dray.router.tasks.Limit.Scope;
import io.dray.router.tasks.Submission;
import io.dray.router.tasks.TaskEntry;
import io.dray.router.tasks.TaskQueue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The limits of queues and capabilities. Where one is reached it closes its lanes in the queue and opens them again when
 * it is not, so no task is looked at and none is written for it. Owned by the dispatcher's thread.
 */
final class Limits {
    private final TaskQueue queue;
    private final LongSupplier nanoTime;
    private final Map<String, Gate> queues = new TreeMap<>();
    private final Map<String, Gate> capabilities = new TreeMap<>();

    Limits(TaskQueue queue, LongSupplier nanoTime) {
        this.queue = queue;
        this.nanoTime = nanoTime;
    }

    /** Starts from what the store says, before any task is known. */
    void recover(List<Limit> stored) {
        for (Limit limit : stored) {
            Gate gate = new Gate(limit, 0, nanoTime.getAsLong());
            gates(limit.scope()).put(limit.name(), gate);
            check(gate);
        }
    }

    /** Makes a limit hold from now on; {@code held} are the tasks that workers have. */
    void set(Limit limit, Collection<TaskEntry> held) {
        Scope scope = limit.scope();
        if (limit.isNone()) {
            gates(scope).remove(limit.name());
            queue.open(scope, limit.name());
            return;
        }
        long now = nanoTime.getAsLong();
        Gate gate = gates(scope)
                .computeIfAbsent(limit.name(), name -> new Gate(Limit.none(scope, name), limit.burstStarts(), now));
        gate.become(limit, running(scope, limit.name(), held), now);
        check(gate);
    }

    private static long running(Scope scope, String name, Collection<TaskEntry> held) {
        return running(scope, held).getOrDefault(name, 0L);
    }

    private static Map<String, Long> running(Scope scope, Collection<TaskEntry> held) {
        return held.stream()
                .collect(Collectors.groupingBy(entry -> scope.nameOf(entry.submission()), Collectors.counting()));
    }

    /** Returns the limit that holds for a name, and its use. */
    LimitUse use(Scope scope, String name, Collection<TaskEntry> held) {
        Gate gate = gates(scope).get(name);
        return gate == null
                ? new LimitUse(Limit.none(scope, name), running(scope, name, held), 0)
                : new LimitUse(gate.limit(), gate.running(), queue.heldBack(scope, name));
    }

    /** Returns all limits and, without one, the queues that have tasks; capabilities first, each by name. */
    List<LimitUse> uses(Collection<TaskEntry> held) {
        Map<String, Long> running = running(Scope.QUEUE, held);
        Set<String> names = new TreeSet<>(queues.keySet());
        names.addAll(queue.queues());
        names.addAll(running.keySet());
        List<LimitUse> uses = new ArrayList<>();
        capabilities.keySet().forEach(name -> uses.add(use(Scope.CAPABILITY, name, List.of())));
        for (String name : names) {
            uses.add(
                    queues.containsKey(name)
                            ? use(Scope.QUEUE, name, List.of())
                            : new LimitUse(Limit.none(Scope.QUEUE, name), running.getOrDefault(name, 0L), 0));
        }
        return uses;
    }

    /** Returns whether a queue refuses tasks that no known worker can do. */
    boolean isStrict(String queueName) {
        Gate gate = queues.get(queueName);
        return gate != null && gate.limit().strict();
    }

    /** Returns whether an attempt may start now. */
    boolean mayStart(Submission submission) {
        for (Gate gate : gatesOf(submission)) {
            if (!gate.isOpen()) {
                return false;
            }
        }
        return true;
    }

    /** Counts an attempt that a worker has from now on. */
    void started(Submission submission) {
        gatesOf(submission).forEach(gate -> {
            gate.started();
            check(gate);
        });
    }

    /** Takes a token for an attempt that this router starts. */
    void spend(Submission submission) {
        gatesOf(submission).forEach(gate -> {
            gate.spend(nanoTime.getAsLong());
            check(gate);
        });
    }

    /** Counts an attempt no more; a worker that did not take it gives its token back. */
    void ended(Submission submission, boolean wasTaken) {
        gatesOf(submission).forEach(gate -> {
            gate.ended();
            if (!wasTaken) {
                gate.giveBack();
            }
            check(gate);
        });
    }

    private List<Gate> gatesOf(Submission submission) {
        if (queues.isEmpty() && capabilities.isEmpty()) {
            return List.of();
        }
        Gate ofQueue = queues.get(Scope.QUEUE.nameOf(submission));
        Gate ofCapability = capabilities.get(Scope.CAPABILITY.nameOf(submission));
        if (ofQueue != null && ofCapability != null) {
            return List.of(ofQueue, ofCapability);
        }
        if (ofQueue != null) {
            return List.of(ofQueue);
        }
        return ofCapability == null ? List.of() : List.of(ofCapability);
    }

    /** Opens what time has opened. */
    void refresh() {
        closed().forEach(this::check);
    }

    /** Returns in how many nanoseconds the next one opens by time alone; {@link Long#MAX_VALUE} if none does. */
    long opensInNanos() {
        return closed().mapToLong(Gate::opensInNanos).min().orElse(Long.MAX_VALUE);
    }

    private Stream<Gate> closed() {
        return Stream.of(queues, capabilities)
                .flatMap(gates -> gates.values().stream())
                .filter(gate -> !gate.isOpen());
    }

    private void check(Gate gate) {
        if (!gate.changes(nanoTime.getAsLong())) {
            return;
        }
        if (gate.isOpen()) {
            queue.open(gate.limit().scope(), gate.limit().name());
        } else {
            queue.close(gate.limit().scope(), gate.limit().name());
        }
    }

    /** Forgets all of them; they are read again. */
    void clear() {
        queues.clear();
        capabilities.clear();
    }

    private Map<String, Gate> gates(Scope scope) {
        return switch (scope) {
            case QUEUE -> queues;
            case CAPABILITY -> capabilities;
        };
    }
}
