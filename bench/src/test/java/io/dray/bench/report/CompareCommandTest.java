package io.dray.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class CompareCommandTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void findsNothingBetweenEqualReports() throws Exception {
        Report report = Reports.of(Reports.row(Reports.REQUEST_REPLY, Reports.DRAY, 100, 101, 102));

        assertThat(compare(report, report)).isZero();

        assertThat(out.toString()).contains("7 figures compared, 0 improved, 0 regressed");
    }

    @Test
    void namesARegressedThroughputAndItsRow() throws Exception {
        Report old = Reports.of(Reports.row(Reports.ONE_WAY, Reports.DRAY, 1_000, 1_010, 1_020));
        Report now = Reports.of(Reports.row(Reports.ONE_WAY, Reports.DRAY, 900, 910, 920));

        assertThat(compare(old, now)).isOne();

        assertThat(out.toString())
                .contains("REGRESSED")
                .contains(
                        "messaging one-way 100 B, flood, dray local uds: throughput_per_s 1,010 (1,000 to 1,020) -> 910"
                                + " (900 to 920), -9.9 %");
    }

    @Test
    void findsAPlantedRegressionOfEachFigure() throws Exception {
        Report old = planted(Figure.NONE);
        for (Figure figure : Figure.values()) {
            int code = compare(old, planted(figure), "--json");

            assertThat(code).as(figure.name()).isEqualTo(figure == Figure.NONE ? 0 : 1);
            assertThat(regressed())
                    .as(figure.name())
                    .isEqualTo(figure == Figure.NONE ? List.of() : List.of(figure.regressed));
        }
    }

    @Test
    void callsNothingARegressionThatTheWindowsShowToBeNoise() throws Exception {
        Report old = Reports.of(Reports.row(Reports.ONE_WAY, Reports.DRAY, 700, 1_000, 1_100));
        Report now = Reports.of(Reports.row(Reports.ONE_WAY, Reports.DRAY, 690, 750, 1_050));

        assertThat(compare(old, now)).isZero();

        assertThat(out.toString()).contains("0 regressed");
    }

    @Test
    void callsNothingARegressionThatIsWithinTheThreshold() throws Exception {
        Report old = Reports.of(Reports.row(Reports.ONE_WAY, Reports.DRAY, 1_000, 1_001, 1_002));
        Report now = Reports.of(Reports.row(Reports.ONE_WAY, Reports.DRAY, 960, 961, 962));

        assertThat(compare(old, now)).isZero();
        assertThat(compare(old, now, "--threshold", "3%")).isOne();
    }

    @Test
    void saysWhatHasImproved() throws Exception {
        Report old = Reports.of(Reports.row(Reports.ONE_WAY, Reports.DRAY, 1_000, 1_001, 1_002));
        Report now = Reports.of(Reports.row(Reports.ONE_WAY, Reports.DRAY, 2_000, 2_001, 2_002));

        assertThat(compare(old, now)).isZero();

        assertThat(out.toString()).contains("improved:").contains("+99.9 %");
    }

    @Test
    void listsRowsThatOnlyOneReportHas() throws Exception {
        Row common = Reports.row(Reports.ONE_WAY, Reports.DRAY, 1_000);
        Report old = Reports.of(common, Reports.row(Reports.REQUEST_REPLY, Reports.DRAY, 10));
        Report now = Reports.of(common, Reports.row(Reports.REQUEST_REPLY, Reports.NATS, 10));

        assertThat(compare(old, now)).isZero();

        assertThat(out.toString())
                .containsPattern(
                        "only in .*old.json:\\R  messaging request-reply 100 B, 64 outstanding, dray local uds")
                .containsPattern(
                        "only in .*new.json:\\R  messaging request-reply 100 B, 64 outstanding, nats local tcp");
    }

    @Test
    void comparesRepeatedRowsInTheirOrder() throws Exception {
        Row first = Reports.row(Reports.ONE_WAY, Reports.DRAY, 1_000);
        Row second = Reports.row(Reports.ONE_WAY, Reports.DRAY, 2_000);

        assertThat(compare(Reports.of(first, second), Reports.of(first, first))).isOne();

        assertThat(out.toString()).contains("dray local uds #2: throughput_per_s");
    }

    @Test
    void refusesFilesThatAreNoReports() throws Exception {
        Path good = folder.resolve("good.json");
        ReportFile.write(Reports.of(Reports.row(Reports.ONE_WAY, Reports.DRAY, 1_000)), good);
        Path bad = Files.writeString(folder.resolve("bad.json"), "{\"rows\": 3}");

        assertThat(run(good.toString(), bad.toString())).isEqualTo(2);

        assertThat(err.toString()).contains("bad.json is no report").contains("expected: a file that");
    }

    @Test
    void refusesReportsWithoutACommonRow() throws Exception {
        Report old = Reports.of(Reports.row(Reports.ONE_WAY, Reports.DRAY, 1_000));
        Report now = Reports.of(Reports.row(Reports.ONE_WAY, Reports.NATS, 1_000));

        assertThat(compare(old, now)).isEqualTo(2);

        assertThat(err.toString()).contains(": 0 (expected: at least 1");
    }

    @Test
    void refusesAThresholdThatIsNoPercentage() {
        for (String threshold : List.of("much", "-1%", "101%", "%", "NaN")) {
            assertThat(run("a", "b", "--threshold", threshold)).as(threshold).isEqualTo(2);
            assertThat(err.toString()).contains(threshold + " (expected: a percentage");
        }
    }

    private int compare(Report old, Report now, String... more) throws Exception {
        ReportFile.write(old, folder.resolve("old.json"));
        ReportFile.write(now, folder.resolve("new.json"));
        return run(Stream.concat(
                        Stream.of(
                                folder.resolve("old.json").toString(),
                                folder.resolve("new.json").toString()),
                        Stream.of(more))
                .toArray(String[]::new));
    }

    private int run(String... words) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return new CommandLine(new CompareCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(words);
    }

    private List<String> regressed() {
        JsonNode regressions = new ObjectMapper().readTree(out.toString()).get("regressions");
        return regressions
                .valueStream()
                .map(change -> change.get("figure").asString())
                .toList();
    }

    /** Which figure of a report is planted to be a tenth worse, with windows that hardly differ. */
    private enum Figure {
        NONE(""),
        THROUGHPUT("throughput_per_s"),
        P50("p50_us"),
        P99("p99_us"),
        CPU("cpu_us_per_message"),
        WIRE("wire_bytes_per_message"),
        RSS("rss_mb sidecar");

        private final String regressed;

        Figure(String regressed) {
            this.regressed = regressed;
        }
    }

    private static Report planted(Figure worse) {
        List<WindowRow> windows = Stream.of(1.0, 1.01, 0.99)
                .map(noise -> {
                    Latency latency = new Latency(
                            noise * (worse == Figure.P50 ? 110 : 100), noise * (worse == Figure.P99 ? 330 : 300), 500);
                    Figures figures = Figures.of(noise * (worse == Figure.THROUGHPUT ? 900 : 1_000), latency, 0);
                    Cost cost = new Cost(
                            noise * (worse == Figure.CPU ? 11 : 10),
                            Map.of(),
                            Map.of("sidecar", noise * (worse == Figure.RSS ? 66 : 60)),
                            noise * (worse == Figure.WIRE ? 132 : 120),
                            null,
                            null);
                    return WindowRow.of(5, figures, cost, 0);
                })
                .toList();
        return Reports.of(Row.of(Reports.REQUEST_REPLY, Reports.DRAY, windows, List.of()));
    }
}
