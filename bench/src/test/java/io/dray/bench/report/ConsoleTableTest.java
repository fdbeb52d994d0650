package io.dray.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsoleTableTest {
    @Test
    void showsMediansExtremesAndTheRatioToThePeer() {
        String table = print(Reports.of(
                Reports.row(Reports.REQUEST_REPLY, Reports.DRAY, 100_000, 200_000, 900_000),
                Reports.row(Reports.REQUEST_REPLY, Reports.NATS, 100_000)));

        assertThat(table)
                .containsPattern("request-reply +100 B +64 outstanding +dray +local +uds +200k +100k-900k +50.0 +150 ")
                .containsPattern("dray .* nats 2.00x P50 0.50x P99 0.50x")
                .containsPattern("nats +local +tcp");
    }

    @Test
    void setsTheLatencyOfAFloodUnderQueueing() {
        Row flood = Reports.row(Reports.ONE_WAY, Reports.DRAY, 100_000);

        assertThat(flood.figures().p50Us()).isNull();
        assertThat(print(Reports.of(flood))).containsPattern("flood +dray .* - +- +- +100/300 ");
    }

    @Test
    void marksNoisyRows() {
        Figures figures = Reports.figures(Reports.ONE_WAY, 1_000);
        Cost cost = Reports.cost(1, 60, null);
        Row row = Row.of(
                Reports.ONE_WAY,
                Reports.DRAY,
                List.of(Reports.window(figures, cost, 0.2), Reports.window(figures, cost, 0.21)),
                List.of());

        assertThat(row.noisy()).isTrue();
        assertThat(print(Reports.of(row))).contains("noisy 1/2");
    }

    @Test
    void namesSystemsThatAreNotInstalledWithTheCommandThatInstallsThem() {
        Report report = Reports.of(Reports.row(Reports.ONE_WAY, Reports.DRAY, 1));
        Report without = new Report(
                report.schema(),
                report.machine(),
                report.revision(),
                report.command(),
                report.started(),
                report.partial(),
                Map.of("nats", "apt-get install nats-server"),
                report.rows());

        assertThat(print(without))
                .contains("nats is not installed and was not measured; install it with: apt-get install");
    }

    private static String print(Report report) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ConsoleTable.print(report, new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
