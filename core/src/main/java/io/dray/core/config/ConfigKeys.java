package io.dray.core.config;

import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The keys that a record of records knows: leaves with their types, and sections. Immutable. */
final class ConfigKeys {
    private final Map<String, Type> leaves = new LinkedHashMap<>();
    private final Set<String> sections = new LinkedHashSet<>();

    ConfigKeys(Class<? extends Record> type) {
        collect(type, "");
    }

    Map<String, Type> leaves() {
        return Collections.unmodifiableMap(leaves);
    }

    Set<String> sections() {
        return Collections.unmodifiableSet(sections);
    }

    boolean isSection(String key) {
        return sections.contains(key);
    }

    /** Returns the leaves by the variable that sets them. */
    Map<String, String> byVariable(String prefix) {
        return leaves.keySet().stream().collect(Collectors.toMap(key -> variable(prefix, key), key -> key));
    }

    /** Returns a component's key: {@code dataDir} becomes {@code data-dir}. */
    static String key(String component) {
        return component.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }

    private static String variable(String prefix, String key) {
        return prefix + "_" + key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }

    private void collect(Class<?> type, String prefix) {
        for (RecordComponent component : type.getRecordComponents()) {
            String key = prefix + key(component.getName());
            if (component.getType().isRecord() && component.getType() != DataSize.class) {
                sections.add(key);
                collect(component.getType(), key + ".");
            } else {
                leaves.put(key, component.getGenericType());
            }
        }
    }
}
