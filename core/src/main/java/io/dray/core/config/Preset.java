package io.dray.core.config;

/**
 * A value for a key that nobody has set.
 *
 * @param key for example {@code memory.mailbox}
 * @param value as it would be written in a file
 * @param origin who chose it, for people
 * @param reason what justifies it, with its source; not empty
 */
public record Preset(String key, String value, String origin, String reason) {
    /** Refuses a value that nobody could explain. */
    public Preset {
        if (reason.isEmpty()) {
            throw new IllegalArgumentException("reason of " + key + ": empty (expected: what justifies " + value + ")");
        }
    }
}
