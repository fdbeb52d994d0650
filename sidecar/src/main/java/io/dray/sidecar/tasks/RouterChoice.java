package io.dray.sidecar.tasks;

import io.dray.sidecar.routers.Leader;
import io.dray.sidecar.routers.Routers;

/**
 * Which router gives this node its work: the one that owns the pool by what routers say, else the configured ones in
 * turn until one answers. Control loop only.
 */
final class RouterChoice {
    private final Routers routers;
    private int index;
    private String leader = "";
    /** Of the newest owner that is known; 0 means none. */
    private long epoch;

    private boolean answered;
    private boolean welcomed;

    RouterChoice(Routers routers) {
        this.routers = routers;
    }

    boolean isPossible() {
        return !routers.endpoints().isEmpty();
    }

    String endpoint() {
        return leader.isEmpty() ? routers.endpoints().get(index) : leader;
    }

    /** Whether there is another one to turn to. */
    boolean hasOthers() {
        return routers.endpoints().size() > 1
                || !(leader.isEmpty() || leader.equals(routers.endpoints().getFirst()));
    }

    /** The router that was asked named another one. */
    void follow(String endpoint) {
        leader = endpoint;
        answered = true;
    }

    /** Some router named the owner; returns whether that one is to be asked now. An older owner counts for nothing. */
    boolean learn(Leader news) {
        boolean isOld = welcomed
                ? Long.compareUnsigned(news.epoch(), epoch) <= 0
                : Long.compareUnsigned(news.epoch(), epoch) < 0;
        if (isOld) {
            return false;
        }
        epoch = news.epoch();
        follow(news.endpoint());
        return true;
    }

    /** The router that was asked owns the pool, whatever others said before. */
    void onWelcome(long itsEpoch) {
        answered = true;
        welcomed = true;
        epoch = itsEpoch;
        routers.prefer(endpoint());
    }

    /** The stream ended; a router that did not answer at all is given up for the next one. */
    void onEnded() {
        if (!answered) {
            leader = "";
            index = (index + 1) % routers.endpoints().size();
        }
        answered = false;
        welcomed = false;
    }
}
