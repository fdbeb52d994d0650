package io.dray.router.dispatch;

import io.dray.router.tasks.Limit;

/**
 * Lets attempts of one queue or capability start while its limit allows: fewer held than may be, and a token in the
 * bucket. Owned by the dispatcher's thread.
 */
final class Gate {
    /** Forgives what adding fractions loses. */
    private static final double WHOLE = 1 - 1e-9;

    private static final double NANOS_PER_SECOND = 1e9;

    private Limit limit;
    private long running;
    private double tokens;
    private long filledNanos;
    private boolean open = true;

    /** Makes one for a limit; without tokens nothing starts at once, since a router before may have used them. */
    Gate(Limit limit, double tokens, long nowNanos) {
        this.limit = limit;
        this.tokens = tokens;
        this.filledNanos = nowNanos;
    }

    Limit limit() {
        return limit;
    }

    long running() {
        return running;
    }

    /** Changes the limit and counts anew what is held. */
    void become(Limit other, long held, long nowNanos) {
        fill(nowNanos);
        boolean hadRate = limit.ratePerSecond() > 0;
        limit = other;
        running = held;
        tokens = hadRate ? Math.min(tokens, other.burstStarts()) : other.burstStarts();
    }

    void started() {
        running++;
    }

    void ended() {
        running--;
    }

    void spend(long nowNanos) {
        fill(nowNanos);
        tokens--;
    }

    /** Gives back the token of an attempt that did not come to start. */
    void giveBack() {
        tokens = Math.min(tokens + 1, limit.burstStarts());
    }

    private void fill(long nowNanos) {
        double gained = (nowNanos - filledNanos) * limit.ratePerSecond() / NANOS_PER_SECOND;
        tokens = Math.min(tokens + gained, limit.burstStarts());
        filledNanos = nowNanos;
    }

    boolean isOpen() {
        return open;
    }

    /** Looks whether an attempt may start now; returns whether that has changed. */
    boolean changes(long nowNanos) {
        fill(nowNanos);
        boolean before = open;
        open = hasRoom() && (limit.ratePerSecond() == 0 || tokens >= WHOLE);
        return open != before;
    }

    private boolean hasRoom() {
        return limit.maxRunning() == 0 || running < limit.maxRunning();
    }

    /** Returns how long until the next token where only that is missing; {@link Long#MAX_VALUE} if it is not. */
    long opensInNanos() {
        return open || !hasRoom()
                ? Long.MAX_VALUE
                : (long) Math.ceil((1 - tokens) * NANOS_PER_SECOND / limit.ratePerSecond());
    }
}
