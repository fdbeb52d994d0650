package io.dray.bench.load;

/** What time it is, and waiting for a time. Used by one thread. */
interface Clock {
    /** Now, as {@code System.nanoTime()}: the same in all processes of a machine. */
    long nanos();

    /** Returns when the time has come; a little late, never early. */
    void waitUntil(long nanos);
}
