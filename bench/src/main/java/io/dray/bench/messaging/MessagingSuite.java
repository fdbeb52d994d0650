package io.dray.bench.messaging;

import io.dray.bench.report.Check;
import io.dray.bench.report.Contender;
import io.dray.bench.report.PairedRatios;
import io.dray.bench.report.Row;
import io.dray.bench.report.WindowRow;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Runs scenarios one after the other and gathers their rows. Used by one thread. */
public final class MessagingSuite implements Suite {
    private static final int STARTS = 5;
    private static final double METERS_BAR = 1.05;

    /** Windows are this many times as many where two of ours are compared within a few percent. */
    private static final int PAIRED_TIMES = 5;

    private static final String START = "from the start of a sidecar to its first routed message";
    private static final String IDLE = "memory of a sidecar without agents";

    private final List<Scenario> scenarios;
    private final Set<String> names;
    private final Timing timing;
    private final Beds beds;
    private final WindowWatch watch;

    private MessagingSuite(List<Scenario> scenarios, Set<String> names, Timing timing, Beds beds, WindowWatch watch) {
        this.scenarios = scenarios;
        this.names = names;
        this.timing = timing;
        this.beds = beds;
        this.watch = watch;
    }

    /**
     * Returns all scenarios.
     *
     * @return what each is, by name
     */
    public static Map<String, String> list() {
        Map<String, String> list = new LinkedHashMap<>();
        Scenarios.full().forEach(scenario -> list.put(scenario.name(), scenario.what()));
        list.put(SidecarLife.START, START);
        list.put(SidecarLife.IDLE, IDLE);
        return list;
    }

    /**
     * Chooses what to measure.
     *
     * @param quick whether a few scenarios with few contenders are enough
     * @param names of scenarios; empty means all
     * @param against words of other systems
     * @param timing how long each is measured
     * @return the suite
     */
    public static MessagingSuite of(boolean quick, Set<String> names, Set<String> against, Timing timing) {
        List<Scenario> base = quick && names.isEmpty() ? Scenarios.quick() : Scenarios.full();
        List<Scenario> chosen = base.stream()
                .filter(scenario -> names.isEmpty() || names.contains(scenario.name()))
                .map(scenario -> quick ? Scenarios.quickOf(scenario) : scenario)
                .map(scenario -> scenario.with(scenario.contenders().stream()
                        .filter(contender -> isWanted(contender, against))
                        .toList()))
                .toList();
        Set<String> life = quick && names.isEmpty() ? Set.of(SidecarLife.IDLE) : names;
        return new MessagingSuite(chosen, life, timing, new Beds(List.of()), WindowWatch.NONE);
    }

    /**
     * Returns where another system is not measured although it was asked for.
     *
     * @param word of the system
     * @return names of scenarios under load, in their order
     */
    public List<String> without(String word) {
        return scenarios.stream()
                .filter(scenario -> scenario.contenders().stream()
                        .noneMatch(contender ->
                                OtherSystems.wordOf(contender.system()).equals(word)))
                .map(Scenario::name)
                .toList();
    }

    /**
     * Narrows it to some systems of ours.
     *
     * @param systems such as dray and dray-virtual; peers stay
     * @return the changed copy
     */
    public MessagingSuite onlyOurs(Set<String> systems) {
        List<Scenario> narrowed = scenarios.stream()
                .map(scenario -> scenario.with(scenario.contenders().stream()
                        .filter(contender -> !Scenarios.isOurs(contender)
                                || (systems.contains(contender.system())
                                        && contender.transport().equals("uds")
                                        && contender.path().equals("local")))
                        .toList()))
                .toList();
        return new MessagingSuite(narrowed, names, timing, beds, watch);
    }

    /**
     * Narrows it to one contender, whose windows are watched.
     *
     * @param contender who; where a scenario does not name it, nobody is measured
     * @param watching is told of each window
     * @return the changed copy
     */
    public MessagingSuite watched(Contender contender, WindowWatch watching) {
        List<Scenario> narrowed = scenarios.stream()
                .map(scenario -> scenario.with(
                        scenario.contenders().stream().filter(contender::equals).toList()))
                .toList();
        return new MessagingSuite(narrowed, names, timing, beds, watching);
    }

    /**
     * Returns who carries a scenario.
     *
     * @param scenario one of {@link #list}
     * @return ours and others; empty for those without load
     */
    public static List<Contender> contenders(String scenario) {
        return Scenarios.full().stream()
                .filter(candidate -> candidate.name().equals(scenario))
                .flatMap(candidate -> candidate.contenders().stream())
                .toList();
    }

    /**
     * Changes the configuration of our sidecars, to see what a setting buys.
     *
     * @param settings such as {@code loops=2}
     * @return the changed copy
     */
    public MessagingSuite withSidecars(List<String> settings) {
        return new MessagingSuite(scenarios, names, timing, new Beds(settings), watch);
    }

    @Override
    public Outcome run(Path folder, PrintStream progress, Consumer<List<Row>> soFar)
            throws IOException, InterruptedException {
        Progress told = new Progress(progress);
        List<Row> rows = new ArrayList<>();
        int number = 0;
        for (Scenario scenario : scenarios) {
            told.begin(scenario.name(), scenario.what(), ++number, scenarios.size());
            Path place = folder.resolve(scenario.name());
            Timing own = isPaired(scenario) ? timing.withWindows(PAIRED_TIMES * timing.windows()) : timing;
            rows.addAll(checked(new ScenarioRun(scenario, beds, own, place, told, watch).run()));
            soFar.accept(rows);
        }
        SidecarLife life = new SidecarLife(folder);
        if (names.isEmpty() || names.contains(SidecarLife.START)) {
            told.begin(SidecarLife.START, START, 1, 1);
            rows.addAll(life.start(STARTS));
            soFar.accept(rows);
        }
        if (names.isEmpty() || names.contains(SidecarLife.IDLE)) {
            told.begin(SidecarLife.IDLE, IDLE, 1, 1);
            rows.addAll(life.idle(timing.windows(), timing.windowSeconds()));
            soFar.accept(rows);
        }
        return new Outcome(rows, told.failures());
    }

    private static boolean isPaired(Scenario scenario) {
        return scenario.contenders().stream()
                .anyMatch(contender -> contender.system().equals(Beds.METERS_OFF));
    }

    /** Holds what the meters cost against the bar, where a system without them was measured beside. */
    private static List<Row> checked(List<Row> rows) {
        if (rows.size() != 2 || !rows.getLast().contender().system().equals(Beds.METERS_OFF)) {
            return rows;
        }
        PairedRatios cpu = new PairedRatios();
        List<WindowRow> on = rows.getFirst().windows();
        List<WindowRow> off = rows.getLast().windows();
        for (int i = 0; i < Math.min(on.size(), off.size()); i++) {
            cpu.add(on.get(i).cost().cpuUsPerMessage(), off.get(i).cost().cpuUsPerMessage());
        }
        Check check = cpu.atMost("CPU per message, meters on / off, median of pairs", METERS_BAR);
        return List.of(rows.getFirst().with(List.of(check)), rows.getLast());
    }

    private static boolean isWanted(Contender contender, Set<String> against) {
        return Scenarios.isOurs(contender) || against.contains(OtherSystems.wordOf(contender.system()));
    }
}
