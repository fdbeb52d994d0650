package io.dray.examples.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DigestTest {
    @Test
    void survivesTheWay() {
        Digest digest = new Digest(
                "de", 3, List.of("Die Fähre\tfährt.", "Sie kommt."), "AAEC", Map.of("fähre", 1.25, "hafen", 0.5));

        assertThat(Digest.parse("de", 3, digest.text())).isEqualTo(digest);
    }

    @Test
    void survivesTheWayWithNothingFound() {
        Digest digest = new Digest("unknown", 0, List.of(), "", Map.of());

        assertThat(Digest.parse("unknown", 0, digest.text())).isEqualTo(digest);
    }

    @Test
    void refusesALineThatItDoesNotKnow() {
        assertThatThrownBy(() -> Digest.parse("de", 0, "harbour\t1.0"))
                .hasMessageContaining("line: harbour (expected: sentence, sketch or term)");
    }
}
