package io.dray.bench;

import io.dray.core.config.ConfigException;
import io.dray.core.config.ConfigLoader;
import io.dray.sidecar.SidecarConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The words of {@code --set}, read as a sidecar will read them. Stateless. */
final class SidecarSettings {
    private SidecarSettings() {}

    /**
     * Looks for what a sidecar would refuse.
     *
     * @param words such as {@code loops=2}
     * @return all that is wrong, in one line; empty when nothing is
     */
    static Optional<String> problem(List<String> words) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals < 1) {
                return Optional.of("--set: " + word + " (expected: KEY=VALUE, such as loops=2)");
            }
            settings.put(word.substring(0, equals), word.substring(equals + 1));
        }
        try {
            var _ = ConfigLoader.load(SidecarConfig.class, null, Map.of(), "DRAY_SIDECAR", settings);
            return Optional.empty();
        } catch (ConfigException e) {
            return Optional.of("--set: " + String.join("; ", e.problems()));
        }
    }
}
