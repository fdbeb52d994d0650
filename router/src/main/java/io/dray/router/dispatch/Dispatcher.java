package io.dray.router.dispatch;

import com.google.protobuf.ByteString;
import io.dray.core.net.DeferredDrain;
import io.dray.core.wire.MeshError;
import io.dray.router.balance.Balancer;
import io.dray.router.fleet.Fleet;
import io.dray.router.fleet.NodeHello;
import io.dray.router.fleet.NodeStream;
import io.dray.router.fleet.WorkFrame;
import io.dray.router.store.StoreThread;
import io.dray.router.tasks.Limit;
import io.dray.router.tasks.Outcome;
import io.dray.router.tasks.Page;
import io.dray.router.tasks.TaskEntry;
import io.dray.router.tasks.TaskFilter;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.router.v1.TaskSpec;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the tasks of one pool through their life: takes submissions, matches the queue to the fleet, applies what
 * workers say, commits in groups and answers after the commit. All its state belongs to the one thread of the given
 * executor; the public methods may be called from any thread and never block.
 */
public final class Dispatcher implements Commits.Listener {
    private static final Logger LOGGER = LoggerFactory.getLogger(Dispatcher.class);
    private static final long TICK_MILLIS = 100;
    private static final long LEAST_WAKE_NANOS = 1_000_000;
    private static final int MAX_EXAMINED = 10_000;

    private final ScheduledExecutorService executor;
    private final StoreThread store;
    private final Pool pool;
    private final Commits commits;
    private final Submissions submissions;
    private final Endings endings;
    private final Questions questions;
    private final Placer placer;
    private final Explanations explanations;
    private final Drains drains;
    private final Leases leases;
    private final WorkStreams streams;
    private final DeferredDrain turn;
    private final Ownership ownership;
    private boolean closing;
    private boolean wakes;

    /** Is told, on the dispatcher's thread, what this router knows of the owner: after each look and each change. */
    public interface OwnershipListener {
        /**
         * The owner may have changed.
         *
         * @param serving whether this router owns the store and has it in memory
         */
        void onOwnership(boolean serving);
    }

    public Dispatcher(
            DispatchSettings settings,
            Time time,
            ScheduledExecutorService executor,
            StoreThread store,
            Balancer balancer,
            RandomGenerator random,
            DispatchMeters meters) {
        this.executor = executor;
        this.store = store;
        pool = new Pool(settings, time, meters);
        Executor commands = this::command;
        commits = new Commits(store, commands, time.nanos(), meters, this);
        submissions = new Submissions(pool, commits, store, commands);
        drains = new Drains(pool, commits, store, commands);
        endings = new Endings(pool, commits, drains, new Backoffs(random));
        questions = new Questions(pool, commits);
        placer = new Placer(pool, commits, balancer);
        explanations = new Explanations(pool, placer, balancer);
        leases = new Leases(pool, endings);
        AttemptEvents events = new AttemptEvents(pool, commits, leases, endings, questions, store, commands);
        streams = new WorkStreams(pool, leases, events, questions, drains);
        turn = new DeferredDrain(executor, () -> guarded(this::turn));
        ownership = new Ownership(executor, store, pool, submissions, streams, turn::request);
    }

    /** Tells of the owner from now on; called once, before {@link #start}. */
    public void listen(OwnershipListener listener) {
        ownership.listen(listener);
    }

    /**
     * Reads the store and begins to serve; the future ends with true when it does, with false when another router has
     * the store (this one stands by and serves when it gets it), or with why the store cannot be read.
     */
    public CompletableFuture<Boolean> start() {
        var _ = executor.scheduleWithFixedDelay(
                () -> guarded(this::tick), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        return ownership.start();
    }

    /** Commits new tasks, all or none, and answers after the commit. */
    public CompletableFuture<Outcome<List<Submitted>>> submit(List<NewTask> tasks) {
        return ask(reply -> submissions.submit(tasks, reply));
    }

    /** Cancels a live task; empty when no live task of that tenant has the id. */
    public CompletableFuture<Outcome<Optional<TaskSnapshot>>> cancel(long id, String tenant) {
        return change(id, tenant, endings::cancel);
    }

    /** Answers the question of a live task; empty when no live task of that tenant has the id. */
    public CompletableFuture<Outcome<Optional<TaskSnapshot>>> answer(long id, String tenant, ByteString answer) {
        return change(id, tenant, entry -> questions.answer(entry, answer));
    }

    private CompletableFuture<Outcome<Optional<TaskSnapshot>>> change(
            long id, String tenant, Function<TaskEntry, CompletableFuture<Outcome<TaskSnapshot>>> change) {
        return ask(reply -> {
            TaskEntry entry = pool.tasks().find(id);
            if (entry == null || !isVisibleTo(entry, tenant)) {
                reply.complete(Outcome.done(Optional.empty()));
                return;
            }
            var _ = change.apply(entry)
                    .thenAccept(outcome -> reply.complete(
                            switch (outcome) {
                                case Outcome.Done<TaskSnapshot>(TaskSnapshot task) -> Outcome.done(Optional.of(task));
                                case Outcome.Refused<TaskSnapshot>(Error error) -> Outcome.refused(error);
                            }));
        });
    }

    /** Says where a live task would go and why; empty when no live task of that tenant has the id. */
    public CompletableFuture<Outcome<Optional<Explanation>>> explain(long id, String tenant) {
        return ask(reply -> reply.complete(Outcome.done(Optional.ofNullable(
                        pool.tasks().find(id))
                .filter(entry -> isVisibleTo(entry, tenant) && !entry.current().isEnded())
                .map(explanations::of))));
    }

    /** Says where a task would go that is not submitted; its defaults are filled in. */
    public CompletableFuture<Outcome<Explanation>> explain(TaskSpec spec) {
        return ask(reply -> reply.complete(Outcome.done(explanations.of(spec))));
    }

    /** Cordons a node or lifts it, on wish moves its attempts elsewhere; answers with how many it holds. */
    public CompletableFuture<Outcome<Integer>> cordon(String node, boolean cordoned, boolean drain) {
        return ask(reply -> drains.cordon(node, cordoned, drain, reply));
    }

    /** Returns why a task that has ended cannot be changed. */
    public static Error finished(TaskSnapshot task) {
        return Endings.finished(task);
    }

    /** Returns a live task as committed, with its progress. */
    public CompletableFuture<Outcome<Optional<TaskSnapshot>>> find(long id) {
        return read(reply -> reply.complete(
                Outcome.done(Optional.ofNullable(pool.tasks().find(id)).map(pool::view))));
    }

    /** Returns committed live tasks that match, newest first. */
    public CompletableFuture<Outcome<Page>> list(TaskFilter filter, long beforeId, int maxTasks) {
        return read(reply ->
                reply.complete(Outcome.done(pool.tasks().page(pool::view, filter, beforeId, maxTasks, MAX_EXAMINED))));
    }

    /** Watches those of the named tasks that are live; the watch ends with the last of them. */
    public CompletableFuture<Outcome<Watch>> watch(Set<Long> ids, String tenant) {
        return ask(reply -> {
            Map<Long, TaskSnapshot> live = new HashMap<>();
            for (long id : ids) {
                TaskEntry entry = pool.tasks().find(id);
                TaskSnapshot visible = entry == null ? null : pool.view(entry);
                if (entry != null && visible != null && isVisibleTo(entry, tenant)) {
                    live.put(id, visible);
                }
            }
            Watch watch = new Watch(live.keySet());
            live.values().forEach(watch::offer);
            pool.watches().addNamed(watch, live.keySet());
            reply.complete(Outcome.done(watch));
        });
    }

    /** Watches all live and later tasks that match. */
    public CompletableFuture<Outcome<Watch>> watch(TaskFilter filter) {
        return ask(reply -> {
            Watch watch = new Watch(filter);
            for (TaskEntry entry : pool.tasks().all()) {
                TaskSnapshot visible = pool.view(entry);
                if (visible != null && watch.matches(visible)) {
                    watch.offer(visible);
                }
            }
            pool.watches().addFiltered(watch);
            reply.complete(Outcome.done(watch));
        });
    }

    /** Returns all limits with what runs under them; capabilities first, each by name. */
    public CompletableFuture<Outcome<List<LimitUse>>> limits() {
        return ask(reply -> reply.complete(Outcome.done(pool.limits().uses(pool.held()))));
    }

    /** Replaces a limit; answers when it is committed and holds. */
    public CompletableFuture<Outcome<LimitUse>> setLimit(Limit limit) {
        return ask(reply -> {
            var _ = store.run(stored -> {
                        stored.putLimit(limit);
                        return limit;
                    })
                    .whenComplete((_, failure) -> command(() -> {
                        if (failure != null) {
                            reply.complete(Outcome.refused(
                                    MeshError.of(Code.CODE_STORE_FAILED, String.valueOf(failure.getMessage()))));
                            return;
                        }
                        if (ownership.isOpen()) {
                            pool.limits().set(limit, pool.held());
                        }
                        reply.complete(Outcome.done(pool.limits().use(limit.scope(), limit.name(), pool.held())));
                    }));
        });
    }

    /** Ends a watch whose watcher is gone. */
    public void unwatch(Watch watch) {
        command(() -> pool.watches().remove(watch));
    }

    /** A sidecar introduced itself; it is welcomed, or its stream is ended. */
    public void onHello(NodeStream stream, NodeHello hello) {
        command(() -> streams.onHello(stream, hello, ownership.isOpen() && !closing));
    }

    /** A sidecar said something; {@code taken} is run when the next frame may come. */
    public void onFrame(NodeStream stream, WorkFrame frame, Runnable taken) {
        command(() -> {
            streams.onFrame(stream, frame);
            taken.run();
        });
    }

    /** A stream has ended; attempts of its node live on for their lease. */
    public void onStreamEnd(NodeStream stream) {
        command(() -> streams.onEnd(stream));
    }

    /** Reads the fleet on the dispatcher's thread. */
    public <R> CompletableFuture<R> readFleet(Function<Fleet, R> read) {
        CompletableFuture<R> reply = new CompletableFuture<>();
        command(() -> reply.complete(read.apply(pool.fleet())));
        return reply;
    }

    /** Returns whether requests are served now. Thread-safe: asks the dispatcher's thread. */
    public CompletableFuture<Boolean> isOpen() {
        return readFleet(_ -> ownership.isOpen());
    }

    /**
     * Refuses what is new, lets what is committing finish, ends all streams and gives the store to the next router; the
     * future ends after that.
     */
    public CompletableFuture<Void> drain() {
        CompletableFuture<Void> drained = new CompletableFuture<>();
        boolean accepted = command(() -> {
            closing = true;
            if (!ownership.isOpen()) {
                // Nothing is under way, and nobody is served.
                release(drained);
                return;
            }
            Error draining = MeshError.of(Code.CODE_DRAINING, "The router is stopping; another start will go on.");
            commits.then(
                    _ -> {
                        streams.endAll(draining);
                        pool.watches().endAll(draining);
                        // Behind what the streams have said meanwhile.
                        commits.then(_ -> release(drained), _ -> release(drained));
                    },
                    _ -> release(drained));
        });
        if (!accepted) {
            drained.complete(null);
        }
        return drained;
    }

    private void release(CompletableFuture<Void> drained) {
        var _ = ownership.release().thenAccept(_ -> drained.complete(null));
    }

    /**
     * Lets what is committing finish and then serves nobody, so that the store can be filled behind its back, until {@link
     * #resume()}. Those who are served get the error.
     */
    public CompletableFuture<Outcome<Boolean>> suspend(Error why) {
        return ask(reply -> commits.then(
                _ -> {
                    commits.abandon(why);
                    endServed(why);
                    ownership.suspend(why.getMessage());
                    reply.complete(Outcome.done(true));
                },
                error -> reply.complete(Outcome.refused(error))));
    }

    /** Reads the store anew and serves again. */
    public void resume() {
        command(ownership::resume);
    }

    private interface Question<R> {
        void ask(CompletableFuture<Outcome<R>> reply);
    }

    private <R> CompletableFuture<Outcome<R>> ask(Question<R> question) {
        return ask(question, () -> ownership.isOpen() && !closing);
    }

    /** The same for what changes nothing: it goes on while the store is away. */
    private <R> CompletableFuture<Outcome<R>> read(Question<R> question) {
        return ask(question, () -> ownership.isReadable() && !closing);
    }

    private <R> CompletableFuture<Outcome<R>> ask(Question<R> question, BooleanSupplier isAnswered) {
        CompletableFuture<Outcome<R>> reply = new CompletableFuture<>();
        boolean accepted = command(() -> {
            if (isAnswered.getAsBoolean()) {
                question.ask(reply);
                return;
            }
            reply.complete(Outcome.refused(notOpen()));
        });
        if (!accepted) {
            reply.complete(Outcome.refused(notOpen()));
        }
        return reply;
    }

    private Error notOpen() {
        return closing
                ? MeshError.of(Code.CODE_DRAINING, "The router is stopping; try another or try again.")
                : MeshError.of(
                        Code.CODE_STORE_FAILED, ownership.why() + "The store is being read; try again in a moment.");
    }

    private boolean command(Runnable command) {
        try {
            executor.execute(() -> {
                guarded(command);
                turn.request();
            });
            return true;
        } catch (RejectedExecutionException _) {
            return false;
        }
    }

    /** A defect in one command is logged and ends neither the thread nor its clock. */
    private static void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException defect) {
            LOGGER.atError().setCause(defect).log("The dispatcher failed at one command");
        }
    }

    private static boolean isVisibleTo(TaskEntry entry, String tenant) {
        return entry.submission().tenant().equals(tenant);
    }

    private void turn() {
        if (!ownership.isOpen()) {
            return;
        }
        pool.limits().refresh();
        Set<String> changed = new HashSet<>(pool.fleet().takeChanged());
        changed.addAll(pool.queue().takeAdded());
        placer.placeFor(changed);
        pool.meters().queued(pool.queue().size());
        commits.seal();
        wakeIn(pool.limits().opensInNanos());
    }

    /** Looks again when a rate allows the next start, where the next tick would be late. */
    private void wakeIn(long nanos) {
        if (nanos < TICK_MILLIS * 1_000_000 && !wakes) {
            wakes = true;
            var _ = executor.schedule(
                    () -> {
                        wakes = false;
                        turn.request();
                    },
                    Math.max(nanos, LEAST_WAKE_NANOS),
                    TimeUnit.NANOSECONDS);
        }
    }

    private void tick() {
        pool.tick();
        if (!ownership.isOpen()) {
            return;
        }
        if (!store.isOwned()) {
            commits.onStoreLost();
            return;
        }
        leases.lapse();
        pool.timers().fire(pool.time().nowMicros(), id -> {
            TaskEntry entry = pool.tasks().find(id);
            if (entry != null) {
                endings.onTimer(entry);
            }
        });
        placer.placeAll();
        pool.meters().heldBack(pool.queue().heldBack());
        turn.request();
    }

    @Override
    public void onCommitted(TaskEntry entry, TaskSnapshot task) {
        ownership.onCommitted();
        pool.show(entry, task);
        if (task.isEnded()) {
            pool.remove(entry);
            submissions.onFinished(entry.submission());
            return;
        }
        pool.trimPayload(entry);
        turn.request();
    }

    /**
     * The state in memory is ahead of the store now: it is read again from what is committed. Until then readers see
     * what was committed before, unless another router goes on from there.
     */
    @Override
    public void onStoreFailed(Error error, boolean isOurs) {
        LOGGER.atError()
                .addKeyValue("cause", error.getMessage())
                .log("A commit failed; nothing of it was acknowledged");
        pool.meters().storeFailed();
        endServed(error);
        ownership.onLost(error.getMessage(), isOurs);
    }

    private void endServed(Error error) {
        streams.endAll(error);
        pool.watches().endAll(error);
        submissions.clear(error);
    }
}
