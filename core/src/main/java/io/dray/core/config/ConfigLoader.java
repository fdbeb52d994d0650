package io.dray.core.config;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes a record of records from a YAML file, overlaid by the environment and by explicit settings. */
@SuppressWarnings("DoNotCallSuggester") // Bodies follow.
public final class ConfigLoader {
    private ConfigLoader() {}

    /** Loads without explicit settings. */
    public static <R extends Record> R load(
            Class<R> type, @Nullable Path yaml, Map<String, String> environment, String prefix) throws ConfigException {
        return load(type, yaml, environment, prefix, Map.of());
    }

    /**
     * Loads a configuration; what comes later wins: file, environment, settings. Keys are the record's components in
     * kebab-case, joined by dots; what is absent is null (or 0, false) to the record's constructor, which puts in its
     * defaults.
     *
     * @param yaml the file; null for none
     * @param prefix for example {@code DRAY_SIDECAR}: then {@code DRAY_SIDECAR_PEERS_LISTEN} sets {@code peers.listen}
     * @param settings values by key, as from {@code --set key=value}
     * @throws ConfigException with all problems at once
     */
    public static <R extends Record> R load(
            Class<R> type,
            @Nullable Path yaml,
            Map<String, String> environment,
            String prefix,
            Map<String, String> settings)
            throws ConfigException {
        throw new UnsupportedOperationException("not yet");
    }
}
