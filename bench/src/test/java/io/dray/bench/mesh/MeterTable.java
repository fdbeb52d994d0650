package io.dray.bench.mesh;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** All meters of a mesh, gathered from pages of /metrics, as a table of a document. Not thread-safe. */
final class MeterTable {
    private static final Pattern HELP = Pattern.compile("# HELP (dray_\\w+) ?(.*)");
    private static final Pattern TYPE = Pattern.compile("# TYPE (dray_\\w+) (\\w+)");
    private static final Pattern SAMPLE = Pattern.compile("(dray_\\w+)(?:\\{(.*)\\})? \\S+");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");
    private static final Pattern PART_OF_SUMMARY = Pattern.compile("_(count|sum)$");

    private final Map<String, Meter> meters = new TreeMap<>();

    /** One meter: what its page says of it, and who has it. */
    static final class Meter {
        private final Map<String, String> helpByRole = new TreeMap<>();
        private String type = "";
        private final Set<String> labels = new TreeSet<>();
        private final Set<String> roles = new TreeSet<>();

        /** In words of each role where they differ. */
        String help() {
            Set<String> helps = Set.copyOf(helpByRole.values());
            return helps.size() == 1
                    ? helps.iterator().next()
                    : helpByRole.entrySet().stream()
                            .map(help -> help.getKey() + ": " + help.getValue())
                            .collect(Collectors.joining("; "));
        }

        /** What to ask Prometheus for; every summary has a count, not every one quantiles. */
        String query(String name) {
            return type.equals("summary") ? name + "_count" : name;
        }
    }

    /** Adds a page of a router or sidecar. */
    void add(String role, String page) {
        page.lines().forEach(line -> addLine(role, line));
    }

    Map<String, Meter> meters() {
        return meters;
    }

    String markdown() {
        return meters.entrySet().stream()
                .map(entry -> row(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining("", "| meter | type | labels | of | what |\n|---|---|---|---|---|\n", ""));
    }

    private void addLine(String role, String line) {
        Matcher help = HELP.matcher(line);
        Matcher type = TYPE.matcher(line);
        Matcher sample = SAMPLE.matcher(line);
        if (help.matches()) {
            meter(help.group(1)).helpByRole.put(role, help.group(2).strip());
        } else if (type.matches()) {
            meter(type.group(1)).type = type.group(2);
            meter(type.group(1)).roles.add(role);
        } else if (sample.matches()) {
            String labels = sample.group(2) == null ? "" : sample.group(2);
            LABEL.matcher(labels)
                    .results()
                    .forEach(label -> family(sample.group(1)).labels.add(label.group(1)));
        }
    }

    private Meter meter(String name) {
        return meters.computeIfAbsent(name, _ -> new Meter());
    }

    private Meter family(String sample) {
        return meter(
                meters.containsKey(sample)
                        ? sample
                        : PART_OF_SUMMARY.matcher(sample).replaceFirst(""));
    }

    private static String row(String name, Meter meter) {
        String labels = meter.labels.stream().map(label -> "`" + label + "`").collect(Collectors.joining(", "));
        return "| `" + name + "` | " + meter.type + " | " + labels + " | " + String.join(", ", meter.roles) + " | "
                + meter.help() + " |\n";
    }
}
