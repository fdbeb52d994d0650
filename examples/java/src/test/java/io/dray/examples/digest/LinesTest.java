package io.dray.examples.digest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class LinesTest {
    @Test
    void scoresSurviveTheWay() {
        Map<String, Double> scores = Map.of("harbour", 1.25, "fähre", 0.5);

        assertThat(Lines.scores(Lines.ofScores(scores))).isEqualTo(scores);
        assertThat(Lines.scores(Lines.ofScores(Map.of()))).isEmpty();
    }
}
