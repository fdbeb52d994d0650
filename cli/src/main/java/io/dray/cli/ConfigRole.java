package io.dray.cli;

import io.dray.core.config.ConfigException;
import io.dray.core.config.ConfigLoader;
import io.dray.core.config.ConfigSchema;
import io.dray.core.config.Presets;
import io.dray.core.config.Setting;
import io.dray.core.net.Transport;
import io.dray.router.RouterConfig;
import io.dray.sidecar.SidecarConfig;
import io.dray.sidecar.SidecarPresets;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Whose configuration it is. */
enum ConfigRole {
    SIDECAR(SidecarConfig.class, "DRAY_SIDECAR"),
    ROUTER(RouterConfig.class, "DRAY_ROUTER");

    private final Class<? extends Record> type;
    private final String prefix;

    ConfigRole(Class<? extends Record> type, String prefix) {
        this.type = type;
        this.prefix = prefix;
    }

    /** What is wrong with a file when it is read for a role. */
    record Verdict(ConfigRole role, List<String> problems) {
        private long unknownKeys() {
            return problems.stream()
                    .filter(problem -> problem.startsWith("unknown key"))
                    .count();
        }
    }

    /** Reads a file for the role that its keys fit best. */
    static Verdict nearest(Path file) {
        return Arrays.stream(values())
                .map(candidate -> candidate.check(file))
                .min(Comparator.comparingLong(Verdict::unknownKeys)
                        .thenComparingInt(verdict -> verdict.problems().size()))
                .orElseThrow();
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** As completion offers it. */
    @Override
    public String toString() {
        return word();
    }

    Verdict check(Path file) {
        try {
            ConfigLoader.read(type, file, System.getenv(), prefix, Map.of(), presets());
            return new Verdict(this, List.of());
        } catch (ConfigException e) {
            return new Verdict(this, e.problems());
        }
    }

    private Presets presets() {
        return switch (this) {
            case SIDECAR -> SidecarPresets.ofThisHost();
            case ROUTER -> Presets.NONE;
        };
    }

    /** Returns every value in force, as a server of this role would have it here. */
    List<Setting> show(@Nullable Path file, Map<String, String> settings) throws ConfigException {
        return ConfigLoader.read(type, file, System.getenv(), prefix, settings, presets())
                .settings();
    }

    /** Returns the JSON schema of a file for this role. */
    Map<String, Object> schema() throws ConfigException {
        List<Setting> defaults = ConfigLoader.read(type, null, Map.of(), prefix, Map.of(), Presets.NONE)
                .settings();
        return ConfigSchema.of(type, "Configuration of a Dray " + word(), defaults, notes());
    }

    /** What the types of a configuration do not tell. */
    private Map<String, Map<String, Object>> notes() {
        Map<String, Map<String, Object>> notes = new HashMap<>();
        descriptions().forEach((key, words) -> notes.put(key, new LinkedHashMap<>(Map.of("description", words))));
        notes.computeIfAbsent("transport", _ -> new LinkedHashMap<>()).put("enum", Transport.WORDS);
        return notes;
    }

    private Map<String, String> descriptions() {
        Properties descriptions = new Properties();
        try (InputStream file = ConfigRole.class.getResourceAsStream(word() + "-keys.properties")) {
            descriptions.load(new InputStreamReader(Objects.requireNonNull(file), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return descriptions.stringPropertyNames().stream()
                .collect(Collectors.toMap(Function.identity(), descriptions::getProperty));
    }
}
