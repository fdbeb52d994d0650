package io.dray.core.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Collects raw values by key from file, variables and settings, and the problems met. Belongs to one load. */
final class ConfigSources {
    /** A value as it was written (text, list of texts or map of texts), and where; a preset's has a reason. */
    record Raw(String source, Object value, String reason) {
        Raw(String source, Object value) {
            this(source, value, "");
        }

        /** Where, for people. */
        String origin() {
            return source.isEmpty() ? "--set" : source;
        }
    }

    private static final long MAX_FILE_BYTES = 1 << 20;

    private final ConfigKeys keys;
    private final List<String> problems;
    private final Map<String, Raw> values = new LinkedHashMap<>();

    ConfigSources(ConfigKeys keys, List<String> problems) {
        this.keys = keys;
        this.problems = problems;
    }

    Map<String, Raw> values() {
        return values;
    }

    void addFile(Path file) {
        String why = whyNot(file);
        if (!why.isEmpty()) {
            problems.add("config file " + file + why + " (expected: a YAML file of at most 1 MiB)");
            return;
        }
        try {
            YAMLMapper mapper = YAMLMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build();
            JsonNode tree = mapper.readTree(file);
            if (tree.isObject()) {
                addObject(tree, "", file);
            } else if (!tree.isNull() && !tree.isMissingNode()) {
                problems.add("config file " + file + " holds no keys (expected: YAML such as `node: a`)");
            }
        } catch (JacksonException e) {
            problems.add("config file " + file + " is no YAML: " + problem(e) + " at line "
                    + (e.getLocation() == null ? "?" : e.getLocation().getLineNr()));
        }
    }

    void addVariables(Map<String, String> environment, String prefix) {
        Map<String, String> known = keys.byVariable(prefix);
        new TreeMap<>(environment).forEach((variable, value) -> {
            String key = known.get(variable);
            if (key != null) {
                values.put(key, new Raw(variable, value));
            } else if (variable.startsWith(prefix + "_")) {
                problems.add("unknown variable " + variable + " " + instead(variable, known.keySet(), prefix + "_"));
            }
        });
    }

    void addSettings(Map<String, String> settings) {
        settings.forEach((key, value) -> {
            if (isLeaf(key, "")) {
                values.put(key, new Raw("", value));
            }
        });
    }

    /** Puts in what is chosen for keys that nobody has set. */
    void addPresets(Presets presets) {
        presets.chosen(this::written)
                .forEach(preset ->
                        values.putIfAbsent(preset.key(), new Raw(preset.origin(), preset.value(), preset.reason())));
    }

    private Optional<String> written(String key) {
        return Optional.ofNullable(values.get(key)).map(raw -> raw.value().toString());
    }

    /** Without the lines that show where it stands. */
    private static String problem(JacksonException failure) {
        return failure.getOriginalMessage()
                .lines()
                .filter(line -> !line.startsWith(" "))
                .collect(Collectors.joining(": "));
    }

    /** A pipe may never end, and the parser takes minutes over one word of many MB. */
    private static String whyNot(Path file) {
        if (!Files.exists(file)) {
            return " is not there";
        }
        if (Files.isDirectory(file)) {
            return " is a folder";
        }
        if (!Files.isRegularFile(file)) {
            return " is a pipe or a device";
        }
        if (!Files.isReadable(file)) {
            return " cannot be read";
        }
        long bytes = file.toFile().length();
        return bytes <= MAX_FILE_BYTES ? "" : " has " + bytes + " bytes";
    }

    private static String instead(String variable, Collection<String> known, String start) {
        List<String> names =
                known.stream().map(name -> name.substring(start.length())).toList();
        return NearKeys.insteadOfVariable(variable.substring(start.length()), names, start);
    }

    private void addObject(JsonNode object, String prefix, Path file) {
        object.forEachEntry((name, node) -> {
            String key = prefix + name;
            if (keys.isSection(key) && node.isObject()) {
                addObject(node, key + ".", file);
            } else if (keys.isSection(key) && node.isNull()) {
                // An empty section has its defaults.
                return;
            } else if (isLeaf(key, " in " + file) && !node.isNull()) {
                add(key, node, file.toString());
            }
        });
    }

    private boolean isLeaf(String key, String where) {
        if (keys.leaves().containsKey(key)) {
            return true;
        }
        if (keys.isSection(key)) {
            problems.add(key + where + " is a section (expected: keys below it)");
        } else {
            problems.add("unknown key " + key + where + " " + NearKeys.insteadOfKey(key, keys));
        }
        return false;
    }

    private void add(String key, JsonNode node, String source) {
        if (node.isArray()) {
            List<String> items = new ArrayList<>();
            node.forEach(item -> items.add(item.asString()));
            values.put(key, new Raw(source, items));
        } else if (node.isObject()) {
            Map<String, String> entries = new LinkedHashMap<>();
            node.forEachEntry((name, item) -> entries.put(name, item.asString()));
            values.put(key, new Raw(source, entries));
        } else {
            values.put(key, new Raw(source, node.asString()));
        }
    }
}
