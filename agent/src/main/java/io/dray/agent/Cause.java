package io.dray.agent;

import org.jspecify.annotations.Nullable;

/** The message that the handler on this thread is handling, so that what it sends names its cause. */
final class Cause {
    private static final ThreadLocal<@Nullable Message> CURRENT = new ThreadLocal<>();

    private Cause() {}

    static @Nullable Message current() {
        return CURRENT.get();
    }

    static void set(@Nullable Message message) {
        if (message == null) {
            CURRENT.remove();
            return;
        }
        CURRENT.set(message);
    }
}
