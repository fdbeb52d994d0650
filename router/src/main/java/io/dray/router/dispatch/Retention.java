package io.dray.router.dispatch;

import io.dray.router.store.Removed;
import io.dray.router.store.Store;
import io.dray.router.store.StoreException;
import io.dray.router.store.StoreThread;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes finished tasks that are kept no longer, and payloads and results whose own time is over: in small steps on the
 * store's thread, with a pause for commits between them. Owned by the dispatcher's thread.
 */
public final class Retention {
    private static final Logger LOGGER = LoggerFactory.getLogger(Retention.class);
    static final Duration ROUND = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final Duration kept;
    private final StoreThread store;
    private final ScheduledExecutorService dispatcher;
    private final Time time;
    private final DispatchMeters meters;

    /**
     * Makes one that does nothing until its start.
     *
     * @param kept how long a task is kept after its end
     */
    public Retention(
            Duration kept, StoreThread store, ScheduledExecutorService dispatcher, Time time, DispatchMeters meters) {
        this.kept = kept;
        this.store = store;
        this.dispatcher = dispatcher;
        this.time = time;
        this.meters = meters;
    }

    /** What one step did. */
    private record Step(Removed removed, int bodies) {
        static Step of(Store store, long nowMicros, long keptMicros) throws StoreException {
            int bodies = store.dropBodiesBefore(nowMicros);
            return new Step(store.removeFinishedBefore(nowMicros - keptMicros), bodies);
        }

        boolean isLast() {
            return bodies == 0 && !removed.more();
        }
    }

    /** Begins with the first round, and goes on until the executor ends. */
    public void start() {
        stepAfter(ROUND);
    }

    private void stepAfter(Duration pause) {
        var _ = dispatcher.schedule(this::step, pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void step() {
        if (!store.isOwned()) {
            // The router that owns the store does it.
            stepAfter(ROUND);
            return;
        }
        long now = time.nowMicros();
        long keptMicros = TimeUnit.MILLISECONDS.toMicros(kept.toMillis());
        // The figures follow what the dispatcher read of the same store, since both come from its thread in order.
        var _ = store.run(open -> Step.of(open, now, keptMicros))
                .whenComplete((step, failure) -> dispatcher.execute(() -> onStep(step, failure)));
    }

    private void onStep(@Nullable Step step, @Nullable Throwable failure) {
        if (step == null) {
            onFailure(failure);
            return;
        }
        meters.removed(step.removed().tasks());
        meters.bodiesDropped(step.bodies());
        stepAfter(step.isLast() ? ROUND : PAUSE);
    }

    private void onFailure(@Nullable Throwable failure) {
        boolean isOthers = failure instanceof StoreException refused && refused.kind() == StoreException.Kind.FENCED;
        if (!isOthers) {
            LOGGER.atWarn()
                    .addKeyValue("cause", failure == null ? "" : failure.getMessage())
                    .log("Removing finished tasks failed; it is tried again");
        }
        stepAfter(ROUND);
    }
}
