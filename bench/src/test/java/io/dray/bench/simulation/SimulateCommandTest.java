package io.dray.bench.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class SimulateCommandTest {
    @TempDir
    Path folder;

    @Test
    void writesEachCaseAndItsPeersWithTheSeed() throws Exception {
        Path file = folder.resolve("report.json");

        int code = new CommandLine(new SimulateCommand())
                .execute(
                        "--nodes",
                        "10,12",
                        "--load",
                        "70",
                        "--tasks",
                        "1000",
                        "--against",
                        "random,power-of-two",
                        "--seed",
                        "7",
                        "--json",
                        file.toString());

        assertThat(code).isZero();
        JsonNode report = new ObjectMapper().readTree(Files.readString(file));
        assertThat(report.get("seed").asInt()).isEqualTo(7);
        assertThat(report.get("partial").asBoolean()).isFalse();
        assertThat(report.get("cases").findValues("scheduler").stream().map(JsonNode::asString))
                .containsExactly("dray", "random", "power-of-two", "dray", "random", "power-of-two");
        assertThat(report.get("cases").get(3).get("nodes").asInt()).isEqualTo(12);
        assertThat(report.get("cases").get(3).get("measured").asInt()).isEqualTo(900);
    }
}
