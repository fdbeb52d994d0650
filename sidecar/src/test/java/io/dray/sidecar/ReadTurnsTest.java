package io.dray.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.testing.ManualLoop;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadTurnsTest {
    private static final long HALF = ReadTurns.TURN_BYTES / 2;

    private final ManualLoop loop = new ManualLoop();
    private final ReadTurns turns = new ReadTurns(loop);
    private final List<String> reading = new ArrayList<>();

    @Test
    void whoeverReadsAfterTheBytesOfATurnAreSpentWaitsForTheNextOneInOrder() {
        turns.spend(HALF);
        turns.readOn(() -> read("greedy"));
        assertThat(reading).containsExactly("greedy");

        turns.readOn(() -> read("greedy"));
        turns.readOn(() -> read("other"));
        turns.readOn(() -> read("third"));
        assertThat(reading).containsExactly("greedy");

        loop.runReady();
        assertThat(reading).containsExactly("greedy", "greedy", "other", "third");
    }

    @Test
    void whoeverSpendsNothingNeverWaits() {
        for (int i = 0; i < 10_000; i++) {
            turns.readOn(() -> reading.add("small"));
        }

        assertThat(reading).hasSize(10_000);
    }

    private void read(String who) {
        reading.add(who);
        turns.spend(HALF);
    }
}
