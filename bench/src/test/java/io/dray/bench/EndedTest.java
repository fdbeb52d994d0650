package io.dray.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.bench.report.Check;
import io.dray.bench.report.Contender;
import io.dray.bench.report.Cost;
import io.dray.bench.report.Figures;
import io.dray.bench.report.Latency;
import io.dray.bench.report.Report;
import io.dray.bench.report.Row;
import io.dray.bench.report.Shape;
import io.dray.bench.report.WindowRow;
import io.dray.bench.report.Workload;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EndedTest {
    @Test
    void aFloodMayLoseSomeButNotAsMuchAsArrives() {
        assertThat(isGood(flood("dray", 1_000, 0))).isTrue();
        assertThat(isGood(flood("dray", 1_000, 30))).isTrue();
        assertThat(isGood(flood("dray", 1_000, 2_000))).isFalse();
        assertThat(isGood(flood("dray-virtual", 0, 0))).isFalse();
        assertThat(isGood(flood("nats", 0, 1_000))).isTrue();
    }

    @Test
    void aRequestMayNotFail() {
        assertThat(isGood(row(Shape.CLOSED, "dray", 1_000, 0))).isTrue();
        assertThat(isGood(row(Shape.CLOSED, "dray", 1_000, 1))).isFalse();
        assertThat(isGood(row(Shape.CLOSED, "grpc", 1_000, 1))).isTrue();
    }

    @Test
    void aBarMayNotBeMissed() {
        Row row = flood("dray", 1_000, 0);

        assertThat(isGood(row.with(List.of(Check.atMost("ratio", 1.2, 1.05))))).isFalse();
    }

    private static boolean isGood(Row row) {
        Report report = Report.of("0123abc", "./dray bench run", Instant.EPOCH, false, Map.of(), List.of(row));
        return new SuiteRun.Ended(report, 0).isGood();
    }

    private static Row flood(String system, double perSecond, long failures) {
        return row(Shape.FLOOD, system, perSecond, failures);
    }

    private static Row row(Shape shape, String system, double perSecond, long failures) {
        Workload workload = new Workload("messaging", "test", shape, 100, null, null);
        WindowRow window = WindowRow.of(
                1,
                Figures.of(perSecond, new Latency(1, 1, 1), failures),
                new Cost(1, Map.of(), Map.of(), null, null, null),
                0);
        return Row.of(workload, new Contender(system, "local", "uds"), List.of(window), List.of());
    }
}
