package io.dray.bench.pressure;

import io.dray.bench.messaging.Progress;
import io.dray.bench.messaging.Suite;
import io.dray.bench.messaging.Timing;
import io.dray.bench.report.Contender;
import io.dray.bench.report.Row;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Slow, stopped and flooding neighbours, one scenario after the other. Used by one thread.
 *
 * @param names of scenarios; empty means all
 * @param timing of paired windows; other scenarios derive theirs from it
 * @param settings of all sidecars, such as {@code loops=2}
 */
public record PressureSuite(Set<String> names, Timing timing, List<String> settings) implements Suite {
    /** As in reports. */
    public static final String NAME = "pressure";

    private static final Contender DRAY = new Contender("dray", "local", "uds");

    /** Copies the collections. */
    public PressureSuite {
        names = Set.copyOf(names);
        settings = List.copyOf(settings);
    }

    /** How one scenario is measured. */
    private interface Measured {
        List<Row> run(Path folder, Timing timing, Progress told, List<String> settings)
                throws IOException, InterruptedException;
    }

    private record Step(String what, Measured measured) {}

    /**
     * Returns all scenarios.
     *
     * @return what each is, by name
     */
    public static Map<String, String> list() {
        Map<String, String> list = new LinkedHashMap<>();
        steps().forEach((name, step) -> list.put(name, step.what()));
        return list;
    }

    @Override
    public Outcome run(Path folder, PrintStream progress) throws IOException, InterruptedException {
        Progress told = new Progress(progress);
        List<Row> rows = new ArrayList<>();
        int number = 0;
        int of = names.isEmpty() ? steps().size() : names.size();
        for (var step : steps().entrySet()) {
            if (!names.isEmpty() && !names.contains(step.getKey())) {
                continue;
            }
            told.begin(step.getKey(), step.getValue().what(), ++number, of);
            try {
                rows.addAll(step.getValue().measured().run(folder.resolve(step.getKey()), timing, told, settings));
            } catch (IOException | RuntimeException e) {
                told.failed(DRAY, e);
            }
        }
        return new Outcome(rows, told.failures());
    }

    private static Map<String, Step> steps() {
        Map<String, Step> steps = new LinkedHashMap<>();
        steps.put(Isolation.CONSUMERS, new Step(Isolation.CONSUMERS_WHAT, Isolation::besideSlowConsumers));
        steps.put(Isolation.LINK, new Step(Isolation.LINK_WHAT, Isolation::besideSlowLink));
        steps.put(Lanes.NAME, new Step(Lanes.WHAT, Lanes::run));
        steps.put(Flat.NAME, new Step(Flat.WHAT, Flat::run));
        steps.put(Churn.NAME, new Step(Churn.WHAT, Churn::run));
        return steps;
    }
}
