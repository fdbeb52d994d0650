package io.dray.sidecar.blob;

import io.dray.core.wire.WireLimits;
import io.dray.types.v1.Error;
import org.jspecify.annotations.Nullable;

/**
 * What has come of a large payload from its sender, how much more may come, and whether it comes fast enough. Guarded by
 * the lock of its {@link Blob}.
 */
final class Inflow {
    /** A window is widened in steps of a part of what a branch may have in the process. */
    private static final int STEPS = 4;

    private final Claim claim;
    private final long stepBytes;
    private final long openedNanos;
    private long received;
    private long granted;
    private long progressNanos;
    /** Since when its pace counts, and from where. */
    private long pacedNanos;

    private long pacedBytes;

    /**
     * How late a payload is.
     *
     * @param error that ends it; null when it may go on
     * @param holdsUpSubscribers whether a subscriber that takes nothing of it has had its time
     * @param holdsUpLinks whether a link has, whose time is twice that
     */
    record Lateness(@Nullable Error error, boolean holdsUpSubscribers, boolean holdsUpLinks) {}

    Inflow(Claim claim, long windowBytes, long nowNanos) {
        this.claim = claim;
        this.stepBytes = Math.max(1, windowBytes / STEPS);
        this.openedNanos = nowNanos;
        this.progressNanos = nowNanos;
    }

    /** Takes a chunk; returns what is wrong with it, null for nothing. */
    @Nullable
    Error take(ChunkView chunk, long nowNanos) {
        Error broken = claim.broken(chunk, received, granted);
        if (broken == null) {
            received += chunk.dataLength;
            progressNanos = nowNanos;
        }
        return broken;
    }

    boolean isWhole() {
        return received == claim.total();
    }

    long received() {
        return received;
    }

    /** Whether its sender may send any of it. */
    boolean hasBegun() {
        return granted > 0;
    }

    /** Lets its sender go that far; false when that is not worth a word. */
    boolean widen(long allowed, long nowNanos) {
        boolean isStep = allowed - granted >= stepBytes || allowed == claim.total() || granted == 0;
        if (allowed <= granted || !isStep) {
            return false;
        }
        pacedNanos = granted == 0 ? nowNanos : pacedNanos;
        progressNanos = nowNanos;
        granted = allowed;
        return true;
    }

    /** Something of it moved. */
    void moved(long nowNanos) {
        progressNanos = nowNanos;
    }

    /** What a branch must allow to hold up nobody: a step, or that it is begun. */
    long due() {
        return granted == 0 ? 1 : Math.min(claim.total(), received + stepBytes);
    }

    /** Gives it its time again: what held it up is gone. */
    void restart(long nowNanos) {
        pacedNanos = nowNanos;
        pacedBytes = received;
        progressNanos = nowNanos;
    }

    /** Looks whether nothing has moved for too long though its sender may send, or too little has. */
    Lateness lateness(long nowNanos, Blobs.Limits limits) {
        long pacedFor = nowNanos - pacedNanos - limits.idleNanos();
        boolean isTooSlow = isBehind(pacedFor);
        long idleNanos = nowNanos - (hasBegun() ? progressNanos : openedNanos);
        long limit = hasBegun() ? limits.idleNanos() : limits.unheardNanos();
        boolean holdsUpSubscribers = isTooSlow || idleNanos > limits.idleNanos();
        boolean holdsUpLinks = isBehind(pacedFor - limits.idleNanos()) || idleNanos > 2 * limits.idleNanos();
        Error error = null;
        if (isTooSlow) {
            error = expired(
                    "the payload comes too slowly", "at least " + WireLimits.LEAST_BYTES_PER_SECOND + " B a second");
        } else if (idleNanos > limit) {
            error = expired("nothing of the payload moved for " + limit / 1_000_000_000 + " s", "the next chunk");
        }
        return new Lateness(error, holdsUpSubscribers, holdsUpLinks);
    }

    /** Returns the error of a payload that ends because it is late. */
    Error expired(String why, String expected) {
        return claim.expired(why, received, expected);
    }

    /** Whether less has come than within such a time. */
    private boolean isBehind(long nanos) {
        return hasBegun() && received - pacedBytes < nanos / 1_000_000 * WireLimits.LEAST_BYTES_PER_SECOND / 1_000;
    }
}
