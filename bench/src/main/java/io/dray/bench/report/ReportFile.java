package io.dray.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Reports as JSON files, in the shape that {@code bench/results/SCHEMA.md} describes. */
public final class ReportFile {
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private ReportFile() {}

    /**
     * Writes a report, over what the file held before.
     *
     * @param report what to write
     * @param file where to; its folder is made when it is missing
     * @throws IOException when it cannot be written
     */
    public static void write(Report report, Path file) throws IOException {
        new OutputFile("--json", file).write(json(report));
    }

    /**
     * Reads a report.
     *
     * @param file which
     * @return what it says
     * @throws UnreadableReportException when there is no such file or it is no report
     */
    public static Report read(Path file) throws UnreadableReportException {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            String why = Files.exists(file) ? "cannot be read: " + e : "is not there";
            throw new UnreadableReportException(file, why, e);
        }
        try {
            return JSON.treeToValue(checked(file, JSON.readTree(text)), Report.class);
        } catch (JacksonException e) {
            String first = String.valueOf(e.getOriginalMessage()).replaceAll("\\s*\\R.*", "");
            throw new UnreadableReportException(file, "is no report: " + first, e);
        }
    }

    /**
     * Writes a report of {@code bench micro}, over what the file held before.
     *
     * @param report what to write
     * @param file where to; its folder is made when it is missing
     * @throws IOException when it cannot be written
     */
    public static void write(MicroReport report, Path file) throws IOException {
        new OutputFile("--json", file).write(text(report) + "\n");
    }

    /** Reads a report of {@code bench micro}. */
    static MicroReport readMicro(Path file) throws UnreadableReportException {
        return read(file, MicroReport.class, "benchmarks", "dray bench micro");
    }

    /**
     * Writes a report of {@code bench crash}, over what the file held before.
     *
     * @param report what to write
     * @param file where to; its folder is made when it is missing
     * @throws IOException when it cannot be written
     */
    public static void write(CrashReport report, Path file) throws IOException {
        new OutputFile("--json", file).write(text(report) + "\n");
    }

    /** Reads a report of {@code bench crash}. */
    static CrashReport readCrash(Path file) throws UnreadableReportException {
        return read(file, CrashReport.class, "verdicts", "dray bench crash");
    }

    /** Reads a report of another shape, which is known by its list. */
    private static <T> T read(Path file, Class<T> shape, String list, String command) throws UnreadableReportException {
        try {
            JsonNode tree = JSON.readTree(Files.readString(file));
            if (tree.path(list).isArray() && tree.path("schema").asInt(0) == Report.SCHEMA) {
                return JSON.treeToValue(tree, shape);
            }
        } catch (IOException | JacksonException e) {
            throw new UnreadableReportException(file, "is no report of `" + command + "`: " + e.getMessage(), e);
        }
        throw new UnreadableReportException(file, "is no report of `" + command + "`", null);
    }

    /**
     * Writes a report of {@code bench simulate}, over what the file held before.
     *
     * @param report what to write
     * @param file where to; its folder is made when it is missing
     * @throws IOException when it cannot be written
     */
    public static void write(SimulationReport report, Path file) throws IOException {
        new OutputFile("--json", file).write(text(report) + "\n");
    }

    /** Reads a report of {@code bench simulate}. */
    static SimulationReport readSimulation(Path file) throws UnreadableReportException {
        try {
            JsonNode tree = JSON.readTree(Files.readString(file));
            if (!tree.path("cases").isArray() || tree.path("schema").asInt(0) != Report.SCHEMA) {
                throw new UnreadableReportException(file, "is no report of `dray bench simulate`", null);
            }
            return JSON.treeToValue(tree, SimulationReport.class);
        } catch (IOException | JacksonException e) {
            throw new UnreadableReportException(file, "is no report of `dray bench simulate`: " + e.getMessage(), e);
        }
    }

    static String json(Report report) {
        return text(report) + "\n";
    }

    /** Anything in the style of reports. */
    static String text(Object value) {
        return JSON.writeValueAsString(value);
    }

    /** Says what it is instead, in words of reports: those of the parser tell nobody what to do. */
    private static JsonNode checked(Path file, JsonNode tree) throws UnreadableReportException {
        if (!tree.path("rows").isArray()) {
            String what = tree.has("processes")
                    ? "is a profile and no report"
                    : tree.has("benchmarks")
                            ? "is of `bench micro`, whose rows differ"
                            : tree.has("cases")
                                    ? "is of `bench simulate`, which `compare` does not know"
                                    : "is no report: it has no rows";
            throw new UnreadableReportException(file, tree.isMissingNode() ? "is empty" : what, null);
        }
        int schema = tree.path("schema").asInt(0);
        if (schema != Report.SCHEMA) {
            throw new UnreadableReportException(
                    file, "is no report: schema " + schema + " (expected: " + Report.SCHEMA + ")", null);
        }
        for (String field : List.of("machine", "missing")) {
            if (!tree.path(field).isObject()) {
                throw new UnreadableReportException(file, "is no report: it has no " + field, null);
            }
        }
        return tree;
    }
}
