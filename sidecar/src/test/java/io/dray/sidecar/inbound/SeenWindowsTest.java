package io.dray.sidecar.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.wire.SlidingWindow4096.Verdict;
import io.dray.sidecar.queue.Destination;
import org.junit.jupiter.api.Test;

class SeenWindowsTest {
    private static final Destination TO = new Destination(Destination.AGENT, "b");

    private final SeenWindows windows = new SeenWindows();

    @Test
    void keepsABoundedNumberOfWindowsHoweverManySessionsThereAre() {
        for (long session = 1; session <= SeenWindows.MAX_WINDOWS + 1_000; session++) {
            windows.offer(session, TO, 1);
        }

        assertThat(windows.size()).isEqualTo(16_384);
    }

    @Test
    void tellsNewRunningAndDoneApart() {
        assertThat(windows.offer(1, TO, 1)).isEqualTo(Verdict.NEW);
        assertThat(windows.offer(1, TO, 1)).isEqualTo(Verdict.IN_PROGRESS);

        windows.onDone(1, TO, 1);
        assertThat(windows.offer(1, TO, 1)).isEqualTo(Verdict.DONE);
        assertThat(windows.offer(2, TO, 1)).isEqualTo(Verdict.NEW);
    }

    @Test
    void takesAgainWhatWasUndone() {
        windows.offer(1, TO, 1);

        windows.onUndone(1, TO, 1);

        assertThat(windows.offer(1, TO, 1)).isEqualTo(Verdict.NEW);
    }
}
