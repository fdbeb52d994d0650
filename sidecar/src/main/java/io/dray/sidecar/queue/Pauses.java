package io.dray.sidecar.queue;

import io.dray.core.net.LaneSchedule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Remembers which senders were asked to hold back for which destinations in which lanes of one queue, so that each is
 * told once and all are told when they may go on. Thread-safe; senders are called outside of the lock.
 */
public final class Pauses {
    private static final int MAX_DESTINATIONS = 4_096;

    private final List<Map<Destination, Set<Origin>>> lanes = new ArrayList<>();
    /** Bit {@code 1 << lane} is set where somebody holds back; looked at without the lock. */
    private volatile int told;

    private boolean closed;

    /** Creates it with nobody holding back. */
    public Pauses() {
        for (int lane = 0; lane < LaneSchedule.LANES; lane++) {
            lanes.add(new HashMap<>());
        }
    }

    /** Asks a sender to hold back unless it was asked before, or nobody would let it go on. */
    public void pause(Origin origin, Destination destination, int lane) {
        boolean isNew;
        synchronized (this) {
            var origins = lanes.get(lane);
            if (closed || (origins.size() >= MAX_DESTINATIONS && !origins.containsKey(destination))) {
                // Made-up names must not pile up here; what is too much is refused anyway.
                return;
            }
            isNew = origins.computeIfAbsent(destination, _ -> new HashSet<>()).add(origin);
            told |= 1 << lane;
        }
        if (isNew) {
            origin.flow(destination, lane, true);
        }
    }

    /** Lets every sender go on that was asked to hold back for a destination in a lane. */
    public void resume(Destination destination, int lane) {
        Set<Origin> origins;
        synchronized (this) {
            origins = lanes.get(lane).remove(destination);
            forgetIfEmpty(lane);
        }
        if (origins != null) {
            origins.forEach(origin -> origin.flow(destination, lane, false));
        }
    }

    /** Lets the senders of those lanes go on that have room again. */
    public void resumeRelaxed(LaneQueue queue) {
        int waiting = told;
        for (int lane = 0; waiting >>> lane != 0; lane++) {
            if ((waiting & 1 << lane) != 0 && queue.relaxed(lane)) {
                resumeLane(lane);
            }
        }
    }

    /** Lets every sender go on. */
    public void resumeAll() {
        for (int lane = 0; lane < LaneSchedule.LANES; lane++) {
            resumeLane(lane);
        }
    }

    /** Lets every sender go on, and asks nobody to hold back any more: the queue takes nothing now. */
    public void close() {
        synchronized (this) {
            closed = true;
        }
        resumeAll();
    }

    /** Whether nobody holds back. */
    public boolean isEmpty() {
        return told == 0;
    }

    private void resumeLane(int lane) {
        Map<Destination, Set<Origin>> all;
        synchronized (this) {
            all = new HashMap<>(lanes.get(lane));
            lanes.get(lane).clear();
            forgetIfEmpty(lane);
        }
        all.forEach((destination, origins) -> origins.forEach(origin -> origin.flow(destination, lane, false)));
    }

    private void forgetIfEmpty(int lane) {
        if (lanes.get(lane).isEmpty()) {
            told &= ~(1 << lane);
        }
    }
}
