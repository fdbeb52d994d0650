package io.dray.bench.messaging;

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
import java.util.function.Consumer;

/**
 * A suite of steps, each with rows of its own, one after the other. Used by one thread.
 *
 * @param steps all that the suite has, in order
 * @param names of the steps that are wanted; empty means all
 * @param timing how long each is measured
 * @param settings of all sidecars, such as {@code loops=2}
 */
public record StepSuite(List<Step> steps, Set<String> names, Timing timing, List<String> settings) implements Suite {
    private static final Contender DRAY = new Contender("dray", "local", "uds");

    /** Copies the collections. */
    public StepSuite {
        steps = List.copyOf(steps);
        names = Set.copyOf(names);
        settings = List.copyOf(settings);
    }

    /** How one step is measured. */
    public interface Measured {
        /**
         * Measures.
         *
         * @param folder for sockets and logs; not made yet
         * @param timing how long
         * @param told hears how it goes
         * @param settings of all sidecars
         * @return what was seen
         * @throws IOException when a process could not be started or heard
         * @throws InterruptedException when the run is to end
         */
        List<Row> run(Path folder, Timing timing, Progress told, List<String> settings)
                throws IOException, InterruptedException;
    }

    /**
     * One step.
     *
     * @param name as in reports
     * @param what in a few words, for people
     */
    public record Step(String name, String what, Measured measured) {}

    /**
     * Says what there is.
     *
     * @param steps of a suite
     * @return what each is, by name
     */
    public static Map<String, String> list(List<Step> steps) {
        Map<String, String> list = new LinkedHashMap<>();
        steps.forEach(step -> list.put(step.name(), step.what()));
        return list;
    }

    @Override
    public Outcome run(Path folder, PrintStream progress, Consumer<List<Row>> soFar)
            throws IOException, InterruptedException {
        Progress told = new Progress(progress);
        List<Row> rows = new ArrayList<>();
        List<Step> chosen = steps.stream()
                .filter(step -> names.isEmpty() || names.contains(step.name()))
                .toList();
        for (int i = 0; i < chosen.size(); i++) {
            Step step = chosen.get(i);
            told.begin(step.name(), step.what(), i + 1, chosen.size());
            try {
                rows.addAll(step.measured().run(folder.resolve(step.name()), timing, told, settings));
            } catch (IOException | RuntimeException e) {
                told.failed(DRAY, e);
            }
            soFar.accept(rows);
        }
        return new Outcome(rows, told.failures());
    }
}
