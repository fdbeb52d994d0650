package io.dray.core.config;

import java.util.List;

/**
 * A configuration, and where each of its values comes from.
 *
 * @param settings every value in force, in the order of the records' components
 */
public record Loaded<R extends Record>(R config, List<Setting> settings) {
    /** Copies the settings. */
    public Loaded {
        settings = List.copyOf(settings);
    }
}
