package io.dray.core.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JSON schema (draft 2020-12) of a configuration file, for editors that check and complete YAML by one. */
public final class ConfigSchema {
    private final Map<String, String> defaults = new LinkedHashMap<>();

    private final Map<String, Map<String, Object>> notes;

    private ConfigSchema(List<Setting> settings, Map<String, Map<String, Object>> notes) {
        this.notes = notes;
        settings.forEach(setting -> defaults.put(setting.key(), setting.value()));
    }

    /**
     * Returns the schema as objects, lists and texts.
     *
     * @param title what an editor calls it
     * @param defaults what is in force when nobody sets anything: {@link ConfigLoader#read}
     * @param notes what else the schema is to say of a key or section, such as its description
     */
    public static Map<String, Object> of(
            Class<? extends Record> type,
            String title,
            List<Setting> defaults,
            Map<String, Map<String, Object>> notes) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", title);
        schema.putAll(new ConfigSchema(defaults, notes).section(type, ""));
        return schema;
    }

    private Map<String, Object> section(Class<?> type, String prefix) {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (var component : type.getRecordComponents()) {
            String name = ConfigKeys.key(component.getName());
            String key = prefix + name;
            Class<?> part = component.getType();
            boolean isSection = part.isRecord() && part != DataSize.class;
            Map<String, Object> property = isSection ? section(part, key + ".") : leaf(component.getGenericType(), key);
            property.putAll(notes.getOrDefault(key, Map.of()));
            properties.put(name, property);
        }
        Map<String, Object> section = new LinkedHashMap<>();
        // An empty section has its defaults.
        section.put("type", prefix.isEmpty() ? "object" : List.of("object", "null"));
        section.put("additionalProperties", false);
        section.put("properties", properties);
        return section;
    }

    private Map<String, Object> leaf(Type type, String key) {
        Map<String, Object> leaf = new LinkedHashMap<>(form(type));
        // Other defaults are those of the host that the schema is made on.
        if (type == Duration.class || type == DataSize.class || type == Boolean.class) {
            String value = defaults.getOrDefault(key, "");
            leaf.put("default", type == Boolean.class ? Boolean.valueOf(value) : value);
        }
        return leaf;
    }

    private static Map<String, Object> form(Type type) {
        if (type instanceof ParameterizedType generic && generic.getRawType() == List.class) {
            Map<String, Object> item = form(generic.getActualTypeArguments()[0]);
            return Map.of("anyOf", List.of(Map.of("type", "array", "items", item), Map.of("type", "string")));
        }
        if (type instanceof ParameterizedType) {
            return Map.of("type", "object");
        }
        if (type instanceof Class<?> single && single.isEnum()) {
            return Map.of(
                    "enum",
                    Arrays.stream(single.getEnumConstants()).map(ConfigText::of).toList());
        }
        return switch (type.getTypeName()) {
            case "int", "java.lang.Integer", "long", "java.lang.Long" -> Map.of("type", "integer");
            case "double", "java.lang.Double" -> Map.of("type", "number");
            case "boolean", "java.lang.Boolean" -> Map.of("type", "boolean");
            case "java.time.Duration" -> Map.of("type", "string", "pattern", "^" + ConfigValues.DURATION + "$");
            case "io.dray.core.config.DataSize" -> Map.of("type", "string", "pattern", "^" + DataSize.FORM + "$");
            default -> Map.of("type", "string");
        };
    }
}
