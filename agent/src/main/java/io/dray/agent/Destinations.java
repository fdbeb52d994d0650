package io.dray.agent;

import io.dray.agent.v1.Flow;
import io.dray.core.net.LaneSchedule;
import io.dray.types.v1.Address;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Destinations that are paused or number their messages. Belongs to the loop, but for {@link #gate}, where callers learn
 * whether they have to wait.
 */
final class Destinations {
    static final int ALL_LANES = (1 << LaneSchedule.LANES) - 1;

    private final Timers timers;
    private final Release release;
    private final Map<Address, Destination> known = new HashMap<>();
    private final List<ConcurrentMap<Address, Gate>> shut = new ArrayList<>();
    private @Nullable Destination lastNumbered;
    private @Nullable Address lastAsked;
    private @Nullable Destination lastFound;

    /** Gets back what was parked. */
    interface Release {
        void onFree(Destination destination, int lane);
    }

    /** Creates none; {@code release} hears of each lane of a destination that is free again. */
    Destinations(Timers timers, Release release) {
        this.timers = timers;
        this.release = release;
        for (int lane = 0; lane < LaneSchedule.LANES; lane++) {
            shut.add(new ConcurrentHashMap<>());
        }
    }

    /** Returns where to wait before sending there, or null when there is nothing to wait for. Any thread. */
    @Nullable
    Gate gate(Address address, int lane) {
        return shut.get(lane).get(address);
    }

    /** Whether no destination is blocked in a lane now, which spares the look-up for each message. */
    boolean areAllFree(int lane) {
        return shut.get(lane).isEmpty();
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

    /** Returns the destination if messages of a lane to it must wait; mostly the same one is asked for again. */
    @Nullable
    @SuppressWarnings("ReferenceEquality") // another object of the same address only costs a look-up
    Destination blocked(Address address, int lane) {
        if (address != lastAsked) {
            lastFound = known.get(address);
            lastAsked = lastFound == null ? null : address;
        }
        Destination destination = lastFound;
        return destination != null && destination.isBlocked(lane) ? destination : null;
    }

    long takeOrdinal(Destination destination) {
        long ordinal = destination.takeOrdinal();
        if (destination.isSpanFull()) {
            shutWhereBlocked(destination);
        }
        return ordinal;
    }

    void finish(Destination destination, long ordinal) {
        if (destination.finish(ordinal)) {
            releaseIfFree(destination);
        }
    }

    void onFlow(Flow flow) {
        int priority = flow.getPriorityValue();
        boolean isOneLane = priority >= 1 && priority <= LaneSchedule.LANES;
        int lanes = isOneLane ? 1 << LaneSchedule.laneOf(priority) : ALL_LANES;
        onFlow(flow.getTo(), lanes, flow.getPaused(), flow.getRetryAfterMillis());
    }

    /** Hears of a pause, or of its end, of lanes given as bits. */
    void onFlow(Address address, int lanes, boolean paused, int retryAfterMillis) {
        Destination destination = of(address);
        destination.pause(lanes, paused);
        if (!destination.isPaused()) {
            timers.cancel(destination);
        }
        if (!paused) {
            releaseIfFree(destination);
            return;
        }
        shutWhereBlocked(destination);
        if (retryAfterMillis > 0) {
            timers.start(destination, TimeUnit.MILLISECONDS.toNanos(retryAfterMillis));
        }
    }

    /** Forgets what the last stream said of flow; with a new session also the ordinals. */
    void restart(boolean renumber) {
        for (Destination destination : known.values()) {
            timers.cancel(destination);
            destination.pause(ALL_LANES, false);
            if (renumber) {
                destination.renumber();
            }
            releaseIfFree(destination);
        }
    }

    private void shutWhereBlocked(Destination destination) {
        for (int lane = 0; lane < LaneSchedule.LANES; lane++) {
            if (destination.isBlocked(lane)) {
                shut.get(lane)
                        .computeIfAbsent(destination.address, _ -> new Gate())
                        .shut();
            }
        }
    }

    private void releaseIfFree(Destination destination) {
        for (int lane = 0; lane < LaneSchedule.LANES; lane++) {
            if (destination.isBlocked(lane)) {
                continue;
            }
            Gate gate = shut.get(lane).remove(destination.address);
            if (gate != null) {
                gate.open();
            }
            release.onFree(destination, lane);
        }
    }
}
