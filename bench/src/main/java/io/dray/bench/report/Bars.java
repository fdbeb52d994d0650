package io.dray.bench.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What Dray promises: the bars and goals for two cores, held against one report of the messaging suite or of tasks. A bar whose rows a report lacks, such as those of a peer that was not measured, is left out.
 */
public final class Bars {
    private static final String SUITE = "messaging";
    private static final String DRAY = "dray";
    private static final String LOCAL = "local";
    private static final String REMOTE = "remote";

    private final List<Row> rows;
    private final List<Bar> bars = new ArrayList<>();

    /**
     * One promise.
     *
     * @param goal what would be better still, in words
     * @param seen the figures of our row, in words
     * @param check the figure that the bar is for
     */
    public record Bar(String goal, String seen, Check check) {}

    private Bars(List<Row> rows) {
        this.rows = rows;
    }

    /**
     * Holds a report against the bars.
     *
     * @param report of any suite
     * @return one for each bar that the report has rows for; of other suites none
     */
    public static List<Bar> of(Report report) {
        Bars bars = new Bars(report.rows().stream()
                .filter(row -> row.workload().suite().equals(SUITE))
                .toList());
        bars.addLocal();
        bars.addRemote();
        bars.addProcess();
        bars.bars.addAll(TaskBars.of(report));
        return List.copyOf(bars.bars);
    }

    private void addLocal() {
        versusNats("request-reply", "525k/s, P99 250 us", Bars::throughput, Bound.AT_LEAST, 2);
        versusNats("request-reply-1", "P50 70 us, P99 120 us", Bars::p50, Bound.AT_MOST, 0.6);
        versusNats("round-trip-1k", "P50 0.5x, P99 1.0x NATS", Bars::p50, Bound.AT_MOST, 0.8);
        versusNats("flood-100b", "3.5M/s", Bars::throughput, Bound.AT_LEAST, 1.5);
        versusNats("flood-1kb", "850k/s", Bars::throughput, Bound.AT_LEAST, 2);
        absolute("one-way-100k", LOCAL, "P50 80 us, P99 1,000 us", "P50 us", Bars::p50, Bound.AT_MOST, 200);
        absolute("agents-50", LOCAL, "60k/s", "per second", Bars::throughput, Bound.AT_LEAST, 35_000);
        row("flood-100b", "dray-at-least-once", LOCAL)
                .ifPresent(ours -> row("flood-100b", DRAY, LOCAL)
                        .ifPresent(other -> bars.add(new Bar(
                                "0.8",
                                seen(ours),
                                Check.atLeast(
                                        "flood-100b: AT_LEAST_ONCE / AT_MOST_ONCE, throughput",
                                        throughput(ours) / throughput(other),
                                        0.6)))));
    }

    private void addRemote() {
        absolute("flood-100b", REMOTE, "1.2M/s", "per second", Bars::throughput, Bound.AT_LEAST, 600_000);
        absolute("flood-1kb", REMOTE, "400k/s", "per second", Bars::throughput, Bound.AT_LEAST, 200_000);
        absolute("one-way-1k", REMOTE, "P50 120 us", "P50 us", Bars::p50, Bound.AT_MOST, 250);
        absolute("one-way-1k", REMOTE, "P99 1,000 us", "P99 us", Bars::p99, Bound.AT_MOST, 5_000);
    }

    private void addProcess() {
        row("start", "dray-aot", LOCAL)
                .ifPresent(row -> bars.add(new Bar(
                        "250 ms",
                        seen(row),
                        Check.atMost("start to the first routed message with the AOT cache, us", p50(row), 400_000))));
        heaviest(row -> row.workload().scenario().equals("idle"))
                .ifPresent(mib ->
                        bars.add(new Bar("60 MB", "the heaviest", Check.atMost("sidecar's RSS, idle, MB", mib, 75))));
        heaviest(row -> !row.workload().scenario().equals("idle"))
                .ifPresent(mib -> bars.add(new Bar(
                        "110 MB", "the heaviest of all rows", Check.atMost("sidecar's RSS, loaded, MB", mib, 150))));
    }

    private void versusNats(String scenario, String goal, ToDoubleFunction<Row> figure, Bound bound, double bar) {
        row(scenario, DRAY, LOCAL)
                .ifPresent(ours -> rows.stream()
                        .filter(row -> is(row, scenario, "nats", LOCAL))
                        .findFirst()
                        .ifPresent(nats -> bars.add(new Bar(
                                goal,
                                seen(ours),
                                bound.check(
                                        scenario + ": " + (bound == Bound.AT_LEAST ? "throughput" : "P50")
                                                + " / that of NATS",
                                        figure.applyAsDouble(ours) / figure.applyAsDouble(nats),
                                        bar)))));
    }

    private void absolute(
            String scenario,
            String path,
            String goal,
            String unit,
            ToDoubleFunction<Row> figure,
            Bound bound,
            double bar) {
        row(scenario, DRAY, path)
                .ifPresent(row -> bars.add(new Bar(
                        goal,
                        seen(row),
                        bound.check(scenario + " " + path + ": " + unit, figure.applyAsDouble(row), bar))));
    }

    /** On which side of a bar a figure has to be. */
    private enum Bound {
        AT_LEAST,
        AT_MOST;

        Check check(String figure, double value, double bar) {
            return this == AT_LEAST ? Check.atLeast(figure, value, bar) : Check.atMost(figure, value, bar);
        }
    }

    private Optional<Row> row(String scenario, String system, String path) {
        return rows.stream()
                .filter(row -> is(row, scenario, system, path)
                        && row.contender().transport().equals("uds"))
                .findFirst();
    }

    private static boolean is(Row row, String scenario, String system, String path) {
        return row.workload().scenario().equals(scenario)
                && row.contender().system().equals(system)
                && row.contender().path().equals(path);
    }

    /** The greatest median of a sidecar in such rows. */
    private Optional<Double> heaviest(Predicate<Row> wanted) {
        return rows.stream()
                .filter(row -> row.contender().isDray() && wanted.test(row))
                .map(row -> row.cost().rssMb().entrySet().stream()
                        .filter(process -> process.getKey().startsWith("sidecar"))
                        .map(Map.Entry::getValue)
                        .toList())
                .flatMap(Collection::stream)
                .max(Double::compare);
    }

    private static double throughput(Row row) {
        return row.figures().throughputPerS();
    }

    private static double p50(Row row) {
        return known(row.figures().p50Us());
    }

    private static double p99(Row row) {
        return known(row.figures().p99Us());
    }

    /** A row without the figure misses its bar rather than hides it. */
    static double known(@Nullable Double figure) {
        return figure == null ? Double.NaN : figure;
    }

    /** The figures of a row, in words. */
    static String seen(Row row) {
        Figures figures = row.figures();
        String rate = row.workload().shape() == Shape.OPEN ? "" : Numbers.rate(figures.throughputPerS()) + "/s";
        String latency = figures.p50Us() == null
                ? ""
                : "P50 " + Numbers.plain(figures.p50Us()) + " us, P99 " + Numbers.plain(figures.p99Us()) + " us";
        return rate.isEmpty() || latency.isEmpty() ? rate + latency : rate + ", " + latency;
    }
}
