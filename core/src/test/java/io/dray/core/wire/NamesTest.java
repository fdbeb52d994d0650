package io.dray.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,62})");
    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63}){0,15}");
    private static final Pattern PATTERN = Pattern.compile(
            "(?=([^.]+\\.){0,15}[^.]+$)([A-Za-z0-9_-]{1,63}|\\*)(\\.([A-Za-z0-9_-]{1,63}|\\*))*(\\.>)?|>");

    @Test
    void agreesWithTheFormsOfTheContract() {
        long seed = System.nanoTime();
        System.out.println("NamesTest.agreesWithTheFormsOfTheContract seed " + seed);
        Random random = new Random(seed);
        String characters = "aZ09.-_*> ä";
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(8); j > 0; j--) {
                text.append(characters.charAt(random.nextInt(characters.length())));
            }
            assertAgrees(text.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a.", ".a", "a..b", "*", ">", "a.>", ">.a", "a.*.b", "a*", "A.b_c-9", "a>"})
    void agreesOnWhatIsEasilyMissed(String text) {
        assertAgrees(text);
    }

    @Test
    void knowsTheLongest() {
        assertAgrees("a".repeat(63));
        assertAgrees("a".repeat(64));
        assertAgrees("t" + ".t".repeat(15));
        assertAgrees("t" + ".t".repeat(16));
        assertAgrees("t" + ".t".repeat(14) + ".>");
        assertAgrees("t" + ".t".repeat(15) + ".>");
        assertThat(Names.isTopic("t" + ".t".repeat(15))).isTrue();
        assertThat(Names.isTopic("t" + ".t".repeat(16))).isFalse();
    }

    @Test
    void looksAtItsRangeOnly() {
        byte[] bytes = "!!name!!".getBytes(StandardCharsets.US_ASCII);

        assertThat(Names.isName(bytes, 2, 4)).isTrue();
        assertThat(Names.isTopic(bytes, 2, 4)).isTrue();
        assertThat(Names.isName(bytes, 1, 5)).isFalse();
        assertThat(Names.isTopic(bytes, 2, 5)).isFalse();
    }

    private static void assertAgrees(String text) {
        assertThat(Names.isName(text))
                .as("name %s", text)
                .isEqualTo(NAME.matcher(text).matches());
        assertThat(Names.isTopic(text))
                .as("topic %s", text)
                .isEqualTo(TOPIC.matcher(text).matches());
        assertThat(Names.isPattern(text))
                .as("pattern %s", text)
                .isEqualTo(PATTERN.matcher(text).matches());
    }
}
