package io.dray.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DemoReportTest {
    private final DemoReport report = new DemoReport(
            2000,
            2000,
            new TreeMap<>(Map.of("node-1", 1200, "node-2", 800)),
            2004,
            new DemoReport.Traffic(3000, 9000, 4_000_000, 1_000_000, 8000, 15, 90_000, 12, 180),
            List.of("harbour", "lantern"),
            List.of("node-2", "router"),
            Optional.empty());

    @Test
    void theJsonHasExactlyTheKeysThatOthersRead() {
        assertThat(report.json().propertyNames())
                .containsExactly(
                        "files",
                        "digested",
                        "tasks_by_node",
                        "attempts",
                        "messages_local",
                        "messages_remote",
                        "bytes_raw",
                        "bytes_wire",
                        "address_cache_hits",
                        "route_p50_us",
                        "route_p99_us",
                        "top_terms",
                        "killed");
        assertThat(report.json().toString())
                .contains("\"tasks_by_node\":{\"node-1\":1200,\"node-2\":800}", "\"killed\":[\"node-2\",\"router\"]");
    }

    @Test
    void aDemoOnAMeshThatWasKeptSaysWhoAnsweredAndTheTimeSaved() {
        var known = new Known(Map.of("a.txt", "aa", "b.txt", "bb", "c.txt", "cc"), 2, 40_000_000L, 5_540_000_000L);
        var attached = new DemoReport(
                5, 5, Map.of("node-1", 2), 2, report.traffic(), List.of(), List.of(), Optional.of(known));

        assertThat(attached.json().get("replies").toString())
                .isEqualTo("{\"cached\":2,\"from_agents\":1,\"digested_anew\":2,\"digest_millis\":5540,"
                        + "\"ask_millis\":40,\"saved_millis\":5500}");
        assertThat(DemoTable.answers(attached, known))
                .isEqualTo("2 from the cache of node-1's sidecar, 1 from the indexer; 2 digested anew");
        assertThat(DemoTable.saved(known)).startsWith("5.50 s: ").contains("for 5.54 s", "took 0.04 s");
    }

    @Test
    void theVerdictIsOneSentence() {
        var known = new Known(Map.of("a.txt", "aa"), 1, 0, 0);
        var ofOneFile = new DemoReport(1, 1, Map.of(), 1, report.traffic(), List.of(), List.of(), Optional.empty());
        var attached = new DemoReport(3, 3, Map.of(), 2, report.traffic(), List.of(), List.of(), Optional.of(known));

        assertThat(DemoVerdict.line(report, 0))
                .isEqualTo("Done: each of 2,000 files was digested exactly once, although node-2 and the router were"
                        + " killed in the middle.");
        assertThat(DemoVerdict.line(report, 1)).isEqualTo("Failed: 1 problem, told above.");
        assertThat(DemoVerdict.line(ofOneFile, 0)).isEqualTo("Done: the one file was digested exactly once.");
        assertThat(DemoVerdict.line(attached, 0))
                .startsWith("Done: the mesh knew 1 of 3 files and digested the other 2");
    }

    @Test
    void theTableSaysItAllToPeople() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        DemoTable.print(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                report,
                new PlainWalk(Path.of("x"), new TreeMap<>(), 3, 1),
                new Found("en 3, de 1", "2 files in 1 groups"),
                12.34);

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains(
                        "2,000 (3 not UTF-8 text, 1 unreadable)",
                        "node-1 1,200, node-2 800",
                        "4,000,000 before compression, 1,000,000 after (ratio 4.0)",
                        "P50 12 us, P99 180 us (without",
                        "P50 15 us, P99 90,000 us (with the first second of each sidecar)",
                        "harbour, lantern",
                        "en 3, de 1",
                        "2 files in 1 groups",
                        "node-2, router (meters of a sidecar count up to its death)",
                        "12.3 s");
    }
}
