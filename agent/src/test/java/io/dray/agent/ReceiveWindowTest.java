package io.dray.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.agent.v1.AttachRequest;
import io.dray.core.testing.SettableClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ReceiveWindowTest {
    private final SettableClock clock = new SettableClock();
    private final AtomicBoolean withhold = new AtomicBoolean();
    private final ReceiveWindow window = new ReceiveWindow(clock::nanoTime, withhold::get);
    private long granted;

    @Test
    void growsToFiveMillisecondsOfAFastConsumer() {
        granted = window.restart(1).getMessages();

        long taken = consume(200, 1_000);

        assertThat(granted - taken).isBetween(3_700L, 5_000L);
    }

    @Test
    void shrinksToItsMinimumForASlowConsumer() {
        granted = window.restart(1).getMessages();
        consume(200, 1_000);

        long taken = 200_000 + consume(6_000, 1);

        assertThat(granted - taken).isBetween((long) ReceiveWindow.MIN_MESSAGES / 2, 64L);
    }

    @Test
    void grantsNothingWhileTheOutboxIsFull() {
        granted = window.restart(1).getMessages();
        withhold.set(true);
        long before = granted;

        consume(10, 20);
        assertThat(granted).isEqualTo(before);
        withhold.set(false);
        consume(1, 1);

        assertThat(granted).isGreaterThan(before);
    }

    @Test
    void countsOnlyWhatTheNewStreamDelivered() {
        window.restart(1);
        var first = window.restart(2);

        assertThat(window.onTaken(1, 1_000, 1_000_000)).isFalse();
        assertThat(window.onTaken(2, first.getMessages(), 1)).isTrue();
    }

    /** Takes so many messages of 10 B in each millisecond; returns how many in all. */
    private long consume(int millis, int perMilli) {
        for (int i = 0; i < millis; i++) {
            clock.advance(Duration.ofMillis(1));
            window.onTaken(1, perMilli, 10L * perMilli);
            var frame = AttachRequest.newBuilder();
            if (window.moveTo(frame, 1_000) > 0) {
                assertThat(frame.getWindow().getMessages()).isGreaterThanOrEqualTo(granted);
                granted = frame.getWindow().getMessages();
            }
        }
        return (long) millis * perMilli;
    }
}
