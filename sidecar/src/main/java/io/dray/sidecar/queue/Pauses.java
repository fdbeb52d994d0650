package io.dray.sidecar.queue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Remembers which senders were asked to hold back for which destinations of one queue, so that each is told once and
 * all are told when they may go on. Thread-safe; senders are called outside of the lock.
 */
public final class Pauses {
    private static final int MAX_DESTINATIONS = 4_096;

    private final Map<Destination, Set<Origin>> told = new HashMap<>();
    private boolean closed;

    /** Asks a sender to hold back unless it was asked before, or nobody would let it go on. */
    public void pause(Origin origin, Destination destination) {
        boolean isNew;
        synchronized (this) {
            if (closed || (told.size() >= MAX_DESTINATIONS && !told.containsKey(destination))) {
                // Made-up names must not pile up here; what is too much is refused anyway.
                return;
            }
            isNew = told.computeIfAbsent(destination, _ -> new HashSet<>()).add(origin);
        }
        if (isNew) {
            origin.flow(destination, true);
            if (!isTold(origin, destination)) {
                // It was let go on meanwhile, perhaps before it heard of the pause.
                origin.flow(destination, false);
            }
        }
    }

    /** Lets every sender go on that was asked to hold back for a destination. */
    public void resume(Destination destination) {
        Set<Origin> origins;
        synchronized (this) {
            origins = told.remove(destination);
        }
        if (origins != null) {
            origins.forEach(origin -> origin.flow(destination, false));
        }
    }

    /** Lets every sender go on. */
    public void resumeAll() {
        Map<Destination, Set<Origin>> all;
        synchronized (this) {
            if (told.isEmpty()) {
                return;
            }
            all = new HashMap<>(told);
            told.clear();
        }
        all.forEach((destination, origins) -> origins.forEach(origin -> origin.flow(destination, false)));
    }

    /** Lets every sender go on, and asks nobody to hold back any more: the queue takes nothing now. */
    public void close() {
        synchronized (this) {
            closed = true;
        }
        resumeAll();
    }

    private synchronized boolean isTold(Origin origin, Destination destination) {
        return told.getOrDefault(destination, Set.of()).contains(origin);
    }

    /** Whether nobody holds back. */
    public synchronized boolean isEmpty() {
        return told.isEmpty();
    }
}
