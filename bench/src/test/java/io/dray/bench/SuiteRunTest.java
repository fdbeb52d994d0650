package io.dray.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.bench.mesh.Child;
import io.dray.bench.mesh.Jvm;
import io.dray.core.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** A run that is told to end, as a process. */
class SuiteRunTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int TERMINATED = 143;

    @RegisterExtension
    private final ShortFolder folder = new ShortFolder();

    @Test
    void whatHadBeenMeasuredIsKeptAndNothingElseIsLeftWhenItIsToldToEnd() throws Exception {
        Path json = folder.path().resolve("report.json");
        Path html = folder.path().resolve("report.html");
        Path temporary = Files.createDirectory(folder.path().resolve("t"));
        String words = "run --quick --scenario round-trip-1k,one-way-1k --warm-up 0 --windows 1 --seconds 0.2 --json "
                + json + " --html " + html;
        Child bench = start(words, temporary);
        // The page is written last, and was tried in the beginning.
        Await.until(() -> "a first report; " + log(), PATIENCE, () -> log().contains("[2/2]"));
        Await.until(
                "children of the next scenario",
                PATIENCE,
                () -> descendants(bench).size() > 1);
        List<ProcessHandle> children = descendants(bench);

        bench.signal("TERM");

        assertThat(bench.exitCode(PATIENCE)).isEqualTo(TERMINATED);
        Await.until("children are gone", PATIENCE, () -> children.stream().noneMatch(ProcessHandle::isAlive));
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left.filter(path -> path.getFileName().toString().startsWith("dray-")))
                    .isEmpty();
        }
        JsonNode report = new ObjectMapper().readTree(Files.readString(json));
        assertThat(report.get("partial").asBoolean()).isTrue();
        assertThat(report.get("rows")
                        .valueStream()
                        .map(row -> row.get("scenario").asString()))
                .containsOnly("round-trip-1k");
        assertThat(html).content().contains("<dt>partial</dt>");
        assertThat(log()).contains("ended early");
    }

    private Child start(String words, Path temporary) throws Exception {
        List<String> command = Stream.concat(
                        Stream.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-Ddray.root=" + Jvm.repository(),
                                "-Djava.io.tmpdir=" + temporary,
                                "-cp",
                                System.getProperty("java.class.path"),
                                Bench.class.getName()),
                        Stream.of(words.split(" ")))
                .toList();
        return Child.start("bench", command, Map.of(), folder.path().resolve("log"));
    }

    private static List<ProcessHandle> descendants(Child bench) {
        return ProcessHandle.of(bench.pid()).stream()
                .flatMap(ProcessHandle::descendants)
                .toList();
    }

    private String log() {
        try {
            return Files.readString(folder.path().resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
