package io.dray.examples.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dray.agent.AgentSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class DigestAgentsTest {
    @Test
    void makesAnAgentForEachRole() {
        List<AgentSpec> specs = DigestAgents.specs(List.of("digester", "slots=3", "reader", "indexer"));

        assertThat(specs).extracting(AgentSpec::name).containsExactly("digester", "reader", "indexer");
        assertThat(specs.getFirst().slots()).isEqualTo(3);
        assertThat(specs.getFirst().capabilities()).containsExactly("digest");
    }

    @Test
    void saysWhichRolesThereAre() {
        assertThatThrownBy(() -> DigestAgents.specs(List.of("writer")))
                .hasMessageContaining("role: writer (expected: ");
        assertThatThrownBy(() -> DigestAgents.specs(List.of("slots=1"))).hasMessageContaining("roles: none");
    }
}
