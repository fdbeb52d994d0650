package io.dray.sidecar.replies;

import io.dray.sidecar.queue.Destination;
import java.util.ArrayList;
import java.util.List;

/**
 * One request on its way whose reply may be kept, and those that wait for the same reply. What waits is guarded by this.
 */
final class Flight {
    final RequestKey key;
    final Destination destination;
    final String type;

    /** Unix microseconds after which nobody waits for it any more. */
    final long endMicros;

    /** Whether identical requests wait for it: replies of this type were marked before. */
    final boolean isShared;

    private final List<Waiter> waiters = new ArrayList<>();
    private boolean ended;

    Flight(RequestKey key, Destination destination, String type, long endMicros, boolean isShared) {
        this.key = key;
        this.destination = destination;
        this.type = type;
        this.endMicros = endMicros;
        this.isShared = isShared;
    }

    /** Lets another one wait for the same reply; false when that has come. */
    synchronized boolean join(Waiter waiter) {
        if (!ended) {
            waiters.add(waiter);
        }
        return !ended;
    }

    /** Ends it; returns who waited. */
    synchronized List<Waiter> end() {
        ended = true;
        List<Waiter> all = List.copyOf(waiters);
        waiters.clear();
        return all;
    }
}
