package io.dray.bench.tasks;

import io.dray.bench.load.Work;
import io.dray.bench.messaging.Scenario;
import io.dray.bench.messaging.ScenarioRun;
import io.dray.bench.messaging.StepSuite;
import io.dray.bench.messaging.StepSuite.Step;
import io.dray.bench.messaging.Suite;
import io.dray.bench.messaging.Timing;
import io.dray.bench.report.Contender;
import io.dray.bench.report.Row;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Durable tasks, on SQLite and on PostgreSQL, beside other systems in the same run. Used by one thread.
 *
 * @param quick whether a small store and few repetitions are enough
 * @param names of the scenarios that are wanted; empty means all
 * @param against words of other systems
 * @param stores where tasks of ours are kept
 * @param timing how long each is measured
 * @param settings of all sidecars, such as {@code loops=2}
 */
public record TasksSuite(
        boolean quick, Set<String> names, Set<String> against, Set<Store> stores, Timing timing, List<String> settings)
        implements Suite {
    /** As in reports. */
    public static final String NAME = "tasks";

    private static final int PAYLOAD_BYTES = 256;
    private static final int OUTSTANDING = 2_048;
    private static final long SUBMISSIONS_PER_S = 10_000;
    private static final long IDLE_PER_S = 50;
    private static final int PENDING = 1_000_000;
    private static final int PENDING_QUICK = 50_000;
    private static final int TAKEOVERS = 3;
    private static final String DB_SCHEDULER = "db-scheduler";
    private static final String NATS = "nats";

    /** Where tasks are kept. */
    public enum Store {
        /** In a file of the router. */
        SQLITE,
        /** In a database that routers share. */
        POSTGRES
    }

    /** Copies the collections. */
    public TasksSuite {
        names = Set.copyOf(names);
        against = Set.copyOf(against);
        stores = Set.copyOf(stores);
        settings = List.copyOf(settings);
    }

    /** A scenario under load: who carries it. */
    private record Loaded(String name, String what, Work work, List<Contender> contenders) {}

    /**
     * Says what there is.
     *
     * @param quick as above
     * @return what each scenario is, by name
     */
    public static Map<String, String> list(boolean quick) {
        Timing any = new Timing(0, 1, 1);
        Set<String> all = Set.of(DB_SCHEDULER, NATS);
        TasksSuite suite = new TasksSuite(quick, Set.of(), all, EnumSet.allOf(Store.class), any, List.of());
        return StepSuite.list(suite.steps(new TaskBeds(null, List.of())));
    }

    /**
     * Returns where another system is not measured although it was asked for.
     *
     * @param word of the system
     * @return names of scenarios, in their order
     */
    public List<String> without(String word) {
        List<Loaded> measured = loaded().stream()
                .filter(scenario -> scenario.contenders().stream()
                        .anyMatch(contender -> wordOf(contender).equals(word)))
                .toList();
        return list(quick).keySet().stream()
                .filter(name -> names.isEmpty() || names.contains(name))
                .filter(name ->
                        measured.stream().noneMatch(scenario -> scenario.name().equals(name)))
                .toList();
    }

    @Override
    public Outcome run(Path folder, PrintStream progress, Consumer<List<Row>> soFar)
            throws IOException, InterruptedException {
        try (Postgres postgres = needsPostgres() ? Postgres.start(folder) : null) {
            List<Step> steps = steps(new TaskBeds(postgres, settings));
            return new StepSuite(steps, names, timing, settings).run(folder, progress, soFar);
        }
    }

    private boolean needsPostgres() {
        return stores.contains(Store.POSTGRES) || against.contains(DB_SCHEDULER);
    }

    private List<Step> steps(TaskBeds beds) {
        List<Step> steps = new ArrayList<>();
        for (Loaded loaded : loaded()) {
            Scenario scenario = new Scenario(loaded.name(), loaded.what(), loaded.work(), 1, loaded.contenders());
            steps.add(new Step(
                    loaded.name(),
                    loaded.what(),
                    (folder, time, told, _) -> new ScenarioRun(scenario, beds, time, folder, told, NAME).run()));
        }
        if (stores.contains(Store.SQLITE)) {
            Restart restart = new Restart(quick ? PENDING_QUICK : PENDING, PAYLOAD_BYTES);
            steps.add(new Step(
                    restart.name(), restart.what(), (folder, time, told, _) -> restart.run(folder, time, told)));
        }
        if (stores.contains(Store.POSTGRES)) {
            Takeover takeover = new Takeover(beds, quick ? 1 : TAKEOVERS, PAYLOAD_BYTES);
            steps.add(new Step(Takeover.NAME, Takeover.WHAT, (folder, _, told, _) -> takeover.run(folder, told)));
        }
        steps.add(new Step(
                PlacementDecision.NAME,
                PlacementDecision.WHAT,
                (_, time, told, _) -> PlacementDecision.run(time, told)));
        return steps;
    }

    private List<Loaded> loaded() {
        return List.of(
                new Loaded(
                        "life",
                        "submitted, assigned, done, each step stored; 2,048 under way",
                        Work.closed(PAYLOAD_BYTES, OUTSTANDING),
                        contenders(
                                TaskBeds.SQLITE,
                                TaskBeds.POSTGRES,
                                TaskBeds.DB_SCHEDULER,
                                TaskBeds.DB_SCHEDULER_BATCH,
                                TaskBeds.NATS)),
                new Loaded(
                        "submit-10k",
                        "10,000 submissions/s planned, until each is stored, while workers do the tasks",
                        Work.requests(PAYLOAD_BYTES, SUBMISSIONS_PER_S),
                        contenders(TaskBeds.SQLITE, TaskBeds.POSTGRES, TaskBeds.NATS)),
                new Loaded(
                        "idle-to-handler",
                        "50 submissions/s planned, until the handler runs",
                        Work.messages(PAYLOAD_BYTES, IDLE_PER_S),
                        contenders(TaskBeds.SQLITE, TaskBeds.POSTGRES)));
    }

    private List<Contender> contenders(Contender... all) {
        return List.of(all).stream().filter(this::isWanted).toList();
    }

    private boolean isWanted(Contender contender) {
        if (contender.equals(TaskBeds.SQLITE)) {
            return stores.contains(Store.SQLITE);
        }
        if (contender.equals(TaskBeds.POSTGRES)) {
            return stores.contains(Store.POSTGRES);
        }
        return against.contains(wordOf(contender));
    }

    private static String wordOf(Contender contender) {
        return contender.system().startsWith(DB_SCHEDULER) ? DB_SCHEDULER : contender.system();
    }
}
