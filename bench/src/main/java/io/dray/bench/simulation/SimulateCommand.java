package io.dray.bench.simulation;

import io.dray.bench.report.Check;
import io.dray.bench.report.OutputFile;
import io.dray.bench.report.ReportFile;
import io.dray.bench.report.Revision;
import io.dray.bench.report.SimulationReport;
import io.dray.bench.report.SimulationReport.Simulated;
import io.dray.bench.report.SimulationTable;
import io.dray.bench.report.SourceTree;
import io.dray.cli.output.Console;
import io.dray.cli.output.ProgressBar;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench simulate}: the router's scheduler on virtual time, beside others that see the same tasks. */
@Command(
        name = "simulate",
        description = {
            "Runs the router's own dispatcher on virtual time: uneven nodes, heavy-tailed tasks, reports that are up to"
                    + " 1 s old. Tells how much slower tasks were than on an idle node of speed 1, and what a"
                    + " decision took."
        },
        footer = {
            "",
            "Exit code: 0 simulated, 1 a bar was missed (mean slowdown at 100 and 1,000 nodes, 85 %%: at most 1.1),",
            "2 wrong words, or a file that cannot be written.",
            "",
            "Examples:",
            "  ./dray bench simulate --quick                     about half a minute",
            "  ./dray bench simulate --nodes 100 --load 85 --against all",
            "  ./dray bench simulate --nodes 10,100,1000 --outside 20 --against power-of-two",
            "  ./dray bench simulate --against all --json bench/results/simulation/DATE.json"
        },
        mixinStandardHelpOptions = true)
public final class SimulateCommand implements Callable<Integer> {
    private static final int MISSED = 1;
    private static final int LEAST_NODES = 10;
    private static final int MOST_NODES = 20_000;
    private static final int MOST_LOAD = 99;
    private static final int MOST_OUTSIDE = 100;
    private static final long LEAST_TASKS = 1_000;
    private static final long MOST_TASKS = 100_000_000;
    private static final long QUICK_TASKS = 100_000;
    private static final String ALL = "all";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--nodes",
            split = ",",
            description = "Sizes of the mesh (default: 10,100,1000,10000; quick: 10,100).")
    private List<Integer> nodes = new ArrayList<>();

    @Option(names = "--load", split = ",", description = "Percent of the capacity (default: 70,85,95; quick: 85,95).")
    private List<Integer> loads = new ArrayList<>();

    @Option(
            names = "--outside",
            split = ",",
            description = "Percent of the nodes that others use too, which only reports show (default: 0).")
    private List<Integer> outside = new ArrayList<>();

    @Option(
            names = "--against",
            split = ",",
            description = "Other schedulers: random, round-robin, least-loaded (by report), power-of-two (with what is"
                    + " in flight), all.")
    private List<String> against = new ArrayList<>();

    @Option(names = "--tasks", description = "Tasks of each case (default: by the nodes, 93,000 to 4,000,000).")
    private @Nullable Long tasks;

    @Option(names = "--seed", description = "Of nodes, tasks and schedulers (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(names = "--quick", description = "Fewer and smaller cases.")
    private boolean quick;

    @Option(names = "--json", paramLabel = "FILE", description = "Where to write the report as JSON.")
    private @Nullable Path json;

    /** A case and who runs it. */
    private record Planned(Case of, SchedulerKind kind) {
        String name() {
            String shared = of.outsidePercent() == 0 ? "" : ", " + of.outsidePercent() + " % outside";
            return String.format(
                    Locale.ROOT, "%,d nodes, %d %%%s: %s", of.nodes(), of.loadPercent(), shared, kind.word());
        }
    }

    @Override
    public Integer call() throws IOException {
        List<Planned> planned = plan();
        if (json != null) {
            new OutputFile("--json", json).problem().ifPresent(this::refuse);
        }
        Instant started = Instant.now();
        String revision = Revision.of(SourceTree.root());
        List<Simulated> simulated = new ArrayList<>();
        ProgressBar bar = new ProgressBar(Console.ofThisProcess());
        for (Planned next : planned) {
            String what = "[" + (simulated.size() + 1) + "/" + planned.size() + "] " + next.name();
            Outcome outcome = new Simulation(next.of(), next.kind())
                    .run(done -> bar.show(what, done, next.of().tasks()));
            bar.end();
            simulated.add(row(next, outcome));
            boolean isPartial = simulated.size() < planned.size();
            save(SimulationReport.of(revision, command(), started, isPartial, seed, simulated));
        }
        SimulationTable.print(SimulationReport.of(revision, command(), started, false, seed, simulated), System.out);
        boolean isMet =
                simulated.stream().flatMap(each -> each.checks().stream()).allMatch(Check::met);
        return isMet ? 0 : MISSED;
    }

    private List<Planned> plan() {
        within("--nodes", nodes, LEAST_NODES, MOST_NODES);
        within("--load", loads, 1, MOST_LOAD);
        within("--outside", outside, 0, MOST_OUTSIDE);
        if (tasks != null && (tasks < LEAST_TASKS || tasks > MOST_TASKS)) {
            refuse(String.format(Locale.ROOT, "--tasks: %d (expected: %,d to %,d)", tasks, LEAST_TASKS, MOST_TASKS));
        }
        Set<SchedulerKind> kinds = kinds();
        List<Planned> planned = new ArrayList<>();
        for (int size : or(nodes, quick ? List.of(10, 100) : List.of(10, 100, 1_000, 10_000))) {
            for (int load : or(loads, quick ? List.of(85, 95) : List.of(70, 85, 95))) {
                for (int shared : or(outside, List.of(0))) {
                    Case of = new Case(size, load, shared, tasks(size), seed);
                    kinds.forEach(kind -> planned.add(new Planned(of, kind)));
                }
            }
        }
        return planned;
    }

    private long tasks(int size) {
        if (tasks != null) {
            return tasks;
        }
        return quick ? Math.min(QUICK_TASKS, Case.usualTasks(size)) : Case.usualTasks(size);
    }

    private static List<Integer> or(List<Integer> given, List<Integer> usual) {
        return given.isEmpty() ? usual : given;
    }

    private void within(String option, List<Integer> values, int least, int most) {
        for (int value : values) {
            if (value < least || value > most) {
                refuse(String.format(Locale.ROOT, "%s: %d (expected: %,d to %,d)", option, value, least, most));
            }
        }
    }

    private Set<SchedulerKind> kinds() {
        List<String> peers = Arrays.stream(SchedulerKind.values())
                .filter(kind -> kind != SchedulerKind.DRAY)
                .map(SchedulerKind::word)
                .toList();
        Set<SchedulerKind> kinds = EnumSet.of(SchedulerKind.DRAY);
        for (String word : against) {
            if (word.equals(ALL)) {
                kinds.addAll(EnumSet.allOf(SchedulerKind.class));
            } else if (peers.contains(word)) {
                kinds.add(SchedulerKind.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_')));
            } else {
                refuse("--against: " + word + " (expected: "
                        + peers.stream().collect(Collectors.joining(", ", "", ", " + ALL)) + ")");
            }
        }
        return kinds;
    }

    private void refuse(String line) {
        throw new ParameterException(spec.commandLine(), line);
    }

    private static Simulated row(Planned planned, Outcome outcome) {
        Case of = planned.of();
        return new Simulated(
                        of.nodes(),
                        of.loadPercent(),
                        of.outsidePercent(),
                        planned.kind().word(),
                        of.tasks(),
                        outcome.slowdown().tasks(),
                        outcome.slowdown().mean(),
                        outcome.slowdown().median(),
                        outcome.slowdown().p99(),
                        outcome.utilisation(),
                        outcome.rejected(),
                        outcome.overcommits(),
                        outcome.decisions().count(),
                        outcome.decisions().meanNanos(),
                        outcome.decisions().medianNanos(),
                        outcome.virtualSeconds(),
                        outcome.realSeconds(),
                        List.of())
                .judged();
    }

    /** After each case: one who ends the run early keeps the rest. */
    private void save(SimulationReport report) throws IOException {
        if (json != null) {
            ReportFile.write(report, json);
        }
    }

    private String command() {
        return "./dray bench "
                + String.join(" ", spec.commandLine().getParseResult().originalArgs());
    }
}
