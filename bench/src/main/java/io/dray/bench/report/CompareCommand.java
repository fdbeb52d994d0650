package io.dray.bench.report;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench compare}: says which figures of a report are worse than those of an older one. */
@Command(
        name = "compare",
        description = {
            "Compares two reports of one machine, figure by figure: throughput, P50, P99, P99.9, a flood's queueing, CPU per"
                    + " message, bytes on the wire, the memory of each process, failures, event-loop stalls; and the bars"
                    + " that scenarios name.",
            "",
            "A figure has regressed when its median over the windows is worse by more than the threshold, and the"
                    + " windows show that this is no noise: the new report's best window is worse than the old one's worst."
                    + " At the least it is 10 %% and 8 MB for memory, 25 %% for queueing and 50 %% for P99.9. Failures and"
                    + " stalls have when there are more over all windows than in the old one's worst.",
            "",
            "A bar that was met and is not, and a row that the new report lacks, are regressions too."
        },
        footer = {
            "",
            "Exit code: 0 no regression, 1 a regression, 2 wrong words, files that are no reports, or no row in common.",
            "",
            "Examples:",
            "  ./dray bench compare bench/results/old.json new.json",
            "  ./dray bench compare bench/results/old.json one-scenario.json --subset",
            "  ./dray bench compare old.json new.json --threshold 10%% --json"
        },
        mixinStandardHelpOptions = true)
public final class CompareCommand implements Callable<Integer> {
    private static final int REGRESSED = 1;
    private static final int WRONG = 2;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "OLD.json", description = "The report to be measured against.")
    private Path old = Path.of("");

    @Parameters(index = "1", paramLabel = "NEW.json", description = "The report in question.")
    private Path now = Path.of("");

    @Option(
            names = "--threshold",
            paramLabel = "PERCENT",
            converter = Threshold.class,
            defaultValue = "5%",
            description = "What a median may be worse by (default: ${DEFAULT-VALUE}).")
    private double threshold;

    @Option(names = "--subset", description = "NEW.json may lack rows of OLD.json: it measured some scenarios only.")
    private boolean subset;

    @Option(names = "--json", description = "Print the comparison as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Report before;
        Report after;
        try {
            before = ReportFile.read(old);
            after = ReportFile.read(now);
        } catch (UnreadableReportException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return WRONG;
        }
        Comparison comparison = Comparison.of(before, after, threshold);
        if (comparison.changes().isEmpty()) {
            spec.commandLine()
                    .getErr()
                    .println("rows in both " + old + " and " + now + ": 0 (expected: at least 1; are these two runs of"
                            + " one suite?)");
            return WRONG;
        }
        if (json) {
            out.println(ReportFile.text(document(before, after, comparison)));
        } else {
            print(out, before, after, comparison);
        }
        out.flush();
        return isWorse(comparison) ? REGRESSED : 0;
    }

    private boolean isWorse(Comparison comparison) {
        return !comparison.with(Change.Verdict.REGRESSED).isEmpty()
                || !comparison.missedChecks().isEmpty()
                || (!subset && !comparison.onlyOld().isEmpty());
    }

    private void print(PrintWriter out, Report before, Report after, Comparison comparison) {
        if (!before.machine().equals(after.machine())) {
            out.println("The machines differ, so differences may be theirs: " + before.machine() + " and "
                    + after.machine());
        }
        if (!before.command().equals(after.command())) {
            out.println("Measured by different words: " + before.command() + " and " + after.command());
        }
        if (!comparison.windows().isEmpty()) {
            out.println("Measured over different windows, in " + comparison.windows());
        }
        list(out, "improved", comparison.with(Change.Verdict.IMPROVED));
        if (after.unfinished()) {
            out.println(now + " is partial: its run was ended early, or goes on.");
        }
        if (!subset) {
            list(out, "MISSING (--subset when that is meant), only in " + old, comparison.onlyOld());
        }
        list(out, "only in " + now, comparison.onlyNew());
        List<Change> regressions = comparison.with(Change.Verdict.REGRESSED);
        list(out, "REGRESSED", regressions);
        list(out, "MISSED, and met before", comparison.missedChecks());
        out.printf(
                "%s -> %s: %d figures compared, %d improved, %d regressed (threshold %s, ranges of the windows apart);"
                        + " %d bars newly missed (%d in both), %d rows %s%n",
                before.revision(),
                after.revision(),
                comparison.changes().size(),
                comparison.with(Change.Verdict.IMPROVED).size(),
                regressions.size(),
                Threshold.text(threshold),
                comparison.missedChecks().size(),
                comparison.missedInBoth(),
                comparison.onlyOld().size(),
                subset ? "not measured again" : "missing");
    }

    private static void list(PrintWriter out, String title, List<?> lines) {
        if (!lines.isEmpty()) {
            out.println(title + ":");
            lines.forEach(line -> out.println("  " + line));
        }
    }

    private Map<String, Object> document(Report before, Report after, Comparison comparison) {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("old", before.revision());
        root.put("new", after.revision());
        root.put("same_machine", before.machine().equals(after.machine()));
        root.put("threshold", threshold);
        root.put("compared", comparison.changes().size());
        root.put("regressions", comparison.with(Change.Verdict.REGRESSED));
        root.put("improvements", comparison.with(Change.Verdict.IMPROVED));
        root.put("missed_checks", comparison.missedChecks());
        root.put("missed_in_both", comparison.missedInBoth());
        root.put("same_command", before.command().equals(after.command()));
        root.put("regressed", isWorse(comparison));
        root.put("only_old", comparison.onlyOld());
        root.put("only_new", comparison.onlyNew());
        return root;
    }
}
