package io.dray.agent;

/** A subscription in force until it is closed. Thread-safe. */
record TopicSubscription(String pattern, String queueGroup, Runnable remove) implements Subscription {
    @Override
    public void close() {
        remove.run();
    }
}
