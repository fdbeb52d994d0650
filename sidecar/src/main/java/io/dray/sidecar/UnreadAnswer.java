package io.dray.sidecar;

import io.dray.core.wire.WireLimits;
import java.util.concurrent.TimeUnit;

/**
 * What the client of a call was answered and has not read whole, with how far it comes. Owned by whoever sweeps the
 * {@link DoorPlaces}.
 */
final class UnreadAnswer {
    static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    static final long LEAST_BYTES = TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NANOS) * WireLimits.LEAST_BYTES_PER_SECOND;

    /** The client, as far as it reads. Called by any thread. */
    interface Client {
        /** Bytes that it has taken since this was asked first. */
        long takenBytes();

        /** Ends its call, whatever it has not read. */
        void cutOff();
    }

    private final Client client;
    private boolean isSeen;
    private long sinceNanos;
    private long sinceBytes;

    UnreadAnswer(Client client) {
        this.client = client;
    }

    /** Whether its client has taken next to nothing for too long. */
    boolean isStuck(long nowNanos) {
        long taken = client.takenBytes();
        if (!isSeen || taken - sinceBytes >= LEAST_BYTES) {
            isSeen = true;
            sinceNanos = nowNanos;
            sinceBytes = taken;
            return false;
        }
        return nowNanos - sinceNanos >= PATIENCE_NANOS;
    }

    void cutOff() {
        client.cutOff();
    }
}
