package io.dray.bench.messaging;

import io.dray.bench.report.Row;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Scenarios that are measured in one run and make one report. */
public interface Suite {
    /**
     * What was measured.
     *
     * @param rows in the order measured
     * @param failures contenders that could not be measured
     */
    record Outcome(List<Row> rows, int failures) {
        /** Copies the list. */
        public Outcome {
            rows = List.copyOf(rows);
        }
    }

    /**
     * Measures everything that was chosen.
     *
     * @param folder an existing one, for sockets and logs
     * @param progress where people can follow
     * @param soFar hears all rows after each scenario
     * @return the rows
     * @throws IOException when a folder cannot be written
     * @throws InterruptedException when the thread was
     */
    Outcome run(Path folder, PrintStream progress, Consumer<List<Row>> soFar) throws IOException, InterruptedException;
}
