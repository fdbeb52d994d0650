package io.dray.sidecar.tasks;

import io.dray.sidecar.routers.Routers;

/**
 * Which router gives this node its work: the one that others name as the leader, else the configured ones in turn
 * until one answers. Control loop only.
 */
final class RouterChoice {
    private final Routers routers;
    private int index;
    private String leader = "";
    private boolean answered;

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
        return routers.endpoints().size() > 1;
    }

    void follow(String endpoint) {
        leader = endpoint;
        answered = true;
    }

    void onAnswer() {
        answered = true;
        routers.prefer(endpoint());
    }

    /** The stream ended; a router that did not answer at all is given up for the next one. */
    void onEnded() {
        if (!answered) {
            leader = "";
            index = (index + 1) % routers.endpoints().size();
        }
        answered = false;
    }
}
