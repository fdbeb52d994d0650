package io.dray.agent;

/** A topic subscription in force. Thread-safe. */
public interface Subscription extends AutoCloseable {
    /** Returns the topic pattern. */
    String pattern();

    /** Returns the queue group; empty when every subscriber receives all. */
    String queueGroup();

    /** Ends the subscription; messages already delivered are still handled. Calling it again does nothing. */
    @Override
    void close();
}
