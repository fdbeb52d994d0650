package io.dray.bench;

import io.dray.bench.crash.CrashRun;
import io.dray.bench.mesh.Jvm;
import io.dray.bench.mesh.PostgresServer;
import io.dray.bench.mesh.RunFolder;
import io.dray.bench.report.CrashReport;
import io.dray.bench.report.OutputFile;
import io.dray.bench.report.ReportFile;
import io.dray.bench.report.Revision;
import io.dray.bench.report.TextTable;
import io.dray.bench.report.Verdict;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench crash}: kills and stops processes of a small mesh and counts what was lost or done twice. */
@Command(
        name = "crash",
        description = {
            "Kills agents, sidecars, routers and their database on this machine by SIGKILL, with --suite tasks also"
                    + " stops workers, sidecars and routers by SIGSTOP for 3 s and for 8 s, longer than a lease, and"
                    + " audits external ledgers for what was lost or done twice. Settling takes up to 4 min more than was"
                    + " asked for."
        },
        footer = {
            "",
            "Exit code: 0 every promise was kept, 1 one was broken, 2 wrong words, or a file that cannot be written, 3"
                    + " --store postgres and no PostgreSQL is installed.",
            "",
            "Examples:",
            "  ./dray bench crash --seconds 60",
            "  ./dray bench crash --suite tasks --store postgres --minutes 30 --json crash.json",
            "  ./dray bench crash --suite messages --seconds 20 --seed 1 --json crash.json"
        },
        mixinStandardHelpOptions = true)
final class CrashCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int NOT_INSTALLED = 3;
    private static final int SECONDS_PER_MINUTE = 60;
    private static final int DEFAULT_SECONDS = 60;
    private static final int MAX_MINUTES = 24 * 60;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--suite", description = "messages, tasks or all (default: all).")
    private CrashRun.Suite suite = CrashRun.Suite.ALL;

    @Option(
            names = "--store",
            description =
                    "sqlite: one router with a file; postgres: three routers over one PostgreSQL, which is killed too"
                            + " (default: sqlite).")
    private CrashRun.Store store = CrashRun.Store.SQLITE;

    @Option(names = "--seconds", description = "How long there are faults (default: " + DEFAULT_SECONDS + ").")
    private @Nullable Integer seconds;

    @Option(names = "--minutes", description = "The same in minutes.")
    private @Nullable Integer minutes;

    @Option(names = "--seed", description = "Seed of the script of faults (default: from the clock).")
    private long seed = System.currentTimeMillis();

    @Option(names = "--json", description = "Where to write the report as JSON.")
    private @Nullable Path json;

    private final PrintStream out = System.out;
    private final PrintStream progress = System.err;

    @Override
    public Integer call() throws IOException, InterruptedException {
        long length = length();
        if (json != null) {
            new OutputFile("--json", json).problem().ifPresent(this::refuse);
        }
        if (store == CrashRun.Store.POSTGRES && !PostgresServer.isInstalled()) {
            System.err.println("PostgreSQL is not installed; install it with: " + PostgresServer.INSTALL);
            return NOT_INSTALLED;
        }
        try (RunFolder folder = RunFolder.make("dray-crash-", () -> {})) {
            out.println("seed " + seed + ", ledgers and logs in " + folder.path() + ", removed when all goes well");
            try {
                CrashReport report = run(folder.path(), length);
                print(report);
                if (json != null) {
                    ReportFile.write(report, json);
                }
                if (report.passed()) {
                    return 0;
                }
                folder.keep();
            } catch (IOException | IllegalStateException failure) {
                folder.keep();
                System.err.println("the run broke off: " + failure.getMessage());
            }
            out.println("FAILED; seed " + seed + ", ledgers and logs are kept in " + folder.path());
            return FAILED;
        }
    }

    /** Returns for how many seconds there are faults. */
    private long length() {
        if (seconds != null && minutes != null) {
            refuse("--minutes: " + minutes + " beside --seconds (expected: one of them)");
        }
        if (seconds != null && (seconds < 1 || seconds > MAX_MINUTES * SECONDS_PER_MINUTE)) {
            refuse("--seconds: " + seconds + " (expected: at least 1, at most a day)");
        }
        if (minutes != null && (minutes < 1 || minutes > MAX_MINUTES)) {
            refuse("--minutes: " + minutes + " (expected: at least 1, at most a day)");
        }
        if (minutes != null) {
            return (long) minutes * SECONDS_PER_MINUTE;
        }
        return seconds != null ? seconds : DEFAULT_SECONDS;
    }

    private CrashReport run(Path folder, long length) throws IOException, InterruptedException {
        Instant started = Instant.now();
        String revision = Revision.of(Jvm.repository());
        try (CrashRun run = new CrashRun(suite, store, folder, progress)) {
            CrashRun.Outcome outcome = run.run(length, seed);
            return CrashReport.of(
                    revision,
                    "./dray bench "
                            + String.join(
                                    " ", spec.commandLine().getParseResult().originalArgs()),
                    started,
                    new CrashReport.Setting(
                            suite.name().toLowerCase(Locale.ROOT),
                            outcome.store(),
                            store.routers(),
                            (double) length / SECONDS_PER_MINUTE,
                            seed),
                    outcome.faults(),
                    outcome.verdicts());
        }
    }

    private void refuse(String line) {
        throw new ParameterException(spec.commandLine(), line);
    }

    private void print(CrashReport report) {
        out.println("store " + report.store() + ", routers " + report.routers() + ", faults: " + report.faults());
        TextTable table = new TextTable(1);
        table.add(List.of(
                "suite",
                "sent",
                "acknowledged",
                "settled",
                "refused",
                "lost",
                "duplicated",
                "late",
                "redelivered",
                "unsettled"));
        for (Verdict verdict : report.verdicts()) {
            List<String> cells = LongStream.of(
                            verdict.sent(),
                            verdict.acknowledged(),
                            verdict.settled(),
                            verdict.refused(),
                            verdict.lost(),
                            verdict.duplicated(),
                            verdict.late(),
                            verdict.redelivered(),
                            verdict.unsettled())
                    .mapToObj(Long::toString)
                    .toList();
            table.add(concat(verdict.suite(), cells));
        }
        table.print(out);
        report.verdicts().forEach(verdict -> verdict.examples().forEach(example -> out.println("  " + example)));
        if (report.passed()) {
            out.println("every promise was kept");
        }
    }

    private static List<String> concat(String first, List<String> others) {
        return Stream.concat(Stream.of(first), others.stream()).toList();
    }
}
