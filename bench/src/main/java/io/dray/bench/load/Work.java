package io.dray.bench.load;

import com.fasterxml.jackson.annotation.JsonIgnore;

/**
 * One stretch of load, as the parent asks the source for it.
 *
 * @param kind how it is put on
 * @param payloadBytes of each message, at least {@value Payload#HEADER_BYTES}
 * @param outstanding requests under way at once in a closed loop; messages ahead of the sink in a flood, 0 for what
 *     its payloads allow
 * @param ratePerS planned messages per second; only in an open loop
 * @param replies whether messages are requests; a flood's never are, a closed loop's always
 * @param receivers agents that receive each message; more than 1 means it is published to a topic
 * @param seconds how long
 */
public record Work(
        Kind kind, int payloadBytes, int outstanding, long ratePerS, boolean replies, int receivers, double seconds) {
    private static final int UNPACED = 1 << 30;

    /** How load is put on. */
    public enum Kind {
        /** At planned times, whatever becomes of the messages before. */
        OPEN,
        /** The next request leaves when one of those under way was answered. */
        CLOSED,
        /** As fast as messages are accepted. */
        FLOOD
    }

    /**
     * A closed loop of requests.
     *
     * @param payloadBytes of each message
     * @param outstanding requests under way at once
     * @return one second of it
     */
    public static Work closed(int payloadBytes, int outstanding) {
        return new Work(Kind.CLOSED, payloadBytes, outstanding, 0, true, 1, 1);
    }

    /**
     * Requests at planned times.
     *
     * @param payloadBytes of each message
     * @param ratePerS planned requests per second
     * @return one second of it
     */
    public static Work requests(int payloadBytes, long ratePerS) {
        return new Work(Kind.OPEN, payloadBytes, 0, ratePerS, true, 1, 1);
    }

    /**
     * Messages in one direction at planned times.
     *
     * @param payloadBytes of each message
     * @param ratePerS planned messages per second
     * @return one second of it
     */
    public static Work messages(int payloadBytes, long ratePerS) {
        return new Work(Kind.OPEN, payloadBytes, 0, ratePerS, false, 1, 1);
    }

    /**
     * Messages in one direction as fast as they are accepted, but not too far ahead of the sink.
     *
     * @param payloadBytes of each message
     * @param receivers agents that receive each message
     * @return one second of it
     */
    public static Work flood(int payloadBytes, int receivers) {
        return new Work(Kind.FLOOD, payloadBytes, 0, 0, false, receivers, 1);
    }

    /**
     * Messages in one direction as fast as they are accepted, however far the sink is behind.
     *
     * @param payloadBytes of each message
     * @return one second of it
     */
    public static Work unpacedFlood(int payloadBytes) {
        return new Work(Kind.FLOOD, payloadBytes, UNPACED, 0, false, 1, 1);
    }

    /**
     * Returns the same load for another time.
     *
     * @param duration in seconds
     * @return the changed copy
     */
    public Work lasting(double duration) {
        return new Work(kind, payloadBytes, outstanding, ratePerS, replies, receivers, duration);
    }

    /**
     * Returns whether the sink rather than the source sees the end of a message.
     *
     * @return true for messages in one direction
     */
    @JsonIgnore
    public boolean isOneWay() {
        return !replies;
    }

    /**
     * Returns whether a flood waits for the sink when it is too far ahead.
     *
     * @return false for a flood that only the system holds back
     */
    @JsonIgnore
    boolean isPaced() {
        return outstanding < UNPACED;
    }
}
