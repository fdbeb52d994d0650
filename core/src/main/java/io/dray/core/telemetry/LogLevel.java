package io.dray.core.telemetry;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/** How much our own classes log. */
public enum LogLevel {
    /** Everything. */
    TRACE,
    /** What happens to single messages too. */
    DEBUG,
    /** What changes. */
    INFO,
    /** What somebody should look at. */
    WARN,
    /** What failed. */
    ERROR;

    /** Returns the level of {@code DRAY_LOG_LEVEL}; info where it is absent or no level. */
    public static LogLevel of(Map<String, String> environment) {
        String wanted = environment.getOrDefault("DRAY_LOG_LEVEL", "info").toUpperCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(level -> level.name().equals(wanted))
                .findAny()
                .orElse(INFO);
    }
}
