package io.dray.bench;

import io.dray.bench.messaging.MessagingSuite;
import io.dray.bench.messaging.OtherSystems;
import io.dray.bench.messaging.Timing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench run}: a suite of scenarios over Dray and, on request, over other systems, window by window in turn. */
@Command(
        name = "run",
        description = "Measures a suite of scenarios, each system in turn, and writes a report.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    static final String MESSAGING = "messaging";
    private static final String ALL = "all";

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--suite", description = "Which suite: messaging (default: ${DEFAULT-VALUE}).")
    private String suite = MESSAGING;

    @Option(names = "--quick", description = "A few scenarios with few contenders, in two to three minutes.")
    private boolean quick;

    @Option(
            names = "--against",
            split = ",",
            description = "Other systems: grpc, nats, nginx, haproxy; all means those that are installed.")
    private List<String> against = new ArrayList<>();

    @Option(names = "--scenario", split = ",", description = "Only these scenarios; see --list.")
    private List<String> scenarios = new ArrayList<>();

    @Option(names = "--list", description = "Names the scenarios and ends.")
    private boolean list;

    @Option(names = "--warm-up", description = "Seconds of load before the first window (default: ${DEFAULT-VALUE}).")
    private double warmUpSeconds = 8;

    @Option(names = "--seconds", description = "Length of one window (default: 3; quick: 2).")
    private @Nullable Double seconds;

    @Option(names = "--windows", description = "Windows of each system (default: ${DEFAULT-VALUE}).")
    private int windows = 3;

    @Option(names = "--set", description = "A setting of all sidecars, such as loops=2; may be repeated.")
    private List<String> settings = new ArrayList<>();

    @Option(names = "--json", description = "Where to write the report as JSON.")
    private @Nullable Path json;

    @Option(names = "--html", description = "Where to write the report as a page.")
    private @Nullable Path html;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (list) {
            MessagingSuite.list().forEach((name, what) -> System.out.printf("%-20s %s%n", name, what));
            return 0;
        }
        check("--suite", List.of(suite), Set.of(MESSAGING));
        check("--scenario", scenarios, MessagingSuite.list().keySet());
        Set<String> systems = systems();
        if (!SuiteRun.isPossible(against)) {
            return SuiteRun.NOT_INSTALLED;
        }
        double length = seconds != null ? seconds : quick ? 2 : 3;
        Timing timing = new Timing(warmUpSeconds, length, windows);
        MessagingSuite chosen = MessagingSuite.of(quick, new LinkedHashSet<>(scenarios), systems, timing)
                .withSidecars(settings);
        return new SuiteRun(json, html).run(chosen, command()).isGood() ? 0 : SuiteRun.FAILED;
    }

    /** Asked for by name they must be there; {@code all} means those that are. */
    private Set<String> systems() {
        List<String> words = new ArrayList<>(OtherSystems.WORDS);
        words.add(ALL);
        check("--against", against, new LinkedHashSet<>(words));
        if (!against.contains(ALL)) {
            return new LinkedHashSet<>(against);
        }
        Set<String> installed = new LinkedHashSet<>(OtherSystems.WORDS);
        installed.removeAll(OtherSystems.missing().keySet());
        return installed;
    }

    private void check(String option, List<String> words, Set<String> expected) {
        for (String word : words) {
            if (!expected.contains(word)) {
                throw new ParameterException(
                        commandLine(), option + ": " + word + " (expected: " + String.join(", ", expected) + ")");
            }
        }
    }

    private String command() {
        return "./dray bench " + String.join(" ", commandLine().getParseResult().originalArgs());
    }

    private CommandLine commandLine() {
        if (spec == null) {
            throw new IllegalStateException("picocli sets the spec before it calls");
        }
        return spec.commandLine();
    }
}
