package io.dray.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BarsTest {
    private static final Workload FLOOD = new Workload("messaging", "flood-1kb", Shape.FLOOD, 1024, null, null);
    private static final Workload ROUND_TRIP = new Workload("messaging", "request-reply-1", Shape.CLOSED, 100, 1, null);

    @Test
    void aRatioIsHeldAgainstTheSameRunsNats() {
        Report met = Reports.of(Reports.row(FLOOD, Reports.DRAY, 900e3), Reports.row(FLOOD, Reports.NATS, 400e3));
        Report missed = Reports.of(Reports.row(FLOOD, Reports.DRAY, 790e3), Reports.row(FLOOD, Reports.NATS, 400e3));

        assertThat(named(met, "flood-1kb").check().met()).isTrue();
        assertThat(named(met, "flood-1kb").check().value()).isEqualTo(2.25);
        assertThat(named(missed, "flood-1kb").check().met()).isFalse();
    }

    @Test
    void latencyMustNotBeGreater() {
        // The latency of a made-up row is the inverse of its rate.
        Report missed =
                Reports.of(Reports.row(ROUND_TRIP, Reports.DRAY, 10e3), Reports.row(ROUND_TRIP, Reports.NATS, 8e3));

        assertThat(named(missed, "request-reply-1").check().value()).isEqualTo(0.8);
        assertThat(named(missed, "request-reply-1").check().met()).isFalse();
    }

    @Test
    void theHeaviestSidecarOfAnyRowCounts() {
        WindowRow heavy = Reports.window(
                Reports.figures(FLOOD, 1e6),
                new Cost(
                        1, Map.of(), Map.of("sidecar-a", 120.0, "sidecar-b", 151.0, "source", 300.0), null, null, null),
                0);
        Report report = Reports.of(Row.of(FLOOD, Reports.DRAY, List.of(heavy), List.of()));

        Check loaded = named(report, "loaded").check();
        assertThat(loaded.value()).isEqualTo(151.0);
        assertThat(loaded.met()).isFalse();
    }

    @Test
    void withoutThePeerThereIsNoBar() {
        Report alone = Reports.of(Reports.row(ROUND_TRIP, Reports.DRAY, 10e3));

        assertThat(Bars.of(alone)).extracting(bar -> bar.check().figure()).noneMatch(name -> name.contains("NATS"));
    }

    @Test
    void otherSuitesHaveNone() {
        Workload other = new Workload("settings", "flood-1kb", Shape.FLOOD, 1024, null, null);

        assertThat(Bars.of(Reports.of(Reports.row(other, Reports.DRAY, 1e3)))).isEmpty();
    }

    private static Bars.Bar named(Report report, String part) {
        return Bars.of(report).stream()
                .filter(bar -> bar.check().figure().contains(part))
                .findFirst()
                .orElseThrow();
    }
}
