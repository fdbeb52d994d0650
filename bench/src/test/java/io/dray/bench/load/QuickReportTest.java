package io.dray.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class QuickReportTest {
    @Test
    void theRatioIsThatOfTheMedians() {
        QuickReport report = report();

        assertThat(report.ratio(Load.REQUEST_REPLY, "dray", "nats")).isEqualTo(2.0);
        assertThat(report.ratio(Load.ONE_WAY, "dray", "nats")).isNaN();
    }

    @Test
    void theTableHasTheRatioAndTheFailures() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        report().print(new PrintStream(bytes, true, StandardCharsets.UTF_8));

        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .containsPattern("request-reply +dray +200 +100 +900 .* 2.00")
                .contains("dray: 3 failed, the first with EXPIRED");
    }

    @Test
    void theJsonHasEveryWindow(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("report.json");

        report().write(file);

        JsonNode root = new ObjectMapper().readTree(Files.readString(file));
        assertThat(root.get("request-reply").get("dray").size()).isEqualTo(3);
        assertThat(root.get("request-reply").get("dray").get(0).get("perSecond").asDouble())
                .isEqualTo(100);
    }

    private static QuickReport report() {
        QuickReport report = new QuickReport();
        report.add(Load.REQUEST_REPLY, "dray", window(100, 0));
        report.add(Load.REQUEST_REPLY, "dray", window(200, 3));
        report.add(Load.REQUEST_REPLY, "dray", window(900, 0));
        report.add(Load.REQUEST_REPLY, "nats", window(100, 0));
        return report;
    }

    private static Window window(double rate, long failures) {
        return new Window(rate, 10, 20, 0.5, 0.5, 0.1, failures, failures > 0 ? "EXPIRED" : "");
    }
}
