package io.dray.bench.micro;

import io.dray.bench.report.OutputFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.format.ResultFormatType;
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
            "Measures parts of the hot path with JMH: the codec, the frame compressor, the lanes and the address cache.",
            "Nanoseconds and allocated bytes (gc.alloc.rate.norm) for one operation."
        },
        footer = {
            "",
            "Exit code: 0 measured, 1 a benchmark failed, 2 no benchmark has such a name.",
            "",
            "Examples:",
            "  ./dray bench micro --list",
            "  ./dray bench micro CodecBench.walk",
            "  ./dray bench micro --seconds 2 --forks 3 --json micro.json"
        },
        mixinStandardHelpOptions = true)
public final class MicroCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int NONE_SUCH = 2;
    private static final int WARM_UP_ITERATIONS = 3;
    private static final int ITERATIONS = 5;

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

    @Option(names = "--json", paramLabel = "FILE", description = "Where to write JMH's results as JSON.")
    private @Nullable Path json;

    @Override
    public Integer call() {
        check();
        if (list) {
            all().forEach(spec.commandLine().getOut()::println);
            spec.commandLine().getOut().flush();
            return 0;
        }
        try {
            new Runner(options()).run();
            return 0;
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
                .forEach(entry -> all.add(entry.getUsername().replaceFirst(".*\\.(\\w+\\.\\w+)$", "$1")));
        return all;
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
        if (json != null) {
            options.result(json.toString()).resultFormat(ResultFormatType.JSON);
        }
        return options.build();
    }

    private int say(String line, int code) {
        spec.commandLine().getErr().println(line);
        return code;
    }
}
