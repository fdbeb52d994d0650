package io.dray.bench;

import io.dray.bench.crash.CrashRun;
import io.dray.bench.crash.Verdict;
import io.dray.bench.report.OutputFile;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** {@code bench crash}: kills processes of a small mesh and counts what was lost or done twice. */
@Command(
        name = "crash",
        description = {
            "Kills agents, sidecars and the router of a small mesh of this machine, and audits external ledgers for what was"
                    + " lost or done twice. Settling takes up to 3 min more than --seconds."
        },
        footer = {
            "",
            "Exit code: 0 every promise was kept, 1 one was broken, 2 wrong words, or a file that cannot be written.",
            "",
            "Examples:",
            "  ./dray bench crash --seconds 60",
            "  ./dray bench crash --suite messages --seconds 20 --seed 1 --json crash.json"
        },
        mixinStandardHelpOptions = true)
final class CrashCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final String ROW = "%-10s %8s %12s %8s %8s %6s %11s %12s %10s%n";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--suite", description = "messages, tasks or all (default: all).")
    private CrashRun.Suite suite = CrashRun.Suite.ALL;

    @Option(names = "--seconds", description = "How long processes are killed (default: ${DEFAULT-VALUE}).")
    private int seconds = 60;

    @Option(names = "--seed", description = "Seed of the kill script (default: from the clock).")
    private long seed = System.currentTimeMillis();

    @Option(names = "--json", description = "Where to write the report as JSON.")
    private @Nullable Path json;

    private final PrintStream out = System.out;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (seconds < 1) {
            refuse("--seconds: " + seconds + " (expected: at least 1)");
        }
        if (json != null) {
            new OutputFile("--json", json).problem().ifPresent(this::refuse);
        }
        Path folder = Files.createTempDirectory("dray-crash-");
        out.println("seed " + seed + ", ledgers and logs in " + folder);
        try (CrashRun run = new CrashRun(suite, folder)) {
            CrashRun.Report report = run.run(seconds, seed);
            print(report);
            if (json != null) {
                new OutputFile("--json", json)
                        .write(JsonMapper.builder()
                                .enable(SerializationFeature.INDENT_OUTPUT)
                                .build()
                                .writeValueAsString(report));
            }
            return report.passed() ? 0 : FAILED;
        }
    }

    private void refuse(String line) {
        throw new ParameterException(spec.commandLine(), line);
    }

    private void print(CrashRun.Report report) {
        out.println("killed: " + report.kills());
        out.printf(
                ROW,
                "suite",
                "sent",
                "acknowledged",
                "settled",
                "refused",
                "lost",
                "duplicated",
                "redelivered",
                "unsettled");
        for (Verdict verdict : report.verdicts()) {
            out.printf(
                    ROW,
                    verdict.suite(),
                    verdict.sent(),
                    verdict.acknowledged(),
                    verdict.settled(),
                    verdict.refused(),
                    verdict.lost(),
                    verdict.duplicated(),
                    verdict.redelivered(),
                    verdict.unsettled());
            verdict.examples().forEach(example -> out.println("  " + example));
        }
        out.println(report.passed() ? "every promise was kept" : "FAILED");
    }
}
