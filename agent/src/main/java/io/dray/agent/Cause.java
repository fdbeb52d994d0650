package io.dray.agent;

import org.jspecify.annotations.Nullable;

/** The message that the handler on this thread is handling, so that what it sends names its cause. */
final class Cause {
    private static final ThreadLocal<Cause> CURRENT = ThreadLocal.withInitial(Cause::new);

    private @Nullable Head head;

    private Cause() {}

    static @Nullable Head current() {
        return CURRENT.get().head;
    }

    /** Sets the one that is handled from now on, or null; returns the one before. */
    static @Nullable Head swap(@Nullable Head handled) {
        Cause cause = CURRENT.get();
        Head before = cause.head;
        cause.head = handled;
        return before;
    }
}
