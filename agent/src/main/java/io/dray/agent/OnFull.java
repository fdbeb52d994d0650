package io.dray.agent;

/** What {@link Mesh#send} does when the outbox or the destination is full. */
public enum OnFull {
    /** Waits until there is room or the deadline has passed; the default. */
    WAIT,
    /** Throws MAILBOX_FULL at once. */
    FAIL
}
