package io.dray.examples.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class CorpusTest {
    @Test
    void aDocumentToldTwiceCountsOnce() {
        Corpus corpus = new Corpus();

        corpus.add("a.txt", List.of("harbour", "lantern"));
        corpus.add("a.txt", List.of("harbour", "lantern"));
        corpus.add("b.txt", List.of("harbour"));

        assertThat(corpus.documents()).isEqualTo(2);
        assertThat(corpus.documentsWith("harbour")).isEqualTo(2);
        assertThat(corpus.documentsWith("lantern")).isEqualTo(1);
        assertThat(corpus.documentsWith("unknown")).isZero();
    }

    @Test
    void weighsByCountAndRarity() {
        assertThat(Corpus.tfIdf(1, 100, 10)).isCloseTo(2.3026, within(0.0001));
        assertThat(Corpus.tfIdf(10, 100, 10)).isCloseTo(7.6045, within(0.0001));
    }

    @Test
    void aTermOfEveryDocumentKeepsALittleWeight() {
        assertThat(Corpus.tfIdf(1, 100, 100)).isEqualTo(0.01);
    }
}
