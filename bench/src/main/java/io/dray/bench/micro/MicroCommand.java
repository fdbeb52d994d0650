package io.dray.bench.micro;

import io.dray.bench.report.MicroReport;
import io.dray.bench.report.OutputFile;
import io.dray.bench.report.ReportFile;
import io.dray.bench.report.Revision;
import io.dray.bench.report.SourceTree;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench micro}: JMH over the parts of the hot path, in forked JVMs with the sidecar's flags. */
@Command(
        name = "micro",
        description = {
            "Measures parts of the hot path with JMH: the codec, the frame compressor, the lanes, the address cache"
                    + " and the router's balancer.",
            "Nanoseconds and allocated bytes (gc.alloc.rate.norm) for one operation."
        },
        footer = {
            "",
            "Exit code: 0 measured, 1 a benchmark failed, 2 no benchmark has such a name.",
            "",
            "Examples:",
            "  ./dray bench micro --list",
            "  ./dray bench micro CodecBench.walk",
            "  ./dray bench micro --seconds 2 --forks 3 --json bench/results/micro/DATE.json"
        },
        mixinStandardHelpOptions = true)
public final class MicroCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int NONE_SUCH = 2;
    private static final int WARM_UP_ITERATIONS = 3;
    private static final int ITERATIONS = 5;
    private static final double MILLIS_PER_SECOND = 1e3;
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(arity = "0..*", paramLabel = "NAME", description = "Regular expressions of names (default: all).")
    private List<String> names = List.of();

    @Option(names = "--list", description = "List the benchmarks and measure nothing.")
    private boolean list;

    @Option(names = "--seconds", description = "Length of one iteration (default: ${DEFAULT-VALUE}).")
    private int seconds = 1;

    @Option(names = "--forks", description = "How many JVMs measure each benchmark (default: ${DEFAULT-VALUE}).")
    private int forks = 1;

    @Option(names = "--json", paramLabel = "FILE", description = "Where to write the results as JSON.")
    private @Nullable Path json;

    @Override
    public Integer call() {
        check();
        if (list) {
            all().forEach(spec.commandLine().getOut()::println);
            spec.commandLine().getOut().flush();
            return 0;
        }
        Instant started = Instant.now();
        try {
            Collection<RunResult> results = new Runner(options()).run();
            return json == null ? 0 : write(results, started, json);
        } catch (NoBenchmarksException _) {
            return say("names: " + names + " (expected: a part of one of " + all() + ")", NONE_SUCH);
        } catch (RunnerException e) {
            return say("A benchmark failed: " + e.getMessage(), FAILED);
        }
    }

    /** The names of all benchmarks, by class and method. */
    static Set<String> all() {
        Set<String> all = new TreeSet<>();
        BenchmarkList.defaultList()
                .find(
                        OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT),
                        List.of("io.dray."),
                        List.of())
                .forEach(entry -> all.add(shortName(entry.getUsername())));
        return all;
    }

    /**
     * Measures one benchmark in a JVM of its own, for a report of a suite.
     *
     * @param name class and method
     * @param parameters their values by name
     * @param iterations how many are measured
     * @param seconds length of each
     * @return what was seen
     */
    public static MicroReport.Benchmark measure(
            String name, Map<String, String> parameters, int iterations, double seconds) {
        TimeValue time = TimeValue.milliseconds((long) (seconds * MILLIS_PER_SECOND));
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(Pattern.quote("." + name) + "$")
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS)
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true)
                .forks(1)
                .warmupIterations(WARM_UP_ITERATIONS)
                .warmupTime(time)
                .measurementIterations(iterations)
                .measurementTime(time);
        parameters.forEach(options::param);
        try {
            return benchmark(new Runner(options.build()).runSingle());
        } catch (RunnerException e) {
            throw new IllegalStateException(name + " failed: " + e.getMessage(), e);
        }
    }

    private void check() {
        atLeastOne("--seconds", seconds);
        atLeastOne("--forks", forks);
        for (String name : names) {
            try {
                var _ = Pattern.compile(name);
            } catch (PatternSyntaxException _) {
                refuse("NAME: " + name + " (expected: a regular expression, for example a part of a name of --list)");
            }
        }
        if (json != null) {
            new OutputFile("--json", json).problem().ifPresent(this::refuse);
        }
    }

    private void atLeastOne(String option, int value) {
        if (value < 1) {
            refuse(option + ": " + value + " (expected: at least 1)");
        }
    }

    private void refuse(String line) {
        throw new ParameterException(spec.commandLine(), line);
    }

    private Options options() {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS)
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .forks(forks)
                .warmupIterations(WARM_UP_ITERATIONS)
                .warmupTime(TimeValue.seconds(seconds))
                .measurementIterations(ITERATIONS)
                .measurementTime(TimeValue.seconds(seconds));
        names.forEach(options::include);
        return options.build();
    }

    private int write(Collection<RunResult> results, Instant started, Path file) {
        List<MicroReport.Benchmark> benchmarks =
                results.stream().map(MicroCommand::benchmark).toList();
        try {
            ReportFile.write(MicroReport.of(Revision.of(SourceTree.root()), command(), started, benchmarks), file);
            return 0;
        } catch (IOException e) {
            return say("--json: " + file + " cannot be written: " + e, FAILED);
        }
    }

    private String command() {
        return String.join(
                " ",
                Stream.concat(
                                Stream.of("./dray bench micro"),
                                spec.commandLine().getParseResult().originalArgs().stream())
                        .toList());
    }

    /** What JMH found out about one benchmark, in the shape of reports. */
    static MicroReport.Benchmark benchmark(RunResult result) {
        Map<String, String> parameters = new TreeMap<>();
        BenchmarkParams params = result.getParams();
        params.getParamsKeys().forEach(key -> parameters.put(key, params.getParam(key)));
        Result<?> time = result.getPrimaryResult();
        @Nullable Result<?> allocated = result.getSecondaryResults().get(ALLOCATED);
        List<Double> iterations = result.getBenchmarkResults().stream()
                .flatMap(fork -> fork.getIterationResults().stream())
                .map(iteration -> iteration.getPrimaryResult().getScore())
                .toList();
        return new MicroReport.Benchmark(
                shortName(params.getBenchmark()),
                parameters,
                time.getScore(),
                finite(time.getScoreError()),
                allocated == null ? null : finite(allocated.getScore()),
                iterations);
    }

    private static @Nullable Double finite(double figure) {
        return Double.isFinite(figure) ? figure : null;
    }

    private static String shortName(String name) {
        return name.replaceFirst(".*\\.(\\w+\\.\\w+)$", "$1");
    }

    private int say(String line, int code) {
        spec.commandLine().getErr().println(line);
        return code;
    }
}
