package io.dray.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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

        assertThat(out.toString()).contains("10 figures compared, 0 improved, 0 regressed");
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

        assertThat(compare(old, now)).isOne();

        assertThat(out.toString())
                .containsPattern(
                        "MISSING .--subset when that is meant., only in .*old.json:\\R  messaging request-reply 100 B, 64 outstanding, dray local uds")
                .containsPattern(
                        "only in .*new.json:\\R  messaging request-reply 100 B, 64 outstanding, nats local tcp");
    }

    @Test
    void mayLackRowsWhenThatIsMeant() throws Exception {
        Row common = Reports.row(Reports.ONE_WAY, Reports.DRAY, 1_000);
        Report old = Reports.of(common, Reports.row(Reports.REQUEST_REPLY, Reports.DRAY, 10));

        assertThat(compare(old, Reports.of(common), "--subset")).isZero();
        assertThat(out.toString()).contains("1 rows not measured again").doesNotContain("request-reply");
        assertThat(compare(old, Reports.of(common), "--json")).isOne();
    }

    @Test
    void callsABarThatIsNoLongerMetARegression() throws Exception {
        Row row = Reports.row(Reports.ONE_WAY, Reports.DRAY, 1_000);
        Row met = row.with(List.of(Check.atMost("ratio", 1.0, 1.05), Check.shown("other", 7)));
        Row missed = row.with(List.of(Check.atMost("ratio", 1.2, 1.05), Check.shown("other", 9)));

        assertThat(compare(Reports.of(met), Reports.of(met))).isZero();
        assertThat(compare(Reports.of(missed), Reports.of(met))).isZero();
        assertThat(compare(Reports.of(missed), Reports.of(missed))).isZero();
        assertThat(out.toString()).contains("0 bars newly missed (1 in both)");
        assertThat(compare(Reports.of(met), Reports.of(row))).isOne();
        assertThat(compare(Reports.of(met), Reports.of(missed))).isOne();

        assertThat(out.toString())
                .contains("MISSED, and met before:")
                .contains("ratio: 1.000, bar <= 1.05: met -> ratio: 1.200, bar <= 1.05: MISSED");
    }

    @Test
    void failuresInOneWindowOfTwoReportsAreNoise() throws Exception {
        assertThat(compare(counted(0, 95, 0), counted(0, 0, 200))).isZero();
        assertThat(compare(counted(0, 95, 0), counted(120, 0, 200))).isOne();
        assertThat(out.toString()).contains("failures_per_million");
    }

    @Test
    void theFirstFailureIsARegression() throws Exception {
        assertThat(compare(counted(0, 0, 0), counted(0, 1, 0))).isOne();
    }

    @Test
    void memoryOfASecondRunOfTheSameCodeIsNoRegression() throws Exception {
        // Seen: windows of a run share its processes, so each run's own ranges hardly vary.
        assertThat(compare(memory(112, 113, 113), memory(118, 119, 119))).isZero();
        assertThat(compare(memory(165, 165, 165), memory(174, 174, 174))).isZero();
        assertThat(compare(memory(30, 30, 30), memory(37, 37, 37))).isZero();
        assertThat(compare(memory(112, 113, 113), memory(126, 126, 127))).isOne();
    }

    @Test
    void saysThatAReportIsPartial() throws Exception {
        Report whole = Reports.of(Reports.row(Reports.ONE_WAY, Reports.DRAY, 1_000));
        Report partial = Reports.partial(whole);

        assertThat(compare(whole, partial)).isZero();

        assertThat(out.toString()).contains("new.json is partial");
    }

    @Test
    void saysThatWindowsDiffer() throws Exception {
        Report three = Reports.of(Reports.row(Reports.ONE_WAY, Reports.DRAY, 1_000, 1_000, 1_000));
        Report one = Reports.of(Reports.row(Reports.ONE_WAY, Reports.DRAY, 1_000));

        assertThat(compare(three, three)).isZero();
        assertThat(out.toString()).doesNotContain("Measured");

        assertThat(compare(three, one)).isZero();
        assertThat(out.toString()).containsPattern("different windows, in 1 rows, such as 3 of \\d+ s and 1 of \\d+ s");
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
    void saysInOneLineWhatAFileIsInstead() throws Exception {
        Path good = folder.resolve("good.json");
        ReportFile.write(Reports.of(Reports.row(Reports.ONE_WAY, Reports.DRAY, 1_000)), good);
        Map<String, String> contents = Map.of(
                "null", "is no report: it has no rows",
                "", "is empty",
                "[1", "is no report: ",
                "{\"schema\":1,\"processes\":[]}", "is a profile and no report",
                "{\"schema\":1,\"rows\":null}", "is no report: it has no rows",
                "{\"schema\":99,\"rows\":[]}", "is no report: schema 99 (expected: 1)",
                "{\"schema\":1,\"rows\":[]}", "is no report: it has no machine",
                "{\"schema\":1,\"rows\":[null],\"machine\":{},\"missing\":{}}", "is no report: ",
                "{\"schema\":1,\"rows\":[{}],\"machine\":{},\"missing\":{}}", "is no report: ");
        for (Map.Entry<String, String> content : contents.entrySet()) {
            Path bad = Files.writeString(folder.resolve("bad.json"), content.getKey());

            assertThat(run(good.toString(), bad.toString()))
                    .as(content.getKey())
                    .isEqualTo(2);

            assertThat(err.toString())
                    .as(content.getKey())
                    .contains("bad.json " + content.getValue(), "(expected: a file that")
                    .hasLineCount(1);
        }
        assertThat(run(good.toString(), folder.resolve("none.json").toString())).isEqualTo(2);
        assertThat(err.toString()).contains("none.json is not there").hasLineCount(1);
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

    private static Report counted(long... failures) {
        List<WindowRow> windows = Arrays.stream(failures)
                .mapToObj(count -> Reports.window(
                        Figures.ofFlood(1_000, new Latency(1, 1, 1), count), Reports.cost(1, 60, null), 0))
                .toList();
        return Reports.of(Row.of(Reports.ONE_WAY, Reports.DRAY, windows, List.of()));
    }

    private static Report memory(double... mib) {
        List<WindowRow> windows = Arrays.stream(mib)
                .mapToObj(sidecar ->
                        Reports.window(Reports.figures(Reports.ONE_WAY, 1_000), Reports.cost(1, sidecar, null), 0))
                .toList();
        return Reports.of(Row.of(Reports.ONE_WAY, Reports.DRAY, windows, List.of()));
    }

    /** Which figure of a report is planted to be worse by more than it may be, with windows that hardly differ. */
    private enum Figure {
        NONE(""),
        THROUGHPUT("throughput_per_s"),
        P50("p50_us"),
        P99("p99_us"),
        P999("p999_us"),
        QUEUEING_P50("queueing_p50_us"),
        QUEUEING_P99("queueing_p99_us"),
        CPU("cpu_us_per_message"),
        WIRE("wire_bytes_per_message"),
        RSS("rss_mb sidecar"),
        FAILURES("failures_per_million"),
        STALLS("loop_stalls_per_minute");

        private final String regressed;

        Figure(String regressed) {
            this.regressed = regressed;
        }
    }

    private static Report planted(Figure worse) {
        List<WindowRow> latencies = windows(worse, false);
        List<WindowRow> queueings = windows(worse, true);
        boolean isOfFloods = worse.name().startsWith("QUEUEING");
        return Reports.of(
                Row.of(
                        Reports.REQUEST_REPLY,
                        Reports.DRAY,
                        isOfFloods ? windows(Figure.NONE, false) : latencies,
                        List.of()),
                Row.of(Reports.ONE_WAY, Reports.DRAY, isOfFloods ? queueings : windows(Figure.NONE, true), List.of()));
    }

    private static List<WindowRow> windows(Figure worse, boolean isFlood) {
        return Stream.of(1.0, 1.01, 0.99)
                .map(noise -> {
                    Latency latency = new Latency(
                            noise * (worse == Figure.P50 || worse == Figure.QUEUEING_P50 ? 130 : 100),
                            noise * (worse == Figure.P99 || worse == Figure.QUEUEING_P99 ? 390 : 300),
                            noise * (worse == Figure.P999 ? 780 : 500));
                    double rate = noise * (worse == Figure.THROUGHPUT ? 900 : 1_000);
                    long failures = worse == Figure.FAILURES ? 3 : 0;
                    Figures figures =
                            isFlood ? Figures.ofFlood(rate, latency, failures) : Figures.of(rate, latency, failures);
                    Cost cost = new Cost(
                            noise * (worse == Figure.CPU ? 11 : 10),
                            Map.of(),
                            Map.of("sidecar", noise * (worse == Figure.RSS ? 75 : 60)),
                            noise * (worse == Figure.WIRE ? 132 : 120),
                            null,
                            worse == Figure.STALLS ? 1L : 0L);
                    return WindowRow.of(5, figures, cost, 0);
                })
                .toList();
    }
}
