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

        windows.onDone(1, TO, 1, 1);
        assertThat(windows.offer(1, TO, 1)).isEqualTo(Verdict.DONE);
        assertThat(windows.offer(2, TO, 1)).isEqualTo(Verdict.NEW);
    }

    @Test
    void takesARunOnlyIfAllOfItIsNew() {
        assertThat(windows.offerNew(1, TO, 1, 3)).isTrue();
        assertThat(windows.offerNew(1, TO, 3, 3)).isFalse();

        assertThat(windows.offer(1, TO, 3)).isEqualTo(Verdict.IN_PROGRESS);
        assertThat(windows.offer(1, TO, 4)).isEqualTo(Verdict.NEW);
        windows.onDone(1, TO, 2, 2);
        assertThat(windows.offer(1, TO, 3)).isEqualTo(Verdict.DONE);
        assertThat(windows.offer(1, TO, 1)).isEqualTo(Verdict.IN_PROGRESS);
    }

    @Test
    void aPairThatAnotherOneInterruptsKeepsItsWindow() {
        Destination other = new Destination(Destination.AGENT, "c");
        for (long ordinal = 1; ordinal <= 1_000; ordinal++) {
            assertThat(windows.offer(1, TO, ordinal)).isEqualTo(Verdict.NEW);
            if (ordinal % 300 == 0) {
                windows.offer(1, other, ordinal);
            }
        }

        assertThat(windows.offer(1, new Destination(Destination.AGENT, "b"), 900))
                .isEqualTo(Verdict.IN_PROGRESS);
        assertThat(windows.size()).isEqualTo(2);
    }

    @Test
    void takesAgainWhatWasUndone() {
        windows.offer(1, TO, 1);

        windows.onUndone(1, TO, 1, 1);

        assertThat(windows.offer(1, TO, 1)).isEqualTo(Verdict.NEW);
    }
}
