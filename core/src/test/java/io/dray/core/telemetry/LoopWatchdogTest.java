package io.dray.core.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.testing.ManualLoop;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LoopWatchdogTest {
    private final ManualLoop loop = new ManualLoop();
    private final LoopWatchdog watchdog =
            new LoopWatchdog(Duration.ofMillis(100), Duration.ofMillis(50), loop.clock()::nanoTime);

    @Test
    void isQuietWhileTheLoopIsInTime() {
        watchdog.watch(loop);

        loop.advance(Duration.ofSeconds(10));

        assertThat(watchdog.stalls()).isZero();
    }

    @Test
    void countsAStallOnce() {
        watchdog.watch(loop);
        loop.execute(() -> loop.clock().advance(Duration.ofMillis(700)));

        loop.advance(Duration.ofSeconds(10));

        assertThat(watchdog.stalls()).isEqualTo(1);
        assertThat(watchdog.longest()).isEqualTo(Duration.ofMillis(600));
    }

    @Test
    void stopsWatching() {
        watchdog.watch(loop);

        watchdog.close();

        assertThat(loop.scheduled()).isZero();
    }
}
