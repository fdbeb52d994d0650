package io.dray.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2), new Random(7));

    @Test
    void doublesUpToItsCapWithJitter() {
        for (long base : new long[] {100, 200, 400, 800, 1600, 2000, 2000}) {
            assertThat(backoff.next()).isBetween(Duration.ofMillis(base / 2), Duration.ofMillis(base));
        }
    }

    @Test
    void startsOverAfterASuccess() {
        for (int i = 0; i < 10; i++) {
            backoff.next();
        }

        backoff.reset();

        assertThat(backoff.next()).isLessThanOrEqualTo(Duration.ofMillis(100));
    }

    @Test
    void refusesWaitsThatMakeNoSense() {
        assertThatThrownBy(() -> new Backoff(Duration.ZERO, Duration.ofSeconds(1), new Random(1)))
                .hasMessageContaining("0 < initial <= cap");
    }
}
