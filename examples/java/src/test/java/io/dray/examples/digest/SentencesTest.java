package io.dray.examples.digest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SentencesTest {
    @Test
    void findsTheSentencesOfProseOverTheEndsOfLines() {
        String text = "# Harbour\n\nThe lantern of the harbour\nis green. Nobody knows why it is so!\n\nToo short.\n";

        assertThat(Sentences.of(text))
                .containsExactly("The lantern of the harbour is green.", "Nobody knows why it is so!");
    }

    @Test
    void findsTheCommentsOfCodeAndNotTheCode() {
        String text = """
            #!/usr/bin/env bash
            import java.util.List;

            /**
             * Keeps the lanterns of one harbour in order.
             */
            final class Harbour {
                private final List<String> lanterns; // may be empty
            }
            """;

        assertThat(Sentences.of(text)).containsExactly("Keeps the lanterns of one harbour in order.");
    }

    @Test
    void aSentenceThatComesAgainCountsOnce() {
        assertThat(Sentences.of("The lantern of the harbour is green. The lantern of the harbour is green."))
                .hasSize(1);
    }
}
