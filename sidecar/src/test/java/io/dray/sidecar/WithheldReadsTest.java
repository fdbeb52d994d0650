package io.dray.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.testing.ManualLoop;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WithheldReadsTest {
    private final ManualLoop loop = new ManualLoop();
    private boolean relaxed;
    private int requested;
    private int turns;
    private final WithheldReads reads = new WithheldReads(loop, () -> relaxed, count -> requested += count, this::turn);

    @Test
    void hasOneTimerHoweverMuchIsWithheldAndHoweverOftenSomebodyLooks() {
        for (int i = 0; i < 1_000; i++) {
            reads.withhold();
            reads.look();
        }
        assertThat(loop.scheduled()).isEqualTo(1);

        loop.advance(Duration.ofMillis(10));
        assertThat(loop.scheduled()).isEqualTo(1);
        assertThat(requested).isZero();
        assertThat(turns).isEqualTo(10);
    }

    @Test
    void asksForEachWithheldReadOnceThereIsRoom() {
        reads.withhold();
        reads.withhold();

        relaxed = true;
        loop.advance(Duration.ofMillis(1));
        loop.advance(Duration.ofMillis(10));

        assertThat(requested).isEqualTo(2);
        assertThat(loop.scheduled()).isZero();
    }

    @Test
    void asksForNothingOnceTheStreamHasEnded() {
        reads.withhold();

        reads.forget();
        relaxed = true;
        loop.advance(Duration.ofMillis(10));

        assertThat(requested).isZero();
        assertThat(loop.scheduled()).isZero();
    }

    private void turn() {
        turns++;
        reads.look();
    }
}
