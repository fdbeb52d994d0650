package io.dray.bench.report;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that one run of {@code bench micro} found out, in the shape that {@code bench/results/SCHEMA.md} describes.
 *
 * @param schema version of the shape
 * @param machine where it ran
 * @param revision the Git commit, with {@code -dirty} when the working tree differed from it
 * @param command the words that repeat the run
 * @param started when it began
 * @param benchmarks what was measured, by name
 */
public record MicroReport(
        int schema, Machine machine, String revision, String command, Instant started, List<Benchmark> benchmarks) {

    /** Copies the list. */
    public MicroReport {
        benchmarks = List.copyOf(benchmarks);
    }

    /**
     * Describes a run on this machine.
     *
     * @param revision the commit
     * @param command the words that repeat the run
     * @param started when it began
     * @param benchmarks what was measured
     * @return the report
     */
    public static MicroReport of(String revision, String command, Instant started, List<Benchmark> benchmarks) {
        return new MicroReport(
                Report.SCHEMA,
                Machine.current(),
                revision,
                command,
                started.truncatedTo(ChronoUnit.SECONDS),
                benchmarks);
    }

    /**
     * One benchmark with one choice of parameters.
     *
     * @param name class and method
     * @param parameters their values by name
     * @param nsPerOp mean time of one operation
     * @param errorNs half of its 99.9 % interval, as JMH says it; null with fewer than three iterations
     * @param bytesPerOp what one operation allocates in the heap; null when it was not measured
     * @param iterations mean time of an operation in each of them, over all JVMs
     */
    public record Benchmark(
            String name,
            Map<String, String> parameters,
            double nsPerOp,
            @Nullable Double errorNs,
            @Nullable Double bytesPerOp,
            List<Double> iterations) {

        /** Copies the collections. */
        public Benchmark {
            parameters = Ordered.copy(parameters);
            iterations = List.copyOf(iterations);
        }
    }
}
