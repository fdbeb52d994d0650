package io.dray.agent;

import io.dray.types.v1.Address;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Destinations that are paused or number their messages. Belongs to the loop, but for {@link #gate}, where callers learn
 * whether they have to wait.
 */
final class Destinations {
    private final Timers timers;
    private final Consumer<Destination> release;
    private final Map<Address, Destination> known = new HashMap<>();
    private final ConcurrentMap<Address, Gate> shut = new ConcurrentHashMap<>();
    private @Nullable Destination lastNumbered;
    private @Nullable Address lastAsked;
    private @Nullable Destination lastFound;

    /** Creates none; {@code release} gets back what was parked once a destination is free again. */
    Destinations(Timers timers, Consumer<Destination> release) {
        this.timers = timers;
        this.release = release;
    }

    /** Returns where to wait before sending there, or null when there is nothing to wait for. Any thread. */
    @Nullable
    Gate gate(Address address) {
        return shut.isEmpty() ? null : shut.get(address);
    }

    /** Whether no destination is blocked now, which spares the look-up for each message. */
    boolean areAllFree() {
        return shut.isEmpty();
    }

    /** Returns what is known of a destination; mostly the same one is asked for again. */
    @SuppressWarnings("ReferenceEquality") // another object of the same address only costs a look-up
    Destination of(Address address) {
        Destination last = lastNumbered;
        if (last != null && last.address == address) {
            return last;
        }
        Destination destination = known.computeIfAbsent(address, a -> new Destination(this, a));
        lastNumbered = destination;
        return destination;
    }

    /** Returns the destination if messages to it must wait; mostly the same one is asked for again. */
    @Nullable
    @SuppressWarnings("ReferenceEquality") // another object of the same address only costs a look-up
    Destination blocked(Address address) {
        if (address != lastAsked) {
            lastFound = known.get(address);
            lastAsked = lastFound == null ? null : address;
        }
        Destination destination = lastFound;
        return destination != null && destination.isBlocked() ? destination : null;
    }

    long takeOrdinal(Destination destination) {
        long ordinal = destination.takeOrdinal();
        if (destination.isBlocked()) {
            shut(destination);
        }
        return ordinal;
    }

    void finish(Destination destination, long ordinal) {
        if (destination.finish(ordinal)) {
            releaseIfFree(destination);
        }
    }

    void onFlow(Address address, boolean paused, int retryAfterMillis) {
        Destination destination = of(address);
        timers.cancel(destination);
        destination.pause(paused);
        if (!paused) {
            releaseIfFree(destination);
            return;
        }
        shut(destination);
        if (retryAfterMillis > 0) {
            timers.start(destination, TimeUnit.MILLISECONDS.toNanos(retryAfterMillis));
        }
    }

    /** Forgets what the last stream said of flow; with a new session also the ordinals. */
    void restart(boolean renumber) {
        for (Destination destination : known.values()) {
            timers.cancel(destination);
            destination.pause(false);
            if (renumber) {
                destination.renumber();
            }
            releaseIfFree(destination);
        }
    }

    private void shut(Destination destination) {
        shut.computeIfAbsent(destination.address, _ -> new Gate()).shut();
    }

    private void releaseIfFree(Destination destination) {
        if (destination.isBlocked()) {
            return;
        }
        Gate gate = shut.remove(destination.address);
        if (gate != null) {
            gate.open();
        }
        release.accept(destination);
    }
}
