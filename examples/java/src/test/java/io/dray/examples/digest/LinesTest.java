package io.dray.examples.digest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LinesTest {
    @Test
    void scoresSurviveTheWay() {
        Map<String, Double> scores = Map.of("harbour", 1.25, "fähre", 0.5);

        assertThat(Lines.scores(Lines.ofScores(scores))).isEqualTo(scores);
        assertThat(Lines.scores(Lines.ofScores(Map.of()))).isEmpty();
    }

    @Test
    void aNameWithALineFeedStaysOnItsLine() {
        assertThat(Lines.ofScored(List.of(new Index.Scored("two\nlines\t.txt", 1))))
                .isEqualTo("two\\u000alines\\u0009.txt\t1.0000\n");
    }
}
