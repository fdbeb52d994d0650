package io.dray.sidecar;

import io.dray.core.config.DataSize;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the records of the configuration share: defaults for what is absent, ranges for what is there. Stateless. */
final class ConfigChecks {
    private static final DataSize LEAST_WINDOW = DataSize.ofKiB(64);
    private static final DataSize MOST_WINDOW = DataSize.ofMiB(16);

    private ConfigChecks() {}

    /** The default of a nested record is asked for only when needed: it is not there yet while it is being made. */
    static <T> T orElse(@Nullable T value, Supplier<T> other) {
        return value == null ? other.get() : value;
    }

    static <T> T orElse(@Nullable T value, T other) {
        return value == null ? other : value;
    }

    /**
     * Returns a number, or refuses it.
     *
     * @param why the range, or what to do
     */
    static int inRange(String key, int value, int least, int most, String why) {
        if (value < least || value > most) {
            throw refusal(key, value, least + " to " + most, why);
        }
        return value;
    }

    static DataSize inRange(String key, DataSize value, DataSize least, DataSize most, String why) {
        if (value.bytes() < least.bytes() || value.bytes() > most.bytes()) {
            throw refusal(key, value, least + " to " + most, why);
        }
        return value;
    }

    /** Returns an HTTP/2 window, or refuses it. */
    static DataSize checkedWindow(DataSize window) {
        return inRange(
                "window", window, LEAST_WINDOW, MOST_WINDOW, "each connection that is not read from may hold so much");
    }

    static IllegalArgumentException refusal(String key, Object value, String expected, String why) {
        return new IllegalArgumentException(key + ": " + value + " (expected: " + expected + "; " + why + ")");
    }
}
