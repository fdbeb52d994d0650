package io.dray.bench.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.bench.report.Contender;
import io.dray.bench.report.Cost;
import io.dray.bench.report.Figures;
import io.dray.bench.report.Latency;
import io.dray.bench.report.WindowRow;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SnapshotTest {
    private static final long SECOND = 1_000_000_000;

    private final Snapshot before = snapshot(0, 10, 4, 3.0, 1_000, 5);

    @Test
    void foreignIsWhatTheMachineDidBesideTheBench() {
        Snapshot after = snapshot(2 * SECOND, 13, 6, 4.0, 1_000, 5);

        assertThat(after.foreignCoresSince(before)).isEqualTo(0.5);
    }

    @Test
    void ticksThatDisagreeAreNotNegativeForeignLoad() {
        Snapshot after = snapshot(2 * SECOND, 12, 6.01, 4.0, 1_000, 5);

        assertThat(after.foreignCoresSince(before)).isZero();
    }

    @Test
    void overAFifthOfACoreIsNoisy() {
        Snapshot quiet = snapshot(SECOND, 11.5, 5.3, 4.0, 1_000, 5);
        Snapshot loud = snapshot(SECOND, 11.5, 5.29, 4.0, 1_000, 5);

        assertThat(window(quiet.foreignCoresSince(before) - 1e-9).noisy()).isFalse();
        assertThat(window(loud.foreignCoresSince(before)).noisy()).isTrue();
    }

    @Test
    void costsAreDividedByTheMessages() {
        Snapshot after = snapshot(SECOND, 13, 6, 3.5, 7_000, 25);

        Cost cost = after.since(before, bed("nats", "local", "tcp"), 1_000);

        assertThat(cost.cpuUsPerMessage()).isEqualTo(500);
        assertThat(cost.cpuS()).containsEntry("source", 0.5);
        assertThat(cost.wireBytesPerMessage()).isEqualTo(6);
        assertThat(cost.gcPauseMs()).isEqualTo(20);
        assertThat(cost.loopStalls()).isNull();
    }

    @Test
    void unixSocketsPutNothingOnTheWire() {
        Snapshot after = snapshot(SECOND, 13, 6, 3.5, 7_000, 25);

        assertThat(after.since(before, bed("dray", "local", "uds"), 1_000).wireBytesPerMessage())
                .isZero();
    }

    private static Snapshot snapshot(
            long nanos, double machine, double own, double source, long loopbackBytes, long gcMillis) {
        return new Snapshot(nanos, machine, own, Map.of("source", source), Map.of(), Map.of(), loopbackBytes, gcMillis);
    }

    private static Bed bed(String system, String path, String transport) {
        Contender contender = new Contender(system, path, transport);
        return new Bed(Scenarios.named("request-reply"), contender, Path.of("."));
    }

    private static WindowRow window(double foreign) {
        Cost cost = new Cost(0, Map.of(), Map.of(), null, null, null);
        return WindowRow.of(1, Figures.of(1, new Latency(1, 1, 1), 0), cost, foreign);
    }
}
