package io.dray.core.config;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Chooses values for keys that nobody has set, by what is set. */
@FunctionalInterface
public interface Presets {
    /** Chooses nothing. */
    Presets NONE = _ -> List.of();

    /**
     * Returns the chosen values; of several for one key the first counts.
     *
     * @param written tells what somebody has written for a key, which may be wrong
     */
    List<Preset> chosen(Function<String, Optional<String>> written);
}
