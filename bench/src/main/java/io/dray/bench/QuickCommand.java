package io.dray.bench;

import io.dray.bench.messaging.MessagingSuite;
import io.dray.bench.messaging.OtherSystems;
import io.dray.bench.messaging.Timing;
import io.dray.bench.report.Report;
import io.dray.bench.report.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench quick}: two scenarios of the messaging suite on one sidecar, and their ratio to NATS. */
@Command(
        name = "quick",
        description = {
            "Request-reply (64 outstanding) and one-way messages of 100 B on one sidecar, each system in turn: about 2"
                    + " min, 3 with NATS."
        },
        footer = {
            "",
            "Exit code: 0 measured; 1 something could not be measured, Dray failed a request, or the ratio is too low;"
                    + " 2 wrong words, or a file that cannot be written; 3 NATS was asked for and is not installed.",
            "",
            "Examples:",
            "  ./dray bench quick",
            "  ./dray bench quick --against nats --require-ratio 2.0 --json quick.json"
        },
        mixinStandardHelpOptions = true)
final class QuickCommand implements Callable<Integer> {
    private static final int WINDOWS = 3;
    private static final String REQUEST_REPLY = "request-reply";
    private static final String NATS = "nats";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--against", description = "Another system to measure in turn: nats.")
    private @Nullable String against;

    @Option(names = "--virtual-threads", description = "Measure Dray with handlers on virtual threads too.")
    private boolean virtualThreads;

    @Option(names = "--seconds", description = "Length of one window (default: ${DEFAULT-VALUE}).")
    private double seconds = 5;

    @Option(names = "--warm-up", description = "Seconds of load before the first window of each kind and system.")
    private double warmUpSeconds = 8;

    @Option(names = "--json", description = "Where to write the report as JSON.")
    private @Nullable Path json;

    @Option(names = "--require-ratio", description = "Exit 1 when Dray's request-reply rate is below this share.")
    private double requiredRatio;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (against != null && !against.equals(NATS)) {
            refuse("--against: " + against + " (expected: nats)");
        }
        if (requiredRatio > 0 && against == null) {
            refuse("--require-ratio: without --against nats (expected: both, since the ratio is to NATS)");
        }
        Set<String> peers = against == null ? Set.of() : Set.of(NATS);
        MessagingSuite suite = MessagingSuite.of(false, Set.of(REQUEST_REPLY, "flood-100b"), peers, timing())
                .onlyOurs(virtualThreads ? Set.of("dray", "dray-virtual") : Set.of("dray"));
        SuiteRun run = new SuiteRun(json, null, OtherSystems.WORDS);
        run.problem().ifPresent(this::refuse);
        if (!run.isPossible(List.copyOf(peers))) {
            return SuiteRun.NOT_INSTALLED;
        }
        SuiteRun.Ended ended = run.run(suite, "./dray bench quick");
        boolean slow = requiredRatio > 0 && !(ratio(ended.report()) >= requiredRatio);
        return ended.isGood() && !slow ? 0 : SuiteRun.FAILED;
    }

    private Timing timing() {
        try {
            return new Timing(warmUpSeconds, seconds, WINDOWS);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--warm-up, --seconds: " + e.getMessage(), e);
        }
    }

    private void refuse(String line) {
        throw new ParameterException(spec.commandLine(), line);
    }

    /** Returns Dray's median rate of requests divided by that of NATS; NaN when one was not measured. */
    private static double ratio(Report report) {
        return rate(report, "dray") / rate(report, NATS);
    }

    private static double rate(Report report, String system) {
        return report.rows().stream()
                .filter(row -> row.workload().scenario().equals(REQUEST_REPLY))
                .filter(row -> row.contender().system().equals(system))
                .mapToDouble(QuickCommand::rate)
                .findFirst()
                .orElse(Double.NaN);
    }

    private static double rate(Row row) {
        return row.figures().throughputPerS();
    }
}
