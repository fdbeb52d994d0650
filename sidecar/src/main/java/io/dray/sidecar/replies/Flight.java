package io.dray.sidecar.replies;

import io.dray.sidecar.queue.Destination;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

    /** How often the cache had been cleared when the request came. */
    final int generation;

    private final long startNanos;
    private final List<Waiter> waiters = new ArrayList<>();
    private boolean ended;

    Flight(RequestKey key, Destination destination, String type, long endMicros, boolean isShared, Start start) {
        this.key = key;
        this.destination = destination;
        this.type = type;
        this.endMicros = endMicros;
        this.isShared = isShared;
        this.generation = start.generation;
        this.startNanos = start.nanos;
    }

    /**
     * When it began.
     *
     * @param nanos of the monotonic clock
     * @param generation how often the cache had been cleared
     */
    record Start(long nanos, int generation) {}

    /** How long it has been on its way. */
    long ageNanos(long nowNanos) {
        return nowNanos - startNanos;
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
        return take();
    }

    /** Returns who waits, and lets them wait no more. */
    synchronized List<Waiter> take() {
        List<Waiter> all = List.copyOf(waiters);
        waiters.clear();
        return all;
    }

    /** Lets one wait no more, and returns it if it did. */
    synchronized Optional<Waiter> remove(long session, long sequence) {
        Optional<Waiter> found = waiters.stream()
                .filter(waiter -> waiter.request().session == session && waiter.request().sequence == sequence)
                .findFirst();
        found.ifPresent(waiters::remove);
        return found;
    }

    /** Returns those that have waited long enough, and lets them wait no more. */
    synchronized List<Waiter> due(long nowNanos) {
        List<Waiter> due =
                waiters.stream().filter(waiter -> waiter.time().isDue(nowNanos)).toList();
        if (!due.isEmpty()) {
            waiters.removeIf(waiter -> waiter.time().isDue(nowNanos));
        }
        return due;
    }

    synchronized boolean hasWaiters() {
        return !waiters.isEmpty();
    }
}
