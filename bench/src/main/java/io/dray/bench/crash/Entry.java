package io.dray.bench.crash;

/**
 * One line of a ledger.
 *
 * @param atMicros when, in Unix microseconds of this machine's clock
 * @param event what happened
 * @param key of which message or task
 * @param detail task id, token of the attempt that started, code or the like; empty means nothing
 */
record Entry(long atMicros, Event event, String key, String detail) {
    /** What happened. */
    enum Event {
        /** The sending side is about to send or submit. */
        SENDING,
        /** The mesh promised: the task is committed. */
        ACKNOWLEDGED,
        /** The sending side was told that it is done: DONE of a message, an outcome of a task. */
        SETTLED,
        /** The sending side was told that it was refused or has failed. */
        REFUSED,
        /** A handler has begun. */
        STARTED,
        /** A handler is about to return. */
        FINISHED,
        /** The sending side has stopped in good order. */
        CLOSED
    }
}
