package io.dray.core.config;

/**
 * One value of a configuration, as it is in force.
 *
 * @param key for example {@code peers.listen}
 * @param value as it could be written in a file; empty when there is none
 * @param origin the file, the variable or {@code --set} that it comes from, or whose {@link Preset} it is;
 *     {@value #DEFAULT} when none of them says it
 * @param reason why a preset has this value; empty for others
 */
public record Setting(String key, String value, String origin, String reason) {
    /** The origin of a value that nobody has set. */
    public static final String DEFAULT = "default";

    /** Whether somebody has set it. */
    public boolean isSet() {
        return !origin.equals(DEFAULT) && !isPreset();
    }

    /** Whether it was chosen for what nobody has set. */
    public boolean isPreset() {
        return !reason.isEmpty();
    }
}
