package io.dray.sidecar.replies;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MarksTest {
    private final Marks marks = new Marks();

    @Test
    void knowsTheLastTypesOnly() {
        IntStream.range(0, 1_000).forEach(i -> marks.add("type " + i, 1));

        assertThat(IntStream.range(0, 1_000).filter(i -> marks.has("type " + i)).count())
                .isEqualTo(16);
        assertThat(marks.has("type 999")).isTrue();
    }

    @Test
    void isPatientFourTimesAsLongAsTheSlowestReply() {
        marks.add("t", Duration.ofSeconds(2).toNanos());
        marks.add("t", Duration.ofSeconds(1).toNanos());
        assertThat(marks.patienceNanos("t")).isEqualTo(Duration.ofSeconds(7).toNanos());

        IntStream.range(0, 100).forEach(_ -> marks.add("t", 0));
        assertThat(marks.patienceNanos("t")).isEqualTo(Duration.ofMillis(500).toNanos());
        marks.add("t", Duration.ofHours(1).toNanos());
        assertThat(marks.patienceNanos("t")).isEqualTo(Duration.ofSeconds(30).toNanos());
    }
}
