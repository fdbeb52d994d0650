package io.dray.bench.report;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/**
 * All that one run of {@code bench crash} found out, in the shape that {@code bench/results/SCHEMA.md} describes.
 *
 * @param schema version of the shape
 * @param machine where it ran
 * @param revision the Git commit, with {@code -dirty} when the working tree differed from it
 * @param command the words that repeat the run
 * @param started when it began
 * @param suite messages, tasks or all
 * @param store where the routers kept tasks
 * @param routers how many there were
 * @param minutes how long there were faults
 * @param seed of the script of faults
 * @param acknowledged over all kinds of work, as each verdict says it
 * @param lost the same
 * @param duplicated the same
 * @param late the same
 * @param redelivered the same
 * @param faults how often which process met which fault
 * @param verdicts one for each kind of work
 */
public record CrashReport(
        int schema,
        Machine machine,
        String revision,
        String command,
        Instant started,
        String suite,
        String store,
        int routers,
        double minutes,
        long seed,
        long acknowledged,
        long lost,
        long duplicated,
        long late,
        long redelivered,
        Map<String, Integer> faults,
        List<Verdict> verdicts) {

    /** Copies the collections. */
    public CrashReport {
        faults = Ordered.copy(faults);
        verdicts = List.copyOf(verdicts);
    }

    /**
     * What was run.
     *
     * @param suite messages, tasks or all
     * @param store where the routers kept tasks, with its version if it is another program
     * @param routers how many there were
     * @param minutes how long there were faults
     * @param seed of the script of faults
     */
    public record Setting(String suite, String store, int routers, double minutes, long seed) {}

    /**
     * Describes a run on this machine.
     *
     * @param revision the commit
     * @param command the words that repeat the run
     * @param started when it began
     * @param setting what was run
     * @param faults how often which process met which fault
     * @param verdicts one for each kind of work
     * @return the report
     */
    public static CrashReport of(
            String revision,
            String command,
            Instant started,
            Setting setting,
            Map<String, Integer> faults,
            List<Verdict> verdicts) {
        return new CrashReport(
                Report.SCHEMA,
                Machine.current(),
                revision,
                command,
                started.truncatedTo(ChronoUnit.SECONDS),
                setting.suite(),
                setting.store(),
                setting.routers(),
                setting.minutes(),
                setting.seed(),
                verdicts.stream().mapToLong(Verdict::acknowledged).sum(),
                verdicts.stream().mapToLong(Verdict::lost).sum(),
                verdicts.stream().mapToLong(Verdict::duplicated).sum(),
                verdicts.stream().mapToLong(Verdict::late).sum(),
                verdicts.stream().mapToLong(Verdict::redelivered).sum(),
                faults,
                verdicts);
    }

    /**
     * Tells whether every promise was kept.
     *
     * @return false when something was lost, a task was done again, or nothing was done
     */
    public boolean passed() {
        return !verdicts.isEmpty() && verdicts.stream().allMatch(Verdict::isKept);
    }
}
