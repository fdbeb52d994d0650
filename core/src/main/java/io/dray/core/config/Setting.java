package io.dray.core.config;

/**
 * One value of a configuration, as it is in force.
 *
 * @param key for example {@code peers.listen}
 * @param value as it could be written in a file; empty when there is none
 * @param origin the file, the variable or {@code --set} that it comes from; {@value #DEFAULT} when none of them says it
 */
public record Setting(String key, String value, String origin) {
    /** The origin of a value that nobody has set. */
    public static final String DEFAULT = "default";

    /** Whether somebody has set it. */
    public boolean isSet() {
        return !origin.equals(DEFAULT);
    }
}
