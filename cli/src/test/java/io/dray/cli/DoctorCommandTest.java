package io.dray.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class DoctorCommandTest {
    @TempDir
    private Path folder;

    @Test
    void eachFindingThatIsNotOkHasAFix() {
        Outcome outcome = Outcome.of("doctor", "--json", "--data-dir", folder.toString());
        var findings = new JsonMapper().readTree(outcome.out());

        assertThat(findings).hasSizeGreaterThan(10);
        assertThat(findings)
                .allSatisfy(finding -> assertThat(finding.get("fix").asString().isEmpty())
                        .isEqualTo(finding.get("level").asString().equals("ok")));
    }

    @Test
    void aRouterThatIsNamedAndDoesNotAnswerIsTold() {
        Outcome outcome = Outcome.of("doctor", "--data-dir", folder.toString(), "--router", "127.0.0.1:1");

        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.err()).contains("127.0.0.1:1");
    }
}
