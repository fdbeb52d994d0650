package io.dray.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Holds SCHEMA.md against what is really written, both ways. */
class SchemaTest {
    private static final Pattern WORD = Pattern.compile("`([a-z][a-z0-9_]*)`");

    @Test
    void everyFieldThatIsWrittenIsDescribedAndTheOtherWayRound() throws Exception {
        JsonNode report = written();
        JsonNode row = report.get("rows").get(0);

        assertThat(fields("## Top level")).isEqualTo(names(report));
        assertThat(fields("## `machine`")).isEqualTo(names(report.get("machine")));
        assertThat(fields("## A row of `rows`")).isEqualTo(names(row));
        String windows = section("## A window of `windows`");
        String listed = windows.substring(0, windows.indexOf("as in a row")).replaceFirst(".*\\R", "");
        assertThat(union(fields("## A window of `windows`"), words(listed)))
                .isEqualTo(names(row.get("windows").get(0)));
    }

    @Test
    void theExtremesAndTheCurveHaveTheFieldsThatAreNamed() throws Exception {
        JsonNode row = written().get("rows").get(0);
        Set<String> described = words(section("## A row of `rows`"));

        assertThat(described)
                .containsAll(names(row.get("min")))
                .containsAll(names(row.get("percentiles").get(0)));
    }

    @Test
    void everyFieldOfMicroIsDescribedAndTheOtherWayRound() throws Exception {
        JsonNode report = new ObjectMapper().readTree(ReportFile.text(Reports.micro()));

        assertThat(words(section("## Reports of `micro`"))).containsAll(names(report));
        assertThat(fields("## Reports of `micro`"))
                .isEqualTo(names(report.get("benchmarks").get(0)));
    }

    @Test
    void everyFieldOfCrashIsDescribedAndTheOtherWayRound() throws Exception {
        JsonNode report = new ObjectMapper().readTree(ReportFile.text(Reports.crash(1)));

        assertThat(words(section("## Reports of `crash`"))).containsAll(names(report));
        assertThat(fields("## Reports of `crash`"))
                .isEqualTo(union(
                        names(report.get("verdicts").get(0)),
                        Set.of("store", "routers", "minutes", "seed", "faults", "verdicts")));
    }

    @Test
    void everyFieldOfSimulationsIsDescribedAndTheOtherWayRound() throws Exception {
        JsonNode report = new ObjectMapper().readTree(ReportFile.text(Reports.simulation()));

        assertThat(words(section("## Reports of `simulate`"))).containsAll(names(report));
        assertThat(fields("## Reports of `simulate`"))
                .isEqualTo(names(report.get("cases").get(0)));
    }

    @Test
    void committedReportsCanBeRead() throws Exception {
        try (Stream<java.nio.file.Path> files = Files.list(SourceTree.root().resolve("bench/results"))) {
            for (var file :
                    files.filter(file -> file.toString().endsWith(".json")).toList()) {
                assertThat(ReportFile.read(file).rows()).as(file.toString()).isNotEmpty();
                assertThat(ReportFile.read(file).unfinished())
                        .as(file.toString())
                        .isFalse();
            }
        }
    }

    private static JsonNode written() {
        Report report = Reports.of(Reports.row(Reports.REQUEST_REPLY, Reports.DRAY, 100, 200));
        return new ObjectMapper().readTree(ReportFile.json(report));
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            names.add(field.getKey());
        }
        return names;
    }

    /** The words in the first column of a section's table. */
    private static Set<String> fields(String heading) throws IOException {
        StringBuilder cells = new StringBuilder();
        section(heading)
                .lines()
                .filter(line -> line.startsWith("| `"))
                .forEach(line -> cells.append(line, 0, line.indexOf('|', 1)).append('\n'));
        return words(cells.toString());
    }

    private static String section(String heading) throws IOException {
        String text = Files.readString(SourceTree.root().resolve("bench/results/SCHEMA.md"));
        int start = text.indexOf(heading);
        int end = text.indexOf("\n## ", start + 1);
        return text.substring(start, end < 0 ? text.length() : end);
    }

    private static Set<String> words(String text) {
        Set<String> words = new TreeSet<>();
        var matcher = WORD.matcher(text);
        while (matcher.find()) {
            words.add(matcher.group(1));
        }
        return words;
    }

    private static Set<String> union(Set<String> one, Set<String> other) {
        Set<String> all = new TreeSet<>(one);
        all.addAll(other);
        return all;
    }
}
