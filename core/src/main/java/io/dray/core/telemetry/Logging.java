package io.dray.core.telemetry;

/** Sets up Logback in code, to stderr: without it Netty logs at DEBUG. Call once, first thing in a main class. */
@SuppressWarnings("DoNotCallSuggester") // Bodies follow.
public final class Logging {
    /** How lines look. */
    public enum Format {
        /** For people. */
        PLAIN,
        /** One JSON object per line. */
        JSON
    }

    private Logging() {}

    /** Sets the format and the level of our own classes: trace, debug, info, warn or error. */
    public static void setUp(Format format, String level) {
        throw new UnsupportedOperationException("not yet");
    }

    /** Sets up by {@code DRAY_LOG_FORMAT} (plain, json) and {@code DRAY_LOG_LEVEL}; plain and info by default. */
    public static void setUp() {
        throw new UnsupportedOperationException("not yet");
    }
}
