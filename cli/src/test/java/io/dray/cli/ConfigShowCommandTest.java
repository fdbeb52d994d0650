package io.dray.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ConfigShowCommandTest {
    @TempDir
    private Path folder;

    @Test
    void everyValueHasItsOrigin() throws IOException {
        Path file = Files.writeString(folder.resolve("sidecar.yaml"), "node: a\nlanes: {high-budget: 250ms}\n");

        Outcome outcome = Outcome.of("config", "show", file.toString(), "--set", "loops=3");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out().lines())
                .anyMatch(line -> line.matches("node +a +" + file))
                .anyMatch(line -> line.matches("lanes.high-budget +250ms +" + file))
                .anyMatch(line -> line.matches("loops +3 +--set"))
                .anyMatch(line -> line.matches("memory.budget +64MiB +default"));
    }

    @Test
    void onlyWhatIsSetWhenThatIsWanted() throws IOException {
        Path file = Files.writeString(folder.resolve("router.yaml"), "listen: 127.0.0.1:0\n");

        JsonNode shown = new JsonMapper()
                .readTree(Outcome.of("config", "show", file.toString(), "--changed", "--json")
                        .out());

        assertThat(shown.get("role").asString()).isEqualTo("router");
        assertThat(shown.get("settings")).hasSize(1);
        assertThat(shown.get("settings").get(0).get("from").asString()).isEqualTo(file.toString());
    }

    @Test
    void thatNothingIsSetIsSaid() {
        Outcome outcome = Outcome.of("config", "show", "--role", "router", "--changed");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).startsWith("nothing is set: a router").doesNotContain("KEY");
    }

    @Test
    void whatAProfileChoseSaysSoAndWhy() {
        Outcome outcome = Outcome.of("config", "show", "--set", "profile=latency", "--explain");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out().lines())
                .anyMatch(line -> line.matches("memory.mailbox +1MiB +profile latency +.*\\(bench/results/.*\\)"))
                .anyMatch(line -> line.matches("loops +\\d+ +tier [0-9+]+ cores +computed: half of .*"))
                .anyMatch(line -> line.matches("memory.budget +64MiB +default"));
    }

    @Test
    void aProfileThatDoesNotExistIsGuessed() {
        Outcome outcome = Outcome.of("config", "show", "--set", "profile=latncy");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err().lines())
                .singleElement()
                .asString()
                .contains("profile: latncy", "did you mean latency?");
    }

    @Test
    void whatIsWrongIsToldInOneLine() {
        Outcome outcome = Outcome.of("config", "show", "--set", "loops=many", "--set", "bogus=1");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err().lines()).singleElement().asString().contains("loops: many", "unknown key bogus");
    }

    @Test
    void theSchemaKnowsEveryKeyAndItsForm() {
        JsonNode sidecar = schema("sidecar");

        assertThat(sidecar.get("additionalProperties").asBoolean()).isFalse();
        JsonNode memory = sidecar.get("properties").get("memory");
        assertThat(memory.get("type")).hasSize(2);
        JsonNode budget = memory.get("properties").get("budget");
        assertThat(budget.get("default").asString())
                .isEqualTo("64MiB")
                .matches(budget.get("pattern").asString());
        assertThat(sidecar.at("/properties/lanes/properties/high-budget/default")
                        .asString())
                .isEqualTo("100ms");
        assertThat(schema("router").at("/properties/pool/properties").size()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sidecar", "router"})
    void theSchemaDescribesEveryKey(String role) {
        JsonNode schema = schema(role);

        assertThat(undescribed("", schema.get("properties"))).isEmpty();
        assertThat(schema.at("/properties/transport/enum").values())
                .extracting(JsonNode::asString)
                .containsExactly("auto", "epoll", "nio");
    }

    private static List<String> undescribed(String prefix, JsonNode properties) {
        List<String> keys = new ArrayList<>();
        properties.properties().forEach(property -> {
            String key = prefix + property.getKey();
            if (property.getValue().path("description").asString("").isEmpty()) {
                keys.add(key);
            }
            keys.addAll(undescribed(key + ".", property.getValue().path("properties")));
        });
        return keys;
    }

    private static JsonNode schema(String role) {
        return new JsonMapper()
                .readTree(Outcome.of("config", "schema", "--role", role).out());
    }
}
