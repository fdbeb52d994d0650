package io.dray.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TaskBarsTest {
    private static final Workload LIFE = new Workload("tasks", "life", Shape.CLOSED, 256, 2_048, null);
    private static final Workload TAKEOVER = new Workload("tasks", "takeover", Shape.CLOSED, 256, 1, null);
    private static final Contender SQLITE = new Contender("dray", "local", "tcp");
    private static final Contender POSTGRES = new Contender("dray-postgres", "local", "tcp");
    private static final Contender SINGLY = new Contender("db-scheduler", "local", "tcp");
    private static final Contender BATCHED = new Contender("db-scheduler-batch", "local", "tcp");

    @Test
    void eachStoreHasABarOfItsOwn() {
        List<Bars.Bar> bars =
                Bars.of(Reports.of(Reports.row(LIFE, SQLITE, 14_000), Reports.row(LIFE, POSTGRES, 11_000)));

        assertThat(bars).extracting(bar -> bar.check().met()).containsExactly(false, true);
        assertThat(bars).extracting(Bars.Bar::goal).containsExactly("40k/s", "30k/s");
    }

    @Test
    void theRatioIsToTheFasterWayOfThePeer() {
        Report report = Reports.of(
                Reports.row(LIFE, POSTGRES, 12_000),
                Reports.row(LIFE, SINGLY, 2_000),
                Reports.row(LIFE, BATCHED, 6_000));

        Check ratio = named(report, "db-scheduler");

        assertThat(ratio.value()).isEqualTo(2.0);
        assertThat(ratio.met()).isFalse();
    }

    @Test
    void oneLostTaskMissesTheBar() {
        Row row = Reports.row(TAKEOVER, POSTGRES, 5);
        Figures figures = row.figures();
        Row lossy = new Row(
                row.workload(),
                row.contender(),
                new Figures(
                        figures.throughputPerS(), figures.p50Us(), figures.p99Us(), figures.p999Us(), null, null, 1, 0),
                row.cost(),
                row.spread(),
                row.noisy(),
                row.trail());

        assertThat(named(Reports.of(row), "tasks lost").met()).isTrue();
        assertThat(named(Reports.of(lossy), "tasks lost").met()).isFalse();
        assertThat(named(Reports.of(row), "serving again").value()).isEqualTo(2.0);
    }

    @Test
    void theHeaviestRouterCounts() {
        Report report = Reports.of(weighing("fill-1m", 700), weighing("restart-1m", 1_300));

        Check memory = named(report, "RSS");

        assertThat(memory.value()).isEqualTo(1_300.0);
        assertThat(memory.met()).isFalse();
    }

    @Test
    void aSmallerStoreIsHeldAgainstNothing() {
        assertThat(Bars.of(Reports.of(weighing("restart-50k", 100)))).isEmpty();
    }

    private static Row weighing(String scenario, double routerMib) {
        Workload workload = new Workload("tasks", scenario, Shape.CLOSED, 256, 1, null);
        Cost cost = new Cost(1, Map.of(), Map.of("router", routerMib), null, null, null);
        return Row.of(workload, SQLITE, List.of(Reports.window(Reports.figures(workload, 1), cost, 0)), List.of());
    }

    private static Check named(Report report, String part) {
        return Bars.of(report).stream()
                .map(Bars.Bar::check)
                .filter(check -> check.figure().contains(part))
                .findFirst()
                .orElseThrow();
    }
}
