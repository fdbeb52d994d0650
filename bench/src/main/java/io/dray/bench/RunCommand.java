package io.dray.bench;

import io.dray.bench.messaging.MessagingSuite;
import io.dray.bench.messaging.OtherSystems;
import io.dray.bench.messaging.SettingsSuite;
import io.dray.bench.messaging.StepSuite;
import io.dray.bench.messaging.Suite;
import io.dray.bench.messaging.Timing;
import io.dray.bench.pressure.PressureSuite;
import io.dray.bench.tasks.TasksSuite;
import io.dray.bench.tasks.TasksSuite.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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
        description = {
            "Measures a suite of scenarios, each system in turn, and writes a report; its files after each scenario,"
                    + " so that a run that is ended early (Ctrl-C) leaves what it had measured."
        },
        footer = {
            "",
            "Exit code: 0 measured; 1 something could not be measured, Dray failed a request or a planned message or"
                    + " lost more of a flood than arrived, or a bar that a scenario names was missed; 2 wrong words, or a"
                    + " file that cannot be written; 3 a system that was asked for is not installed.",
            "",
            "Examples:",
            "  ./dray bench run --against nats,grpc --json new.json --html new.html",
            "                                                   all, about 45 min",
            "  ./dray bench run --quick                         about 3 min",
            "  ./dray bench run --scenario flood-1kb --against nats",
            "                                                   one: half a minute for each system and path",
            "  ./dray bench run --suite pressure --scenario flat --set loops=2",
            "  ./dray bench run --suite tasks --against db-scheduler,nats --json tasks.json",
            "                                                   about 12 min; --quick about 4 min"
        },
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    static final String MESSAGING = "messaging";
    private static final Set<String> SUITES =
            new TreeSet<>(Set.of(MESSAGING, PressureSuite.NAME, SettingsSuite.NAME, TasksSuite.NAME));
    private static final String ALL = "all";

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--suite",
            description = "Which suite: messaging, pressure, settings, tasks (default: ${DEFAULT-VALUE}).")
    private String suite = MESSAGING;

    @Option(names = "--quick", description = "A few scenarios with few of Dray's contenders and shorter windows.")
    private boolean quick;

    @Option(
            names = "--against",
            split = ",",
            description =
                    "Other systems: grpc, nats, nginx, haproxy; of tasks db-scheduler, nats; all means those that are"
                            + " installed.")
    private List<String> against = new ArrayList<>();

    @Option(names = "--scenario", split = ",", description = "Only these scenarios; see --list.")
    private List<String> scenarios = new ArrayList<>();

    @Option(names = "--list", description = "Names the scenarios and ends.")
    private boolean list;

    @Option(
            names = "--warm-up",
            description =
                    "Seconds of load before the first window (default: 8; settings: 3). Floods take twice that, and"
                            + " all go on, for up to twice that again, while their code is still being compiled.")
    private @Nullable Double warmUpSeconds;

    @Option(
            names = "--seconds",
            description = "Length of one window (default: 3; tasks: 5; quick, pressure: 2; settings: 1.5).")
    private @Nullable Double seconds;

    @Option(
            names = "--windows",
            description = "Windows of each system (default: 3; pressure: 20, quick 6; settings: 5, quick 2).")
    private @Nullable Integer windows;

    @Option(names = "--set", description = "A setting of all sidecars, such as loops=2; may be repeated.")
    private List<String> settings = new ArrayList<>();

    @Option(
            names = "--store",
            description = "Where tasks are kept: sqlite, postgres or both (default: both where PostgreSQL is installed,"
                    + " else sqlite).")
    private @Nullable String store;

    @Option(names = "--json", description = "Where to write the report as JSON.")
    private @Nullable Path json;

    @Option(names = "--html", description = "Where to write the report as a page.")
    private @Nullable Path html;

    @Override
    public Integer call() throws IOException, InterruptedException {
        check("--suite", List.of(suite), SUITES);
        Map<String, String> known = switch (suite) {
            case PressureSuite.NAME -> StepSuite.list(PressureSuite.steps());
            case SettingsSuite.NAME -> StepSuite.list(SettingsSuite.steps(quick));
            case TasksSuite.NAME -> TasksSuite.list(quick);
            default -> MessagingSuite.list();
        };
        if (list) {
            known.forEach((name, what) -> System.out.printf("%-20s %s%n", name, what));
            return 0;
        }
        check("--scenario", scenarios, known.keySet());
        SidecarSettings.problem(settings).ifPresent(this::refuse);
        Set<Store> stores = stores();
        Suite chosen = suite(systems(), stores);
        SuiteRun run = new SuiteRun(json, html, needed());
        run.problem().ifPresent(this::refuse);
        List<String> named = new ArrayList<>(against);
        if (store != null && stores.contains(Store.POSTGRES)) {
            named.add(OtherSystems.POSTGRESQL);
        }
        if (!run.isPossible(named)) {
            return SuiteRun.NOT_INSTALLED;
        }
        return run.run(chosen, command()).isGood() ? 0 : SuiteRun.FAILED;
    }

    private Suite suite(Set<String> systems, Set<Store> stores) {
        Set<String> names = new LinkedHashSet<>(scenarios);
        if (suite.equals(TasksSuite.NAME)) {
            Timing timing = quick ? timing(3, 2, 2) : timing(8, 5, 3);
            TasksSuite tasks = new TasksSuite(quick, names, systems, stores, timing, settings);
            systems.forEach(system -> sayLeftOut(system, tasks.without(system)));
            return tasks;
        }
        if (!suite.equals(MESSAGING)) {
            systems.forEach(system -> sayLeftOut(system, List.of("the suite " + suite)));
        }
        if (suite.equals(PressureSuite.NAME)) {
            // Pairs of windows: an interval of 95 % needs many.
            return new StepSuite(PressureSuite.steps(), names, timing(8, 2, quick ? 6 : 20), settings);
        }
        if (suite.equals(SettingsSuite.NAME)) {
            Timing timing = quick ? timing(1, 1, 2) : timing(3, 1.5, 5);
            return new StepSuite(SettingsSuite.steps(quick), names, timing, settings);
        }
        MessagingSuite messaging = MessagingSuite.of(quick, names, systems, timing(8, quick ? 2 : 3, 3))
                .withSidecars(settings);
        systems.forEach(system -> sayLeftOut(system, messaging.without(system)));
        return messaging;
    }

    /** Whoever asked for a system must not look for its rows in vain. */
    private void sayLeftOut(String system, List<String> names) {
        if (!names.isEmpty()) {
            commandLine().getErr().println("--against " + system + ": not measured under " + String.join(", ", names));
        }
    }

    private Timing timing(double defaultWarmUp, double defaultSeconds, int defaultWindows) {
        try {
            return new Timing(
                    warmUpSeconds != null ? warmUpSeconds : defaultWarmUp,
                    seconds != null ? seconds : defaultSeconds,
                    windows != null ? windows : defaultWindows);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(commandLine(), "--warm-up, --windows, --seconds: " + e.getMessage(), e);
        }
    }

    /** Asked for by name they must be there; {@code all} means those that are. */
    private Set<String> systems() {
        List<String> words = new ArrayList<>(words());
        words.add(ALL);
        check("--against", against, new LinkedHashSet<>(words));
        if (!against.contains(ALL)) {
            return new LinkedHashSet<>(against);
        }
        Set<String> installed = new LinkedHashSet<>(words());
        installed.removeAll(OtherSystems.missing(words()).keySet());
        return installed;
    }

    private List<String> words() {
        return suite.equals(TasksSuite.NAME) ? OtherSystems.TASK_WORDS : OtherSystems.WORDS;
    }

    /** The peers that there are, and the database of a suite that may use it. */
    private List<String> needed() {
        List<String> needed = new ArrayList<>(words());
        if (suite.equals(TasksSuite.NAME)) {
            needed.add(OtherSystems.POSTGRESQL);
        }
        return needed;
    }

    private Set<Store> stores() {
        String chosen = store;
        if (chosen == null) {
            return OtherSystems.missing(List.of(OtherSystems.POSTGRESQL)).isEmpty()
                    ? EnumSet.allOf(Store.class)
                    : EnumSet.of(Store.SQLITE);
        }
        if (!suite.equals(TasksSuite.NAME)) {
            refuse("--store: " + chosen + " (expected: only with --suite " + TasksSuite.NAME + ")");
        }
        return switch (chosen) {
            case "sqlite" -> EnumSet.of(Store.SQLITE);
            case "postgres" -> EnumSet.of(Store.POSTGRES);
            case "both" -> EnumSet.allOf(Store.class);
            default ->
                throw new ParameterException(
                        commandLine(), "--store: " + chosen + " (expected: sqlite, postgres, both)");
        };
    }

    private void check(String option, List<String> words, Set<String> expected) {
        for (String word : words) {
            if (!expected.contains(word)) {
                refuse(option + ": " + word + " (expected: " + String.join(", ", expected) + ")");
            }
        }
    }

    private void refuse(String line) {
        throw new ParameterException(commandLine(), line);
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
