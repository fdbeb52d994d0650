package io.dray.bench.tasks;

import java.util.List;

/**
 * What a child process of this suite is told.
 *
 * @param system which system it is of: dray, db-scheduler, db-scheduler-batch or nats
 * @param where what it connects to
 * @param offers of a worker; empty for a source
 */
public record TaskSide(String system, String where, List<Offer> offers) {
    /** Copies the list. */
    public TaskSide {
        offers = List.copyOf(offers);
    }

    /**
     * One agent of a worker.
     *
     * @param capability what it can do
     * @param slots tasks at once
     * @param millis how long it works on each
     */
    public record Offer(String capability, int slots, int millis) {}

    static TaskSide source(String system, String where) {
        return new TaskSide(system, where, List.of());
    }
}
