package io.dray.router.dispatch;

import io.dray.router.fleet.Fleet;
import io.dray.router.store.Store;
import io.dray.router.store.StoreException;
import io.dray.router.store.StoreThread;
import io.dray.router.tasks.TaskEntry;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.router.tasks.TaskState.Held;
import io.dray.router.tasks.TaskState.Parked;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the pool is this router's and in memory. Takes the store, reads it, stands by while another router has it, and
 * begins again after a failure. Owned by the dispatcher's thread.
 *
 * <pre>
 * TAKING -taken-> READING -read-> OPEN -release-> RELEASED
 *   ^  ^-- another router has it --'  |
 *   '------------ onLost -------------'
 * </pre>
 */
final class Ownership {
    private static final Logger LOGGER = LoggerFactory.getLogger(Ownership.class);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
    /** How often a router that stands by looks whether the store is free; sooner when the owner's lease ends sooner. */
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private static final Duration LEAST_PAUSE = Duration.ofMillis(10);
    /** At a start the owner may be this router's own last run, whose lease ends by itself in a moment. */
    private static final Duration START = Duration.ofMillis(2_400);

    private final ScheduledExecutorService executor;
    private final StoreThread store;
    private final Pool pool;
    private final Submissions submissions;
    private final WorkStreams streams;
    private final Runnable onOpen;
    private final CompletableFuture<Boolean> started = new CompletableFuture<>();
    private Dispatcher.OwnershipListener listener = _ -> {};
    private boolean open;
    /** Whether what is visible may be read though nothing is served. */
    private boolean readable;

    private boolean released;
    /** Why nothing is served, or nothing; a sentence and a blank. */
    private String why = "";

    private long openings;
    private boolean standsBy;
    private boolean saidStandBy;
    /** The failure that was logged since the store was last read. */
    private String saidFailure = "";

    private long standsBySinceNanos;

    /** @param onOpen what is to be done once the pool is in memory */
    Ownership(
            ScheduledExecutorService executor,
            StoreThread store,
            Pool pool,
            Submissions submissions,
            WorkStreams streams,
            Runnable onOpen) {
        this.executor = executor;
        this.store = store;
        this.pool = pool;
        this.submissions = submissions;
        this.streams = streams;
        this.onOpen = onOpen;
    }

    void listen(Dispatcher.OwnershipListener toIt) {
        listener = toIt;
    }

    /** Begins; the future ends with whether this router serves, or with why the store cannot be read. */
    CompletableFuture<Boolean> start() {
        take();
        return started;
    }

    /** Whether requests are served. */
    boolean isOpen() {
        return open;
    }

    /** Whether reads are: they go on while the store is away. */
    boolean isReadable() {
        return readable;
    }

    /** Returns why nothing is served: a sentence and a blank, or nothing. */
    String why() {
        return why;
    }

    private void take() {
        if (released) {
            return;
        }
        var _ = store.run(Store::take)
                .whenComplete((_, failure) -> onThread(() -> {
                    if (failure != null) {
                        onFailed(failure);
                        return;
                    }
                    // Before the store is read: memory would hold everything twice.
                    readable = false;
                    why = standsBy ? "" : why;
                    pool.clear();
                    listener.onOwnership(false);
                    read();
                }));
    }

    private void read() {
        var _ = store.run(Recovered::read)
                .whenComplete((recovered, failure) -> onThread(() -> {
                    if (failure == null) {
                        onRead(recovered);
                        return;
                    }
                    onFailed(failure);
                }));
    }

    private void onThread(Runnable step) {
        try {
            executor.execute(() -> {
                if (!released) {
                    step.run();
                }
            });
        } catch (RejectedExecutionException _) {
            // The router is closing.
        }
    }

    private void takeIn(Duration pause) {
        try {
            var _ = executor.schedule(this::take, pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException _) {
            // The router is closing.
        }
    }

    private void onFailed(Throwable failure) {
        if (failure instanceof StoreException refused && refused.kind() == StoreException.Kind.FENCED) {
            onStandBy(refused);
            return;
        }
        String cause = String.valueOf(failure.getMessage());
        if (!cause.equals(saidFailure)) {
            saidFailure = cause;
            LOGGER.atError().addKeyValue("cause", cause).log("Reading the store failed; it is tried each second");
        }
        started.completeExceptionally(failure);
        listener.onOwnership(false);
        takeIn(AFTER_FAILURE);
    }

    private void onStandBy(StoreException owned) {
        long now = System.nanoTime();
        readable = false;
        why = "Another router serves (" + owned.getMessage() + "). ";
        if (!standsBy) {
            standsBy = true;
            standsBySinceNanos = pool.time().nowNanos();
        }
        if (!saidStandBy && pool.time().nowNanos() - standsBySinceNanos >= START.toNanos()) {
            saidStandBy = true;
            started.complete(false);
            LOGGER.atInfo().addKeyValue("cause", owned.getMessage()).log("Standing by until the store is free");
        }
        listener.onOwnership(false);
        takeIn(store.owner().map(owner -> nextLook(owner.left(now))).orElse(BETWEEN_LOOKS));
    }

    /** When the lease ends, but soon enough to see an owner that gives the store away before. */
    private static Duration nextLook(Duration left) {
        if (left.compareTo(LEAST_PAUSE) < 0) {
            return LEAST_PAUSE;
        }
        return left.compareTo(BETWEEN_LOOKS) < 0 ? left : BETWEEN_LOOKS;
    }

    private void onRead(Recovered recovered) {
        // Greater than any revision that was shown before: progress counts there, but is not stored.
        long firstRevision = (recovered.epoch() << 32) + (openings << 24);
        openings++;
        pool.tick();
        pool.meters().restart(recovered.finished());
        pool.limits().recover(recovered.limits());
        submissions.recover(recovered.finishedKeys(), recovered.lastId());
        Fleet fleet = pool.fleet();
        recovered.cordoned().forEach(node -> fleet.cordon(node, true));
        for (TaskSnapshot task : recovered.live()) {
            recover(task.recovered(firstRevision));
        }
        streams.onOpened(recovered.epoch());
        open = true;
        readable = true;
        why = "";
        saidFailure = "";
        if (standsBy) {
            LOGGER.atInfo().addKeyValue("epoch", recovered.epoch()).log("The store is this router's now");
            standsBy = false;
            saidStandBy = false;
        }
        started.complete(true);
        listener.onOwnership(true);
        onOpen.run();
    }

    private void recover(TaskSnapshot task) {
        TaskEntry entry = new TaskEntry(task, null);
        entry.markRecovered();
        pool.add(entry);
        pool.show(entry, task);
        if (task.state() instanceof Held) {
            entry.leaseUntil(pool.leaseEndNanos());
        }
        if (task.state() instanceof Held held && !(held instanceof Parked)) {
            pool.fleet().hold(held.hold().node(), held.hold().instance(), task.id(), Pool.demand(task.submission()));
        }
    }

    /** A commit was made: what failed before does not count any more. */
    void onCommitted() {
        why = "";
    }

    /**
     * A commit failed; the store is taken and read again.
     *
     * @param isOurs false: another router has it, and goes on from what was committed
     */
    void onLost(String cause, boolean isOurs) {
        why = "The last commit failed (" + cause + "). ";
        open = false;
        readable = isOurs;
        listener.onOwnership(false);
        takeIn(isOurs ? AFTER_FAILURE : LEAST_PAUSE);
    }

    /** Keeps the pool, but serves nobody until {@link #resume()}: reads go on. */
    void suspend(String cause) {
        why = cause + " ";
        open = false;
        readable = true;
    }

    /** Ends {@link #suspend}: the store is taken and read again. */
    void resume() {
        take();
    }

    /** Gives the store to the next router; nothing is served or taken after it. The future ends when it is given. */
    CompletableFuture<Void> release() {
        open = false;
        readable = false;
        released = true;
        CompletableFuture<Void> given = new CompletableFuture<>();
        var _ = store.run(stored -> {
                    stored.release();
                    return true;
                })
                .whenComplete((_, _) -> given.complete(null));
        return given;
    }
}
