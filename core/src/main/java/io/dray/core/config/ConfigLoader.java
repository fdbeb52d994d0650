package io.dray.core.config;

import io.dray.core.config.ConfigSources.Raw;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes a record of records from a YAML file, overlaid by variables and explicit settings. Components may be text,
 * numbers, booleans, {@link java.time.Duration}, {@link DataSize}, {@link Path}, enums, lists of these, maps of texts,
 * and records of them.
 */
public final class ConfigLoader {
    private final List<String> problems = new ArrayList<>();
    private final Map<String, Raw> values;

    private ConfigLoader(ConfigKeys keys, @Nullable Path yaml, Overlay overlay) {
        ConfigSources sources = new ConfigSources(keys, problems);
        if (yaml != null) {
            sources.addFile(yaml);
        }
        sources.addVariables(overlay.environment(), overlay.prefix());
        sources.addSettings(overlay.settings());
        this.values = sources.values();
    }

    private record Overlay(Map<String, String> environment, String prefix, Map<String, String> settings) {}

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
        ConfigLoader loader = new ConfigLoader(new ConfigKeys(type), yaml, new Overlay(environment, prefix, settings));
        Optional<Object> made = loader.make(type, "");
        if (made.isEmpty() || !loader.problems.isEmpty()) {
            throw new ConfigException(loader.problems);
        }
        return type.cast(made.get());
    }

    /** Returns all keys that a record knows. */
    public static List<String> keys(Class<? extends Record> type) {
        return List.copyOf(new ConfigKeys(type).leaves().keySet());
    }

    /** Returns the record of a section; empty when something in it is wrong, which is then among the problems. */
    private Optional<Object> make(Class<?> type, String prefix) {
        RecordComponent[] components = type.getRecordComponents();
        @Nullable Object[] arguments = new Object[components.length];
        boolean complete = true;
        for (int i = 0; i < components.length; i++) {
            String key = prefix + ConfigKeys.key(components[i].getName());
            Class<?> part = components[i].getType();
            int before = problems.size();
            boolean isSection = part.isRecord() && part != DataSize.class;
            arguments[i] = isSection ? make(part, key + ".").orElse(null) : value(components[i], key);
            complete &= problems.size() == before;
        }
        return complete ? construct(type, components, arguments, prefix) : Optional.empty();
    }

    private @Nullable Object value(RecordComponent component, String key) {
        Raw raw = values.get(key);
        if (raw == null) {
            return ConfigValues.absent(component.getType());
        }
        try {
            return ConfigValues.convert(component.getGenericType(), raw.value());
        } catch (IllegalArgumentException e) {
            problems.add(key + (raw.source().isEmpty() ? "" : " in " + raw.source()) + ": " + e.getMessage());
            return null;
        }
    }

    private Optional<Object> construct(
            Class<?> type, RecordComponent[] components, @Nullable Object[] arguments, String prefix) {
        try {
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return Optional.of(constructor.newInstance(arguments));
        } catch (InvocationTargetException e) {
            if (!(e.getCause() instanceof IllegalArgumentException refused)) {
                throw new IllegalStateException("constructor of " + type + " failed", e.getCause());
            }
            // Constructors name their component; the section in front makes it a key.
            problems.add(prefix + refused.getMessage());
            return Optional.empty();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("no configuration record: " + type, e);
        }
    }
}
