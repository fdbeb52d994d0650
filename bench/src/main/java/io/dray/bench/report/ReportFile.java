package io.dray.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
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
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Files.writeString(file, json(report));
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
            throw new UnreadableReportException(file, "cannot be read: " + e, e);
        }
        try {
            return checked(file, JSON.readValue(text, Report.class));
        } catch (JacksonException e) {
            throw new UnreadableReportException(file, "is no report: " + e.getOriginalMessage(), e);
        }
    }

    static String json(Report report) {
        return text(report) + "\n";
    }

    /** Anything in the style of reports. */
    static String text(Object value) {
        return JSON.writeValueAsString(value);
    }

    private static Report checked(Path file, Report report) throws UnreadableReportException {
        if (report.schema() != Report.SCHEMA) {
            throw new UnreadableReportException(
                    file, "schema: " + report.schema() + " (expected: " + Report.SCHEMA + ")", null);
        }
        return report;
    }
}
