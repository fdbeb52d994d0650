package io.dray.examples.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextRankTest {
    private static final String HUB = "The green lantern hangs above the old harbour.";
    private static final List<String> SENTENCES = List.of(
            "Saffron costs more than gold in some years.",
            "A lantern needs oil every evening.",
            HUB,
            "Every harbour has its own smell.",
            "Green paint keeps the rain out.");

    @Test
    void theSentenceThatSharesWordsWithMostIsTheKey() {
        assertThat(TextRank.best(SENTENCES, 1)).containsExactly(HUB);
    }

    @Test
    void keySentencesKeepTheOrderOfTheText() {
        List<String> best = TextRank.best(SENTENCES, 3);

        assertThat(best).hasSize(3).contains(HUB).doesNotContain(SENTENCES.getFirst());
        assertThat(SENTENCES).containsSubsequence(best);
    }

    @Test
    void ofSentencesWithNothingInCommonTheFirstAreTaken() {
        assertThat(TextRank.best(List.of("One harbour.", "Two lanterns.", "Three violins."), 2))
                .containsExactly("One harbour.", "Two lanterns.");
        assertThat(TextRank.best(List.of(), 2)).isEmpty();
    }

    @Test
    void ranksOfConnectedSentencesAddUpToTheirNumber() {
        double[] ranks = TextRank.ranks(SENTENCES.subList(1, 5));

        assertThat(Arrays.stream(ranks).sum()).isCloseTo(4, within(1e-3));
    }
}
