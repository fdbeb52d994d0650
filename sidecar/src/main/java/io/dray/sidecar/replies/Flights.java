package io.dray.sidecar.replies;

import io.dray.core.net.MemoryBudget;
import io.dray.sidecar.local.LocalAgent;
import io.dray.sidecar.queue.Destination;
import io.dray.sidecar.queue.Parcel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The requests on their way whose replies may be kept, and who waits for the same reply. Thread-safe; nothing is called out
 * under a lock.
 *
 * <p>Nobody waits for what may never come: when the first is refused, given up, lost or late, one of those that wait is sent
 * in its place, and the others wait for either. The same when they have waited half their time, and half of what is left
 * then, and so on: an agent that comes back is asked a few times, not by all at once.
 */
final class Flights {
    /** What a request takes that nobody waits for: its key, its type, places in the tables. */
    private static final int FLIGHT_BYTES = 768;
    /** How often it is looked whether somebody has waited long enough. */
    private static final long LOOK_MILLIS = 100;

    private final MemoryBudget.Share budget;
    private final ScheduledExecutorService executor;
    private final LongSupplier nanoTime;
    private final Owner owner;
    private final Map<RequestId, Flight> all = new ConcurrentHashMap<>();
    private final Map<RequestKey, Flight> shared = new ConcurrentHashMap<>();
    private final Map<RequestId, Flight> joined = new ConcurrentHashMap<>();
    private final LongAdder misses = new LongAdder();
    private final LongAdder coalesced = new LongAdder();
    private final AtomicInteger generation = new AtomicInteger();
    private final AtomicBoolean looking = new AtomicBoolean();

    private record RequestId(long session, long sequence) {
        static RequestId of(Parcel request) {
            return new RequestId(request.session, request.sequence);
        }
    }

    /** Answers requests and sends them on. */
    interface Owner {
        /** Answers who waited; false when it cannot take this reply. */
        boolean answer(Waiter waiter, CachedReply reply);

        /** Sends a request on its way as if it had not been held. */
        void forward(Parcel request);

        /** How long after its request a reply may be waited for. */
        long patienceNanos(Flight flight);
    }

    /**
     * Creates it empty.
     *
     * @param budget of what is noted and what waits
     * @param executor where those go on whose first was refused, lost or late
     */
    Flights(MemoryBudget.Share budget, ScheduledExecutorService executor, LongSupplier nanoTime, Owner owner) {
        this.budget = budget;
        this.executor = executor;
        this.nanoTime = nanoTime;
        this.owner = owner;
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /**
     * Notes a request that is about to be forwarded, if there is room.
     *
     * @param endMicros Unix time after which nobody waits for its reply
     * @param isShared whether identical ones may wait for it
     */
    void open(Parcel parcel, RequestKey key, String type, long endMicros, boolean isShared) {
        if (isShared) {
            misses.increment();
        }
        if (!budget.tryReserve(FLIGHT_BYTES)) {
            return;
        }
        var start = new Flight.Start(nanoTime.getAsLong(), generation.get());
        var flight = new Flight(key, parcel.destination, type, endMicros, isShared, start);
        if (isShared) {
            // Nobody joins one that is late, or was asked for before all was to be forgotten.
            shared.put(key, flight);
        }
        if (all.put(RequestId.of(parcel), flight) != null) {
            budget.release(FLIGHT_BYTES);
        }
    }

    /** Lets a request wait for the reply to an identical one; false when there is none worth waiting for. */
    boolean join(RequestKey key, LocalAgent requester, Parcel parcel, long endMicros, long nowMicros) {
        long now = nanoTime.getAsLong();
        long left = TimeUnit.MICROSECONDS.toNanos(endMicros - nowMicros);
        Flight flight = worthWaiting(key, now);
        long bytes = Waiter.bytesOf(parcel);
        if (flight == null || left <= 0 || !budget.tryReserve(bytes)) {
            return false;
        }
        boolean waits = join(flight, Waiter.of(requester, parcel, Waiter.Time.first(now, now + left, endMicros)));
        if (!waits) {
            budget.release(bytes);
        }
        return waits;
    }

    /** Returns the request that a reply belongs to, and notes it no longer; null when it is not known. */
    @Nullable
    Flight close(long session, long sequence) {
        Flight flight = all.remove(new RequestId(session, sequence));
        if (flight != null) {
            budget.release(FLIGHT_BYTES);
        }
        return flight;
    }

    /** Ends a flight with a reply for all that wait for it, or for one sent in its place; without one each goes alone. */
    void land(Flight flight, @Nullable CachedReply reply) {
        shared.remove(flight.key, flight);
        flight.end().forEach(waiter -> answerOrSend(flight, waiter, reply));
        Flight successor = reply == null ? null : shared.get(flight.key);
        if (successor != null && successor.generation == flight.generation) {
            successor.take().forEach(waiter -> answerOrSend(successor, waiter, reply));
        }
    }

    /** A request was refused: another goes in its place. */
    void release(long session, long sequence) {
        Flight flight = close(session, sequence);
        if (flight != null) {
            replace(flight);
        }
    }

    /** A request was given up: it is sent no more if it waits, and another goes in its place if it was sent. */
    void cancel(long session, long sequence) {
        release(session, sequence);
        Flight flight = joined.get(new RequestId(session, sequence));
        if (flight != null) {
            flight.remove(session, sequence).ifPresent(this::leave);
        }
    }

    /** What went to these destinations may be lost: of each, another goes in its place. */
    void lost(Predicate<Destination> which) {
        if (shared.isEmpty()) {
            return;
        }
        executor.execute(() -> List.copyOf(all.values()).stream()
                .filter(flight -> which.test(flight.destination))
                .forEach(this::replace));
    }

    /** Ends those whose time is over. */
    void sweep(long nowMicros) {
        all.forEach((id, flight) -> {
            if (flight.endMicros <= nowMicros) {
                release(id.session, id.sequence);
            }
        });
    }

    /** Nobody joins what is on its way now, nor is it current. */
    void forget() {
        generation.incrementAndGet();
    }

    /** Whether a flight began after all was to be forgotten the last time. */
    boolean isCurrent(Flight flight) {
        return flight.generation == generation.get();
    }

    /** Requests of marked types that were forwarded since the start. */
    long misses() {
        return misses.sum();
    }

    /** Requests that got the reply to another one since the start. */
    long coalesced() {
        return coalesced.sum();
    }

    private @Nullable Flight worthWaiting(RequestKey key, long nowNanos) {
        Flight flight = shared.get(key);
        return flight == null || !isCurrent(flight) || isLate(flight, nowNanos) ? null : flight;
    }

    private boolean join(Flight flight, Waiter waiter) {
        RequestId id = RequestId.of(waiter.request());
        joined.put(id, flight);
        boolean waits = flight.join(waiter);
        if (waits) {
            lookSoon();
        } else {
            joined.remove(id, flight);
        }
        return waits;
    }

    /** Ends the waiting of one that its flight has let go. */
    private void leave(Waiter waiter) {
        joined.remove(RequestId.of(waiter.request()));
        budget.release(waiter.bytes());
    }

    private boolean isLate(Flight flight, long nowNanos) {
        return flight.ageNanos(nowNanos) >= owner.patienceNanos(flight);
    }

    private void lookSoon() {
        if (looking.compareAndSet(false, true)) {
            var _ = executor.schedule(this::look, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        looking.set(false);
        long now = nanoTime.getAsLong();
        for (Flight flight : List.copyOf(all.values())) {
            regroup(flight, flight.due(now), now);
            if (flight.hasWaiters()) {
                lookSoon();
                if (isLate(flight, now)) {
                    replace(flight);
                }
            }
        }
    }

    /** One of those that wait goes in place of the first, and the others wait for it. */
    private void replace(Flight flight) {
        shared.remove(flight.key, flight);
        long now = nanoTime.getAsLong();
        flight.end().forEach(waiter -> joinOrSend(flight, waiter, now));
    }

    /** One of those that have waited long enough goes, and the others wait for it; who has no time left, for nothing. */
    private void regroup(Flight flight, List<Waiter> due, long nowNanos) {
        if (due.isEmpty()) {
            return;
        }
        shared.remove(flight.key, flight);
        for (Waiter waiter : due) {
            if (waiter.time().isOver(nowNanos)) {
                leave(waiter);
            } else {
                joinOrSend(flight, waiter.again(nowNanos), nowNanos);
            }
        }
    }

    private void joinOrSend(Flight flight, Waiter waiter, long nowNanos) {
        Flight other = worthWaiting(flight.key, nowNanos);
        if (other == null || !join(other, waiter)) {
            send(flight, waiter);
        }
    }

    private void answerOrSend(Flight flight, Waiter waiter, @Nullable CachedReply reply) {
        if (reply != null && owner.answer(waiter, reply)) {
            coalesced.increment();
            leave(waiter);
        } else {
            send(flight, waiter);
        }
    }

    /** Sends a request on its own way, unless its requester is gone. */
    private void send(Flight flight, Waiter waiter) {
        leave(waiter);
        if (!waiter.requester().mailbox().isClosed()) {
            open(waiter.request(), flight.key, flight.type, waiter.time().endMicros(), true);
            owner.forward(waiter.request());
        }
    }
}
