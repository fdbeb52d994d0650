package io.dray.sidecar.outbound;

import io.dray.core.wire.MeshError;
import io.dray.sidecar.peers.AddressCache;
import io.dray.sidecar.peers.AddressKey;
import io.dray.sidecar.queue.Destination;
import io.dray.sidecar.queue.LaneQueue;
import io.dray.sidecar.queue.Parcel;
import io.dray.sidecar.queue.Refusals;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Envelopes whose destination is being looked up, in the order they came. Thread-safe.
 *
 * <p>A destination stays here until all that waited for it has gone on, so that later envelopes cannot overtake.
 */
final class Lookups {
    /** What goes on with an envelope once its destination is known. */
    interface Onward {
        void forward(Parcel parcel, boolean resolved);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Lookups.class);

    /** A queue takes kilobytes even if one small envelope waits in it, and names cost a sender nothing. */
    static final int MAX_WAITING = 4_096;

    private final AddressCache addresses;
    private final Supplier<LaneQueue> queues;
    private final Onward onward;
    private final Map<Destination, LaneQueue> waiting = new HashMap<>();
    private volatile boolean busy;

    Lookups(AddressCache addresses, Supplier<LaneQueue> queues, Onward onward) {
        this.addresses = addresses;
        this.queues = queues;
        this.onward = onward;
    }

    /** Lets an envelope wait if its destination is being looked up already. */
    boolean joined(Parcel parcel) {
        if (!busy) {
            return false;
        }
        synchronized (this) {
            LaneQueue queue = waiting.get(parcel.destination);
            if (queue != null) {
                offer(queue, parcel);
            }
            return queue != null;
        }
    }

    /** Looks a destination up and lets the envelope wait for the answer. */
    void start(Parcel parcel) {
        Destination destination = parcel.destination;
        synchronized (this) {
            if (joined(parcel)) {
                return;
            }
            if (waiting.size() >= MAX_WAITING) {
                Refusals.refuse(parcel, tooMany(destination));
                return;
            }
            LaneQueue queue = queues.get();
            waiting.put(destination, queue);
            busy = true;
            offer(queue, parcel);
        }
        addresses.resolve(new AddressKey(destination.kind(), destination.name()), _ -> goOn(destination));
    }

    private static Error tooMany(Destination destination) {
        return MeshError.of(
                Code.CODE_MEMORY_FULL,
                "too many addresses are being looked up",
                destination.toString(),
                "at most " + MAX_WAITING + " unknown addresses at once");
    }

    private static void offer(LaneQueue queue, Parcel parcel) {
        LaneQueue.Offer offer = queue.offer(parcel);
        if (offer != LaneQueue.Offer.QUEUED && offer != LaneQueue.Offer.QUEUED_PAUSE) {
            Refusals.notQueued(parcel, offer);
        }
        // The wait outlasts this turn of the loop.
        queue.settle();
    }

    private void goOn(Destination destination) {
        var parcel = new Parcel();
        LaneQueue queue = queueOf(destination);
        while (queue != null) {
            queue.drain(parcel, this::goOn);
            queue = removeIfEmpty(destination, queue);
        }
    }

    /** Whatever goes wrong with one envelope, those behind it go on and the address does not wait for ever. */
    private void goOn(Parcel envelope) {
        try {
            onward.forward(envelope, true);
        } catch (RuntimeException defect) {
            LOG.atError()
                    .setCause(defect)
                    .addKeyValue("destination", envelope.destination)
                    .log("An envelope could not go on after its look-up");
            Refusals.refuse(
                    envelope,
                    MeshError.of(
                            Code.CODE_INTERNAL,
                            "the sidecar failed to route the envelope; its log tells why",
                            envelope.destination.toString(),
                            ""));
        }
    }

    private synchronized @Nullable LaneQueue queueOf(Destination destination) {
        return waiting.get(destination);
    }

    private synchronized @Nullable LaneQueue removeIfEmpty(Destination destination, LaneQueue queue) {
        if (queue.queuedEnvelopes() > 0) {
            return queue;
        }
        waiting.remove(destination);
        busy = !waiting.isEmpty();
        return null;
    }
}
