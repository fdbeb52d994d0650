package io.dray.bench.report;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that one run of a suite found out; every suite writes this one shape, and {@code bench/results/SCHEMA.md} says
 * what each field means.
 *
 * @param schema version of the shape
 * @param machine where it ran
 * @param revision the Git commit, with {@code -dirty} when the working tree differed from it
 * @param command the words that repeat the run
 * @param started when it began
 * @param partial whether the run had not ended when this was written; null in files of before that was told
 * @param missing systems that should have been measured but are not installed, each with the command that installs it
 * @param rows one for each scenario and system, in the order measured
 */
public record Report(
        int schema,
        Machine machine,
        String revision,
        String command,
        Instant started,
        @Nullable Boolean partial,
        Map<String, String> missing,
        List<Row> rows) {

    /** The version written by this code. */
    public static final int SCHEMA = 1;

    /** Copies the collections. */
    public Report {
        missing = Ordered.copy(missing);
        rows = List.copyOf(rows);
    }

    /**
     * Describes a run on this machine.
     *
     * @param revision the commit
     * @param command the words that repeat the run
     * @param started when it began
     * @param partial whether the run goes on
     * @param missing systems that are not installed, each with the command that installs it
     * @param rows what was measured
     * @return the report
     */
    public static Report of(
            String revision,
            String command,
            Instant started,
            boolean partial,
            Map<String, String> missing,
            List<Row> rows) {
        return new Report(
                SCHEMA,
                Machine.current(),
                revision,
                command,
                started.truncatedTo(ChronoUnit.SECONDS),
                partial,
                missing,
                rows);
    }

    /** Whether rows that were asked for may be missing because the run had not ended. */
    boolean unfinished() {
        return partial != null && partial;
    }
}
