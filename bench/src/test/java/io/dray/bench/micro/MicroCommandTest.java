package io.dray.bench.micro;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.bench.report.MicroReport;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine;

class MicroCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void everyBenchmarkRuns() throws Exception {
        var options = new OptionsBuilder()
                .include("io\\.dray\\..*")
                .forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(10))
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true)
                .build();

        Set<String> measured = new TreeSet<>();
        for (RunResult result : new Runner(options).run()) {
            MicroReport.Benchmark benchmark = MicroCommand.benchmark(result);
            assertThat(benchmark.nsPerOp()).isPositive();
            assertThat(benchmark.iterations()).singleElement().isEqualTo(benchmark.nsPerOp());
            assertThat(benchmark.errorNs()).isNull();
            measured.add(benchmark.name());
        }

        assertThat(measured).isEqualTo(MicroCommand.all());
    }

    @Test
    void listsTheCodecTheCompressorTheLanesTheCacheAndTheBalancer() {
        assertThat(run("--list")).isZero();

        assertThat(out.toString().lines())
                .contains(
                        "CodecBench.walkAnother",
                        "CodecBench.walkRepeated",
                        "FrameCompressorBench.compress",
                        "LaneQueueBench.offerAndPoll",
                        "AddressCacheBench.hit",
                        "PlacementBench.decide");
    }

    @Test
    void namesTheBenchmarksWhenNoneIsMeant() {
        assertThat(run("Nothing")).isEqualTo(2);

        assertThat(err.toString()).contains("names: [Nothing] (expected: a part of one of [AddressCacheBench.hit");
    }

    private int run(String... words) {
        return new CommandLine(new MicroCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(words);
    }
}
