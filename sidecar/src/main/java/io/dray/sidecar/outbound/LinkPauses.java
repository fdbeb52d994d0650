package io.dray.sidecar.outbound;

import io.dray.peer.v1.DestinationFlow;
import io.dray.sidecar.queue.Destination;
import io.dray.sidecar.queue.Parcel;
import io.dray.sidecar.queue.Pauses;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Destinations on one node for which it asked to hold back, lane by lane, and the senders that were told so. Thread-safe.
 */
final class LinkPauses {
    /** By lane. */
    private final List<Set<Destination>> paused = List.of(
            ConcurrentHashMap.newKeySet(),
            ConcurrentHashMap.newKeySet(),
            ConcurrentHashMap.newKeySet(),
            ConcurrentHashMap.newKeySet());

    private final Pauses told = new Pauses();

    /** Whether the peer asked to hold back for the destination in the lane of a parcel. */
    boolean contain(Parcel parcel) {
        return paused.get(parcel.lane).contains(parcel.destination);
    }

    /** Tells the sender of a parcel to hold back; false when the peer let go on in between. */
    boolean hold(Parcel parcel) {
        told.pause(parcel.origin, parcel.destination, parcel.lane);
        if (contain(parcel)) {
            return true;
        }
        // Nobody else would tell this sender.
        told.resume(parcel.destination, parcel.lane);
        return false;
    }

    /** Takes what the peer says; without a lane it is of all. */
    void onFlow(DestinationFlow flow) {
        Destination destination = Destination.of(flow.getTo());
        int only = flow.getPriorityValue() - 1;
        for (int lane = 0; lane < paused.size(); lane++) {
            if (only >= 0 && only != lane) {
                continue;
            }
            if (flow.getPaused()) {
                paused.get(lane).add(destination);
            } else {
                paused.get(lane).remove(destination);
                told.resume(destination, lane);
            }
        }
    }

    /** Forgets what the peer asked for: all senders go on. */
    void resumeAll() {
        paused.forEach(Set::clear);
        told.resumeAll();
    }
}
