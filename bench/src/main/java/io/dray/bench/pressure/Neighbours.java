package io.dray.bench.pressure;

import java.io.IOException;

/** Those that may hurt others: slow while they press, and out of the way otherwise. Used by one thread. */
interface Neighbours extends AutoCloseable {
    /** Becomes slow, with senders that fill all that waits for it. */
    void press() throws InterruptedException;

    /** Ends that, and returns when nothing waits for it any more. */
    void relieve() throws InterruptedException;

    @Override
    void close() throws IOException;
}
