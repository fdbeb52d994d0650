package io.dray.core.config;

import io.dray.core.config.ConfigSources.Raw;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes a record of records from a YAML file, overlaid by variables and explicit settings. Components may be text,
 * numbers, booleans, {@link java.time.Duration}, {@link DataSize}, {@link Path}, enums, lists of these, maps of texts,
 * and records of them.
 */
public final class ConfigLoader {
    private final List<String> problems = new ArrayList<>();
    /** Keys whose value is refused already: what their default leads to is no further problem. */
    private final Set<String> wrong = new HashSet<>();

    private final Map<String, Raw> values;

    private ConfigLoader(ConfigKeys keys, @Nullable Path yaml, Overlay overlay) {
        ConfigSources sources = new ConfigSources(keys, problems);
        if (yaml != null) {
            sources.addFile(yaml);
        }
        sources.addVariables(overlay.environment(), overlay.prefix());
        sources.addSettings(overlay.settings());
        sources.addPresets(overlay.presets());
        this.values = sources.values();
    }

    private record Overlay(
            Map<String, String> environment, String prefix, Map<String, String> settings, Presets presets) {}

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
        return read(type, yaml, environment, prefix, settings, Presets.NONE).config();
    }

    /**
     * Loads as {@link #load} does, with values for what nobody has set, and tells where every value comes from.
     *
     * @param presets win over defaults alone
     * @throws ConfigException with all problems at once
     */
    public static <R extends Record> Loaded<R> read(
            Class<R> type,
            @Nullable Path yaml,
            Map<String, String> environment,
            String prefix,
            Map<String, String> settings,
            Presets presets)
            throws ConfigException {
        Overlay overlay = new Overlay(environment, prefix, settings, presets);
        ConfigLoader loader = new ConfigLoader(new ConfigKeys(type), yaml, overlay);
        R config = loader.made(type);
        List<Setting> shown = new ArrayList<>();
        loader.collect(config, "", shown);
        return new Loaded<>(config, shown);
    }

    /** Returns all keys that a record knows. */
    public static List<String> keys(Class<? extends Record> type) {
        return List.copyOf(new ConfigKeys(type).leaves().keySet());
    }

    private <R extends Record> R made(Class<R> type) throws ConfigException {
        Optional<Object> made = make(type, "");
        if (made.isEmpty() || !problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return type.cast(made.get());
    }

    private void collect(Object section, String prefix, List<Setting> shown) {
        for (RecordComponent component : section.getClass().getRecordComponents()) {
            String key = prefix + ConfigKeys.key(component.getName());
            Object value = read(component, section);
            if (value instanceof Record part && !(value instanceof DataSize)) {
                collect(part, key + ".", shown);
            } else {
                shown.add(setting(key, ConfigText.of(value), values.get(key)));
            }
        }
    }

    private static Setting setting(String key, String value, @Nullable Raw raw) {
        return raw == null
                ? new Setting(key, value, Setting.DEFAULT, "")
                : new Setting(key, value, raw.origin(), raw.reason());
    }

    private static @Nullable Object read(RecordComponent component, Object section) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(section);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("no configuration record: " + section.getClass(), e);
        }
    }

    /**
     * Returns the record of a section. What is wrong in it is among the problems and replaced by its default, so that
     * the records around it can say what else they refuse; empty when not even that makes a record.
     */
    private Optional<Object> make(Class<?> type, String prefix) {
        RecordComponent[] components = type.getRecordComponents();
        @Nullable Object[] arguments = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String key = prefix + ConfigKeys.key(components[i].getName());
            Class<?> part = components[i].getType();
            boolean isSection = part.isRecord() && part != DataSize.class;
            arguments[i] = isSection ? make(part, key + ".").orElse(null) : value(components[i], key);
        }
        return construct(type, components, arguments, prefix);
    }

    private @Nullable Object value(RecordComponent component, String key) {
        Raw raw = values.get(key);
        if (raw != null) {
            try {
                return ConfigValues.convert(component.getGenericType(), raw.value());
            } catch (IllegalArgumentException e) {
                problems.add(key + (raw.source().isEmpty() ? "" : " in " + raw.source()) + ": " + e.getMessage());
                wrong.add(key);
            }
        }
        return ConfigValues.absent(component.getType());
    }

    /** A constructor tells its first problem only: what it refuses is taken away until it has no more to say. */
    private Optional<Object> construct(
            Class<?> type, RecordComponent[] components, @Nullable Object[] arguments, String prefix) {
        while (true) {
            try {
                return Optional.of(constructor(type, components).newInstance(arguments));
            } catch (InvocationTargetException e) {
                if (e.getCause() instanceof IllegalArgumentException refused) {
                    if (!isRepaired(String.valueOf(refused.getMessage()), components, arguments, prefix)) {
                        return Optional.empty();
                    }
                } else if (problems.isEmpty()) {
                    throw new IllegalStateException("constructor of " + type + " failed", e.getCause());
                } else {
                    // It may have missed what could not be made.
                    return Optional.empty();
                }
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("no configuration record: " + type, e);
            }
        }
    }

    /** Notes what a constructor refused; whether it is a component that could be put back to its default. */
    private boolean isRepaired(
            String refusal, RecordComponent[] components, @Nullable Object[] arguments, String prefix) {
        // Constructors name their component; the section in front makes it a key.
        boolean isKey =
                refusal.startsWith(prefix) || refusal.replaceFirst(":", ".").startsWith(prefix);
        String problem = isKey ? refusal : prefix + refusal;
        for (int i = 0; i < components.length; i++) {
            String key = prefix + ConfigKeys.key(components[i].getName());
            if (problem.startsWith(key + ":")) {
                if (!wrong.add(key)) {
                    return false;
                }
                arguments[i] = ConfigValues.absent(components[i].getType());
                problems.add(problem);
                return true;
            }
        }
        problems.add(problem);
        return false;
    }

    private static Constructor<?> constructor(Class<?> type, RecordComponent[] components)
            throws NoSuchMethodException {
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Constructor<?> constructor = type.getDeclaredConstructor(types);
        constructor.setAccessible(true);
        return constructor;
    }
}
