package io.dray.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(260)
@Tag("long")
class KeptDemoTest {
    private static final int FILES = 8;
    private static final int PATIENCE_SECONDS = 120;

    @TempDir
    private Path folder;

    @AfterEach
    void endTheMesh() throws IOException {
        for (KeptMesh mesh : meshes()) {
            mesh.processes().stream()
                    .filter(KeptMesh.Member::isAlive)
                    .flatMap(member -> ProcessHandle.of(member.pid()).stream())
                    .forEach(process -> {
                        process.destroyForcibly();
                        process.onExit().join();
                    });
        }
    }

    @Test
    void theSecondDemoAsksTheMeshOfTheFirstAndDigestsOnlyWhatIsNew() throws IOException, InterruptedException {
        Files.createDirectory(folder.resolve("tmp"));
        Path documents = Files.createDirectory(folder.resolve("docs"));
        for (int i = 0; i < FILES; i++) {
            Files.writeString(documents.resolve(i + ".txt"), "document about whale number" + i);
        }
        assertThat(demo("first", documents, "--keep")).as(() -> log("first")).isZero();
        Files.writeString(documents.resolve("0.txt"), "another document");
        Files.writeString(documents.resolve("copy.txt"), "document about whale number1");
        Path report = folder.resolve("report.json");

        int exit = demo("second", documents, "--json", report.toString());

        assertThat(exit).as(() -> log("second")).isZero();
        JsonNode json = JsonMapper.shared().readTree(Files.readString(report));
        assertThat(json.get("digested").asInt()).isEqualTo(FILES + 1);
        assertThat(json.get("attempts").asInt()).isEqualTo(1);
        JsonNode replies = json.get("replies");
        assertThat(replies.get("cached").asInt()).isPositive();
        assertThat(replies.get("cached").asInt() + replies.get("from_agents").asInt())
                .isEqualTo(FILES);
        assertThat(replies.get("digested_anew").asInt()).isEqualTo(1);
        assertThat(log("second")).contains("time saved", "Done: ", "The mesh stays up", "./dray cache stats");
    }

    private int demo(String name, Path documents, String... options) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + folder.resolve("tmp"),
                "-cp",
                System.getProperty("java.class.path"),
                "io.dray.cli.Dray",
                "demo",
                documents.toString()));
        line.addAll(Arrays.asList(options));
        Process demo = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile())
                .start();
        try {
            assertThat(demo.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as(() -> log(name))
                    .isTrue();
            return demo.exitValue();
        } finally {
            demo.destroyForcibly();
        }
    }

    private List<KeptMesh> meshes() throws IOException {
        List<KeptMesh> meshes = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(folder.resolve("tmp"))) {
            folders.forEach(kept -> KeptMesh.read(kept).ifPresent(meshes::add));
        }
        return meshes;
    }

    private String log(String name) {
        try {
            return Files.readString(folder.resolve(name + ".log"));
        } catch (IOException e) {
            return "no log: " + e.getMessage();
        }
    }
}
