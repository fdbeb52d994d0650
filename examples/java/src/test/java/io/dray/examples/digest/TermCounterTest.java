package io.dray.examples.digest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TermCounterTest {
    @Test
    void countsRunsOfLettersInLowerCase() {
        assertThat(count("Wind, wind; WIND-mill 42")).isEqualTo(Map.of("wind", 3, "mill", 1));
    }

    @Test
    void camelCaseIsSeveralTerms() {
        assertThat(count("SidecarStream peerLink")).containsOnlyKeys("sidecar", "stream", "peer", "link");
    }

    @Test
    void stopWordsAndShortAndLongRunsDoNotCount() {
        assertThat(count("the return of ab " + "x".repeat(41) + " harbour")).isEqualTo(Map.of("harbour", 1));
    }

    @Test
    void aCharacterCutBetweenPiecesIsOneCharacter() {
        byte[] text = "Überfähre 灯台守 fähre".getBytes(StandardCharsets.UTF_8);
        Map<String, Integer> whole = count("Überfähre 灯台守 fähre");

        for (int cut = 0; cut <= text.length; cut++) {
            TermCounter counter = new TermCounter();
            counter.add(java.util.Arrays.copyOfRange(text, 0, cut));
            counter.add(java.util.Arrays.copyOfRange(text, cut, text.length));

            assertThat(counter.finish()).as("cut at %d", cut).isEqualTo(whole);
        }
        assertThat(whole).isEqualTo(Map.of("überfähre", 1, "灯台守", 1, "fähre", 1));
    }

    @Test
    void aTextLongerThanTheBufferIsCountedWhole() {
        assertThat(count("lantern ".repeat(20_000))).isEqualTo(Map.of("lantern", 20_000));
    }

    @Test
    void anEmptyTextHasNoTerms() {
        assertThat(count("")).isEmpty();
    }

    private static Map<String, Integer> count(String text) {
        TermCounter counter = new TermCounter();
        counter.add(text.getBytes(StandardCharsets.UTF_8));
        return counter.finish();
    }
}
