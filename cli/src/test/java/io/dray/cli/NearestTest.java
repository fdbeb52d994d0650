package io.dray.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
    private static final List<String> KNOWN = List.of("--json", "--router", "--help", "send", "sent");

    @Test
    void findsTheWordWithTheFewestEdits() {
        assertThat(Nearest.of("--jason", KNOWN)).hasValue("--json");
        assertThat(Nearest.of("--roter", KNOWN)).hasValue("--router");
        assertThat(Nearest.of("sen", KNOWN)).hasValue("send");
    }

    @Test
    void lettersThatAreSwappedAreOneEdit() {
        assertThat(Nearest.of("--htlm", List.of("--help", "--html"))).hasValue("--html");
    }

    @Test
    void aWordThatIsFarFromAllHasNone() {
        assertThat(Nearest.of("--everything", KNOWN)).isEmpty();
        assertThat(Nearest.of("", KNOWN)).isEmpty();
    }
}
