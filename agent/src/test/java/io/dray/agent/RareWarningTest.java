package io.dray.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RareWarningTest {
    private final List<String> logged = new ArrayList<>();
    private long now = -1;
    private final RareWarning warning = new RareWarning(() -> now, logged::add);

    @Test
    void aFloodIsOneLineAMinuteThatCountsTheOthers() {
        for (int i = 0; i < 100; i++) {
            warning.warn("reply " + i + " was refused.");
        }
        now += TimeUnit.MINUTES.toNanos(1) - 1;
        warning.warn("too early.");
        now++;
        warning.warn("the next was refused.");
        now += TimeUnit.MINUTES.toNanos(2);
        warning.warn("one alone.");

        assertThat(logged)
                .containsExactly(
                        "reply 0 was refused.",
                        "the next was refused. (100 others since the last such warning)",
                        "one alone.");
    }
}
