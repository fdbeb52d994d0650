package io.dray.bench.report;

import io.dray.bench.report.Bars.Bar;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;

/** What Dray promises of its tasks: the bars and goals for two cores, with the store on a disk. */
final class TaskBars {
    static final String SUITE = "tasks";

    private static final String SQLITE = "dray";
    private static final String POSTGRES = "dray-postgres";
    private static final String LIFE = "life";
    private static final String SUBMIT = "submit-10k";
    private static final String RESTART = "restart-1m";
    private static final double MICROS_PER_SECOND = 1e6;
    private static final double MICROS_PER_MILLI = 1e3;
    private static final double NANOS_PER_MICRO = 1e3;

    private final List<Row> rows;
    private final List<Bar> bars = new ArrayList<>();

    private TaskBars(List<Row> rows) {
        this.rows = rows;
    }

    /** One for each bar that the report has rows for; of other suites none. */
    static List<Bar> of(Report report) {
        TaskBars bars = new TaskBars(report.rows().stream()
                .filter(row -> row.workload().suite().equals(SUITE))
                .toList());
        bars.addThroughput();
        bars.addLatency();
        bars.addRouter();
        return bars.bars;
    }

    private void addThroughput() {
        ours(LIFE, SQLITE).ifPresent(row -> least("40k/s", row, "life on SQLite: tasks per second", rate(row), 15_000));
        ours(LIFE, POSTGRES)
                .ifPresent(row -> least("30k/s", row, "life on PostgreSQL: tasks per second", rate(row), 10_000));
        ours(LIFE, POSTGRES).ifPresent(row -> {
            OptionalDouble theirs = rows.stream()
                    .filter(is(LIFE).and(other -> other.contender().system().startsWith("db-scheduler")))
                    .mapToDouble(TaskBars::rate)
                    .max();
            if (theirs.isPresent()) {
                least(
                        "8x",
                        row,
                        "life on PostgreSQL: throughput / that of db-scheduler, the faster of its ways",
                        rate(row) / theirs.getAsDouble(),
                        3);
            }
        });
    }

    private void addLatency() {
        ours(SUBMIT, SQLITE).ifPresent(row -> {
            most("400 us", row, "submit at 10k/s, SQLite: P50 us", p50(row), 1_000);
            most("2,000 us", row, "submit at 10k/s, SQLite: P99 us", p99(row), 5_000);
        });
        ours(SUBMIT, POSTGRES).ifPresent(row -> {
            most("1,000 us", row, "submit at 10k/s, PostgreSQL: P50 us", p50(row), 2_000);
            most("4,000 us", row, "submit at 10k/s, PostgreSQL: P99 us", p99(row), 10_000);
        });
        ours("idle-to-handler", SQLITE)
                .ifPresent(row -> most("2 ms", row, "idle mesh, submit to handler: P50 ms", millis(row), 5));
        ours("placement-10k", SQLITE)
                .ifPresent(row -> most(
                        "100 ns",
                        row,
                        "placement among 10,000 nodes: ns a decision",
                        p50(row) * NANOS_PER_MICRO,
                        1_000));
    }

    private void addRouter() {
        ours(RESTART, SQLITE)
                .ifPresent(row ->
                        most("2 s", row, "restart with 1M pending tasks: P50 s", p50(row) / MICROS_PER_SECOND, 5));
        ours("takeover", POSTGRES).ifPresent(row -> {
            most("1.5 s", row, "router lost to serving again, PostgreSQL: P50 s", p50(row) / MICROS_PER_SECOND, 3);
            most(
                    "0",
                    row,
                    "router lost: acknowledged tasks lost",
                    (double) row.figures().failures(),
                    0);
        });
        rows.stream()
                .filter(is(RESTART).or(is("fill-1m")))
                .max((one, other) -> Double.compare(routerMib(one), routerMib(other)))
                .ifPresent(row -> most("700 MB", row, "router's RSS with 1M pending tasks, MB", routerMib(row), 1_200));
    }

    private void least(String goal, Row row, String figure, double value, double bar) {
        bars.add(new Bar(goal, Bars.seen(row), Check.atLeast(figure, value, bar)));
    }

    private void most(String goal, Row row, String figure, double value, double bar) {
        bars.add(new Bar(goal, Bars.seen(row), Check.atMost(figure, value, bar)));
    }

    private Optional<Row> ours(String scenario, String system) {
        return rows.stream()
                .filter(is(scenario).and(row -> row.contender().system().equals(system)))
                .findFirst();
    }

    private static Predicate<Row> is(String scenario) {
        return row -> row.workload().scenario().equals(scenario);
    }

    private static double rate(Row row) {
        return row.figures().throughputPerS();
    }

    private static double p50(Row row) {
        return Bars.known(row.figures().p50Us());
    }

    private static double p99(Row row) {
        return Bars.known(row.figures().p99Us());
    }

    private static double millis(Row row) {
        return p50(row) / MICROS_PER_MILLI;
    }

    /** The greatest that any window saw. */
    private static double routerMib(Row row) {
        return row.windows().stream()
                .mapToDouble(window -> window.cost().rssMb().getOrDefault("router", 0.0))
                .max()
                .orElse(0);
    }
}
