package io.dray.sidecar;

import io.dray.core.config.ConfigException;
import io.dray.core.config.Loaded;
import io.dray.core.config.Setting;
import io.dray.core.config.StartOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the configuration again while the sidecar serves: what can change does, of the rest each key that differs gets a
 * line. A file that cannot be used changes nothing. Thread-safe.
 */
final class Reload {
    /** What changes without a restart. All else is in the size of a queue, an open connection or a pool by then. */
    static final Set<String> LIVE = Set.of(
            "log.level",
            "agents.resume",
            "lanes.critical-budget",
            "lanes.high-budget",
            "lanes.normal-budget",
            "lanes.low-budget");

    private static final Logger log = LoggerFactory.getLogger(Reload.class);

    private final StartOptions options;
    private final Map<String, String> environment;
    private final Consumer<SidecarConfig> change;
    /** Values by key, as they are in force. */
    private final Map<String, String> inForce = new LinkedHashMap<>();

    /**
     * Remembers what is in force.
     *
     * @param change puts the live keys of a configuration in force
     */
    Reload(
            StartOptions options,
            Map<String, String> environment,
            List<Setting> started,
            Consumer<SidecarConfig> change) {
        this.options = options;
        this.environment = Map.copyOf(environment);
        this.change = change;
        started.forEach(setting -> inForce.put(setting.key(), setting.value()));
    }

    /** One line of what came of it; {@code isWarning} when somebody has to do something. */
    record Line(boolean isWarning, String text) {}

    /** Reads it again and logs what came of it. */
    void run() {
        for (Line line : again()) {
            if (line.isWarning()) {
                log.warn("{}", line.text());
            } else {
                log.info("{}", line.text());
            }
        }
    }

    /** Reads it again; returns what came of it, at least one line. */
    synchronized List<Line> again() {
        if (options.file() == null) {
            return List.of(new Line(true, "nothing to reload: started without a file (expected: --config FILE)"));
        }
        if (options.file().toFile().isFile() && options.file().toFile().length() == 0) {
            // Between two writes of an editor; to a start it would mean all defaults.
            return List.of(new Line(true, "not reloaded, nothing changed: " + options.file() + " is empty"));
        }
        try {
            Loaded<SidecarConfig> read = SidecarConfig.read(options.file(), environment, options.settings());
            List<Line> lines = new ArrayList<>();
            lines.add(new Line(false, "reloaded " + options.file()));
            change.accept(read.config());
            read.settings().forEach(setting -> compare(setting, lines));
            if (lines.size() == 1) {
                lines.add(new Line(false, "nothing differs from what is in force"));
            }
            return lines;
        } catch (ConfigException e) {
            return List.of(new Line(
                    true,
                    "not reloaded, nothing changed: "
                            + String.join("; ", e.problems()).replaceAll("\\s+", " ")));
        }
    }

    private void compare(Setting setting, List<Line> lines) {
        String before = inForce.getOrDefault(setting.key(), "");
        if (before.equals(setting.value())) {
            return;
        }
        String from = setting.key() + ": " + shown(before);
        String now = shown(setting.value()) + " (" + setting.origin() + ")";
        if (LIVE.contains(setting.key())) {
            inForce.put(setting.key(), setting.value());
            lines.add(new Line(false, from + " is now " + now));
        } else {
            lines.add(new Line(true, from + " stays until a restart, which would make it " + now));
        }
    }

    private static String shown(String value) {
        return value.isEmpty() ? "(nothing)" : value;
    }
}
