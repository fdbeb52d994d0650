package io.dray.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.bench.mesh.Child;
import io.dray.bench.mesh.Jvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The demo of the CLI on a small folder, as a user starts it. */
class DemoTest {
    private static final int FILES = 12;
    private static final List<String> KEYS = List.of(
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

    @Test
    void everyFileOfAFolderIsDigestedOnce(@TempDir Path folder) throws Exception {
        Path texts = Files.createDirectory(folder.resolve("texts"));
        for (int i = 0; i < FILES; i++) {
            Files.writeString(texts.resolve("text-" + i + ".txt"), "whale number" + i + " ocean\n".repeat(i + 1));
        }
        Path report = folder.resolve("report.json");

        List<String> words = List.of("demo", texts.toString(), "--fresh", "--json", report.toString());
        try (Child demo = Jvm.start("demo", "io.dray.cli.Dray", words, folder)) {
            assertThat(demo.exitCode(Duration.ofMinutes(2)))
                    .as(() -> read(folder.resolve("demo.log")))
                    .isZero();
        }

        JsonNode json = new ObjectMapper().readTree(Files.readString(report));
        KEYS.forEach(key -> assertThat(json.has(key)).as(key).isTrue());
        assertThat(json.get("files").asInt()).isEqualTo(FILES);
        assertThat(json.get("digested").asInt()).isEqualTo(FILES);
        assertThat(json.get("killed").size()).isZero();
        assertThat(json.get("tasks_by_node").size()).isPositive();
        assertThat(json.get("messages_local").asLong()
                        + json.get("messages_remote").asLong())
                .isPositive();
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return "no log: " + e.getMessage();
        }
    }
}
